// A reset first voids what backends have pending, then empties the table: a flush that comes in between finds
// its slot void, one that came before is removed with the rest.
#include "pg_ext/store/reset.h"

#include "pg_ext/boundary.h"
#include "pg_ext/store/evictions.h"
#include "pg_ext/store/relation_writes.h"
#include "pg_ext/store/table.h"

namespace advisor::pg::store {
namespace {

// Two resets at a time must not share a place or a number; any partition's lock serves.
void remember(std::int64_t queryid) {
    LWLockAcquire(lock_of(0), LW_EXCLUSIVE);
    const std::uint32_t serial = pg_atomic_read_u32(&block->reset_serial) + 1;
    block->resets[serial % remembered_resets] = {queryid, serial};
    pg_write_barrier();
    pg_atomic_write_u32(&block->reset_serial, serial);
    LWLockRelease(lock_of(0));
}

void forget_plain(const std::int64_t *queryid) {
    if (queryid)
        remember(*queryid);
    else
        pg_atomic_fetch_add_u32(&block->generation, 1);
    remove_all(queryid);
    if (!queryid) {
        forget_writes();
        forget_evictions();
        pg_atomic_write_u32(&block->holds_constants, 0);
        block->recording_since = GetCurrentTimestamp();
    }
}

} // namespace

void forget(std::optional<std::int64_t> queryid) {
    const std::int64_t *one = queryid ? &*queryid : nullptr;
    pg_call([=] { forget_plain(one); });
}

} // namespace advisor::pg::store
