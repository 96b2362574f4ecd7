// What a recorder hands over after add_execution, piece by piece. Each gift is dropped when another backend
// was faster or the lock is taken; the next execution offers it again. Nothing here raises or waits.
#pragma once
#include "pg_ext/store/layout.h"

namespace advisor::pg::store {

// The statement of a key while its partition is locked; null when it is not there or the lock was taken.
class LockedStatement {
public:
    // With room for that many chunks, as far as eviction can make it.
    LockedStatement(const StatementKey &key, std::uint32_t chunks) noexcept;
    LockedStatement(const LockedStatement &) = delete;
    LockedStatement &operator=(const LockedStatement &) = delete;
    ~LockedStatement();

    Statement *operator->() const noexcept { return statement_; }
    Statement &operator*() const noexcept { return *statement_; }
    explicit operator bool() const noexcept { return statement_ != nullptr; }

private:
    LWLock *lock_;
    Statement *statement_ = nullptr;
};

void supply_text(const StatementKey &key, const char *text, std::size_t bytes,
                 std::size_t bytes_before_clipping, int encoding);

// A blob of a statement; replaces what is there. Without bytes it is only noted that it was tried.
void supply(const StatementKey &key, StatementBlob which, const char *bytes, std::size_t length);
void supply_slowest(const StatementKey &key, double milliseconds, const char *bytes, std::size_t length);

// A blob of a plan; kept as it is when there is one.
void supply(const StatementKey &key, std::int64_t planid, PlanBlob which, const char *bytes,
            std::size_t length);

} // namespace advisor::pg::store
