// The databases in which somebody asks for advice, and when each was last analysed by a worker.
#include "pg_ext/store/advised_databases.h"

#include "pg_ext/boundary.h"

#include <algorithm>

namespace advisor::pg::store {
namespace {

LWLock *lock() {
    return &block->analysis_lock.lock;
}

AdvisedDatabase *find(Oid database) {
    for (AdvisedDatabase &advised : block->advised)
        if (advised.database == database)
            return &advised;
    return nullptr;
}

bool is_due(const AdvisedDatabase &advised, TimestampTz now, int interval_seconds) {
    return advised.database != InvalidOid &&
           TimestampDifferenceExceeds(advised.begun, now, interval_seconds * 1000);
}

} // namespace

void note_advised_database(Oid database) {
    if (!block)
        return;
    pg_call([] { LWLockAcquire(lock(), LW_EXCLUSIVE); });
    AdvisedDatabase *place = find(database);
    if (!place) {
        place =
            std::min_element(std::begin(block->advised), std::end(block->advised),
                             [](const auto &left, const auto &right) { return left.asked < right.asked; });
        *place = AdvisedDatabase{database, 0, 0};
    }
    if (place->begun == DT_NOEND)
        place->begun = 0;
    place->asked = GetCurrentTimestamp();
    LWLockRelease(lock());
}

std::vector<Oid> advised_databases() {
    std::vector<Oid> databases(most_advised_databases);
    pg_call([] { LWLockAcquire(lock(), LW_SHARED); });
    std::transform(std::begin(block->advised), std::end(block->advised), databases.begin(),
                   [](const AdvisedDatabase &advised) { return advised.database; });
    LWLockRelease(lock());
    std::erase(databases, InvalidOid);
    return databases;
}

Oid take_due_database(TimestampTz now, int interval_seconds) {
    LWLockAcquire(lock(), LW_EXCLUSIVE);
    AdvisedDatabase *next = nullptr;
    for (AdvisedDatabase &advised : block->advised)
        if (is_due(advised, now, interval_seconds) && (!next || advised.begun < next->begun))
            next = &advised;
    const Oid database = next ? next->database : InvalidOid;
    if (next)
        next->begun = DT_NOEND;
    LWLockRelease(lock());
    return database;
}

void note_analysis_begun(Oid database, TimestampTz now) {
    LWLockAcquire(lock(), LW_EXCLUSIVE);
    if (AdvisedDatabase *advised = find(database))
        advised->begun = now;
    LWLockRelease(lock());
}

void forget_advised_database(Oid database) {
    LWLockAcquire(lock(), LW_EXCLUSIVE);
    if (AdvisedDatabase *advised = find(database))
        *advised = AdvisedDatabase{};
    LWLockRelease(lock());
}

} // namespace advisor::pg::store
