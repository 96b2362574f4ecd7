// One bit per relation, by its hash. Bits are set by whoever evicts and cleared by a reset only.
#include "pg_ext/store/evictions.h"

namespace advisor::pg::store {
namespace {

constexpr std::uint32_t bits_per_word = 32;

std::uint32_t bit_of(Oid database, Oid relation) {
    const std::uint64_t mixed = (std::uint64_t{database} << 32 | relation) * 0x9E3779B97F4A7C15ULL;
    return static_cast<std::uint32_t>(mixed >> 32) % (eviction_words * bits_per_word);
}

} // namespace

void note_eviction(const Statement &statement) {
    if (statement.utility)
        return;
    for (const Oid relation : statement.relations) {
        if (relation == InvalidOid)
            break;
        const std::uint32_t bit = bit_of(statement.key.database, relation);
        pg_atomic_fetch_or_u32(&block->evicted_from[bit / bits_per_word], 1U << bit % bits_per_word);
    }
    if (statement.more_relations || statement.relations[0] == InvalidOid)
        pg_atomic_fetch_add_u64(&block->evicted_untraced, 1);
}

bool was_evicted_from(Oid database, Oid relation) {
    const std::uint32_t bit = bit_of(database, relation);
    return (pg_atomic_read_u32(&block->evicted_from[bit / bits_per_word]) & 1U << bit % bits_per_word) != 0;
}

std::uint64_t lost_without_trace() {
    return pg_atomic_read_u64(&block->evicted_untraced) + pg_atomic_read_u64(&block->lost);
}

void forget_evictions() {
    for (pg_atomic_uint32 &word : block->evicted_from)
        pg_atomic_write_u32(&word, 0);
    pg_atomic_write_u64(&block->evicted_untraced, 0);
}

} // namespace advisor::pg::store
