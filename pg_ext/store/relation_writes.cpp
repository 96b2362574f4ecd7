// A hash table of fixed size with open addressing; entries stay until a reset.
#include "pg_ext/store/relation_writes.h"

namespace advisor::pg::store {
namespace {

constexpr std::uint32_t most_probes = 16;

std::uint32_t place_of(Oid relation, std::uint32_t probe) {
    return (relation * 2654435761U + probe) % most_written_relations;
}

} // namespace

bool knows_writes_of(Oid relation) {
    for (std::uint32_t probe = 0; probe < most_probes; ++probe) {
        const RelationWrites &entry = block->writes[place_of(relation, probe)];
        if (entry.relation == relation && entry.database == MyDatabaseId)
            return true;
        if (entry.relation == InvalidOid)
            return false;
    }
    return true; // no room: not tried again
}

void note_writes(const RelationWrites &writes) {
    LWLock *lock = &block->writes_lock.lock;
    if (!LWLockConditionalAcquire(lock, LW_EXCLUSIVE))
        return;
    if (!knows_writes_of(writes.relation))
        for (std::uint32_t probe = 0; probe < most_probes; ++probe) {
            RelationWrites &entry = block->writes[place_of(writes.relation, probe)];
            if (entry.relation != InvalidOid)
                continue;
            const Oid relation = writes.relation;
            entry = writes;
            entry.relation = InvalidOid;
            pg_write_barrier(); // whoever reads the name reads the rest
            entry.relation = relation;
            break;
        }
    LWLockRelease(lock);
}

std::uint32_t read_writes(RelationWrites *target) {
    std::uint32_t count = 0;
    LWLockAcquire(&block->writes_lock.lock, LW_SHARED);
    for (const RelationWrites &entry : block->writes)
        if (entry.relation != InvalidOid && entry.database == MyDatabaseId)
            target[count++] = entry;
    LWLockRelease(&block->writes_lock.lock);
    return count;
}

void forget_writes() {
    LWLockAcquire(&block->writes_lock.lock, LW_EXCLUSIVE);
    for (RelationWrites &entry : block->writes)
        entry = RelationWrites{};
    LWLockRelease(&block->writes_lock.lock);
}

} // namespace advisor::pg::store
