// One short critical section per gift.
#include "pg_ext/store/gifts.h"

#include "pg_ext/settings.h"
#include "pg_ext/store/pool.h"
#include "pg_ext/store/sight.h"
#include "pg_ext/store/table.h"

namespace advisor::pg::store {
LockedStatement::LockedStatement(const StatementKey &key, std::uint32_t chunks) noexcept {
    if (settings::capture_parameters == settings::capture_on)
        pg_atomic_write_u32(&block->holds_constants, 1);
    const std::uint32_t hash = hash_key(key);
    lock_ = lock_for_recording(hash, chunks);
    if (lock_)
        statement_ = find_statement(key, hash);
}

LockedStatement::~LockedStatement() {
    if (lock_)
        LWLockRelease(lock_);
}

void supply_text(const StatementKey &key, const char *text, std::size_t bytes,
                 std::size_t bytes_before_clipping, int encoding) {
    const LockedStatement statement(key, chunks_for(bytes));
    if (!statement || statement->blobs[text_blob].bytes > 0)
        return;
    statement->blobs[text_blob] = store_blob(text, bytes);
    statement->text_bytes = static_cast<std::uint32_t>(bytes_before_clipping);
    statement->encoding = encoding;
    if (bytes < bytes_before_clipping)
        pg_atomic_fetch_add_u64(&block->clipped, 1);
}

void supply(const StatementKey &key, StatementBlob which, const char *bytes, std::size_t length) {
    const LockedStatement statement(key, chunks_for(length));
    if (!statement)
        return;
    statement->tried |= 1U << which;
    replace_blob(statement->blobs[which], bytes, length);
}

void supply_slowest(const StatementKey &key, double milliseconds, const char *bytes, std::size_t length) {
    const LockedStatement statement(key, chunks_for(length));
    if (!statement || milliseconds <= statement->slowest_ms)
        return;
    statement->slowest_ms = milliseconds;
    replace_blob(statement->blobs[slowest_blob], bytes, length);
}

void supply(const StatementKey &key, std::int64_t planid, PlanBlob which, const char *bytes,
            std::size_t length) {
    const LockedStatement statement(key, chunks_for(length));
    Plan *plan = statement ? find_plan(*statement, planid) : nullptr;
    if (!plan || (plan->tried & 1U << which) != 0)
        return;
    plan->tried |= 1U << which;
    plan->blobs[which] = store_blob(bytes, length);
}

} // namespace advisor::pg::store
