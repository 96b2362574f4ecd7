// The recording side of the store: executions go into slots of this backend and from there, without waiting,
// into the table. Nothing here raises or allocates.
#pragma once
#include "pg_ext/store/layout.h"

namespace advisor::pg::store {

// Blocks and bytes, of which the server keeps running totals.
struct Usage {
    std::int64_t shared_hit, shared_read, shared_dirtied, shared_written;
    std::int64_t local_hit, local_read, temp_read, temp_written;
    std::int64_t wal_bytes;
};

// One finished (or failed) execution. Times in milliseconds.
struct Execution {
    StatementKey key;
    std::int64_t planid;
    std::uint64_t server_queryid;
    std::int64_t nested_in;
    bool utility;
    bool failed, cancelled;
    bool generic, custom;
    bool complete; // run to the end: rows is what the plan really gave
    double elapsed, self, planning, jit;
    double estimated_cost, estimated_rows;
    std::int64_t rows;
    std::int64_t workers_planned, workers_launched;
    Usage usage;
};

// What the store still lacks and the caller can give now.
struct Wanted {
    bool text;      // display text: at first sight
    bool example;   // re-plannable text and values: at second sight, once
    bool plan_text; // the same for the plan
};

// now: nanoseconds of a monotonic clock.
Wanted add_execution(const Execution &execution, std::uint64_t now);

// Gifts after add_execution; each is dropped when another backend was faster or the lock is taken.
void supply_text(const StatementKey &key, const char *text, std::size_t bytes,
                 std::size_t bytes_before_clipping, int encoding);
void supply_example(const StatementKey &key, const char *encoded, std::size_t bytes);
void supply_plan_text(const StatementKey &key, std::int64_t planid, const char *text, std::size_t bytes);

// Void because of a reset after the slot was opened.
bool slot_is_void(const Slot &slot);

// Moves this backend's slots into the table as far as no lock is in the way.
void flush_pending();

} // namespace advisor::pg::store
