#include "sqlite_ext/store/registry.h"

#include <algorithm>
#include <list>

namespace advisor::sqlite {

namespace {

constexpr std::size_t max_idle_stores = 16; // of files that no connection has open any more

struct Slot {
    std::string path;
    std::size_t connections = 0;
    std::unique_ptr<Store> store;
};

struct Registry {
    std::mutex mutex;
    std::unordered_map<sqlite3 *, Host *> hosts;
    std::list<Slot> slots; // the one used last in front
};

// Never destroyed: connections may still close while the process leaves, after all destructors have run.
union Immortal {
    Registry registry;
    Immortal() : registry() {}
    ~Immortal() {}
};

Registry &registry() {
    static Immortal immortal;
    return immortal.registry;
}

} // namespace

Host *find_host(sqlite3 *connection) {
    Registry &all = registry();
    const std::lock_guard lock(all.mutex);
    const auto found = all.hosts.find(connection);
    return found == all.hosts.end() ? nullptr : found->second;
}

void register_host(sqlite3 *connection, Host *host) {
    Registry &all = registry();
    const std::lock_guard lock(all.mutex);
    all.hosts[connection] = host;
}

void forget_host(sqlite3 *connection) {
    Registry &all = registry();
    const std::lock_guard lock(all.mutex);
    all.hosts.erase(connection);
}

Store &acquire_store(const std::string &path, RecordMode initial_mode, bool &created) {
    Registry &all = registry();
    const std::lock_guard lock(all.mutex);
    auto slot = path.empty() ? all.slots.end()
                             : std::find_if(all.slots.begin(), all.slots.end(),
                                            [&](const Slot &candidate) { return candidate.path == path; });
    created = slot == all.slots.end();
    if (created)
        slot = all.slots.insert(all.slots.begin(), Slot{path, 0, std::make_unique<Store>(initial_mode)});
    else
        all.slots.splice(all.slots.begin(), all.slots, slot);
    ++slot->connections;
    return *slot->store;
}

void release_store(Store &store) {
    Registry &all = registry();
    const std::lock_guard lock(all.mutex);
    const auto slot = std::find_if(all.slots.begin(), all.slots.end(),
                                   [&](const Slot &candidate) { return candidate.store.get() == &store; });
    if (slot == all.slots.end())
        return;
    --slot->connections;
    if (slot->connections == 0 && slot->path.empty()) {
        all.slots.erase(slot);
        return;
    }
    std::size_t idle = 0;
    for (auto candidate = all.slots.begin(); candidate != all.slots.end();)
        if (candidate->connections == 0 && ++idle > max_idle_stores)
            candidate = all.slots.erase(candidate);
        else
            ++candidate;
}

} // namespace advisor::sqlite
