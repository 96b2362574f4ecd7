// A hash table of sets that forgets: a full set loses one of its pairs.
#include "pg_ext/store/identities.h"

namespace advisor::pg::store {
namespace {

constexpr std::size_t share_of_block = 64;

std::uint64_t in_database(std::uint64_t key) {
    const std::uint64_t mixed = (key ^ MyDatabaseId * 0x9E3779B97F4A7C15ULL) * 0xBF58476D1CE4E5B9ULL;
    return mixed ^ (mixed >> 29);
}

IdentitySet &set_of(std::uint64_t mixed) {
    auto *sets = reinterpret_cast<IdentitySet *>(reinterpret_cast<char *>(block) + block->identities_at);
    return sets[mixed & (block->identity_sets - 1)];
}

} // namespace

std::uint32_t identity_sets_that_fit(std::size_t block_bytes) {
    std::uint32_t sets = 1;
    while (sets * 2 * sizeof(IdentitySet) <= block_bytes / share_of_block)
        sets *= 2;
    return sets;
}

std::int64_t find_identity(std::uint64_t key) {
    const std::uint64_t mixed = in_database(key);
    for (auto &pair : set_of(mixed).pairs) {
        const std::uint64_t id = pg_atomic_read_u64(&pair.id);
        if ((pg_atomic_read_u64(&pair.check) ^ id) == mixed)
            return static_cast<std::int64_t>(id);
    }
    return 0;
}

void forget_identity(std::uint64_t key) {
    const std::uint64_t mixed = in_database(key);
    for (auto &pair : set_of(mixed).pairs)
        if ((pg_atomic_read_u64(&pair.check) ^ pg_atomic_read_u64(&pair.id)) == mixed)
            pg_atomic_write_u64(&pair.check, 0);
}

void keep_identity(std::uint64_t key, std::int64_t id) {
    const std::uint64_t mixed = in_database(key);
    IdentitySet &set = set_of(mixed);
    auto *place = &set.pairs[mixed >> 62];
    for (auto &pair : set.pairs)
        if (pg_atomic_read_u64(&pair.id) == 0) {
            place = &pair;
            break;
        }
    pg_atomic_write_u64(&place->id, static_cast<std::uint64_t>(id));
    pg_atomic_write_u64(&place->check, static_cast<std::uint64_t>(id) ^ mixed);
}

} // namespace advisor::pg::store
