// A list in the order of time; when it is full the second oldest goes.
#include "pg_ext/store/xid_marks.h"

namespace advisor::pg::store {
namespace {

constexpr std::int64_t between_marks = std::int64_t{12} * 3600 * 1000000;

bool is_due(TimestampTz now) {
    return block->xid_mark_count == 0 ||
           now - block->xid_marks[block->xid_mark_count - 1].time >= between_marks;
}

} // namespace

void note_xid_mark() {
    const TimestampTz now = GetCurrentTimestamp();
    LWLock *lock = &block->writes_lock.lock;
    if (RecoveryInProgress() || !is_due(now))
        return;
    const XidMark mark{now, U64FromFullTransactionId(ReadNextFullTransactionId())};
    if (!LWLockConditionalAcquire(lock, LW_EXCLUSIVE))
        return;
    if (is_due(now)) {
        if (block->xid_mark_count == most_xid_marks)
            std::memmove(&block->xid_marks[1], &block->xid_marks[2],
                         sizeof(XidMark) * (--block->xid_mark_count - 1));
        block->xid_marks[block->xid_mark_count++] = mark;
    }
    LWLockRelease(lock);
}

std::uint32_t read_xid_marks(XidMark *target) {
    LWLockAcquire(&block->writes_lock.lock, LW_SHARED);
    const std::uint32_t count = block->xid_mark_count;
    std::memcpy(target, block->xid_marks, sizeof(XidMark) * count);
    LWLockRelease(&block->writes_lock.lock);
    return count;
}

} // namespace advisor::pg::store
