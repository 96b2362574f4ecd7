// The recording side of the store: executions go into slots of this backend and from there, without waiting,
// into the table. Nothing here raises or allocates.
#pragma once
#include "pg_ext/store/layout.h"

namespace advisor::pg::store {

// Where a backend keeps the pending counters of a statement with one plan. A hint: the slot may have gone to
// another since, which the tag tells.
struct Place {
    std::uint64_t tag;
    std::uint32_t slot;
};

Place place_of(const StatementKey &key, std::int64_t planid);

// One finished (or failed) execution. Times in ticks.
struct Execution {
    StatementKey key;
    std::int64_t planid;
    Place place;
    std::int64_t nested_in;
    const PlannedStmt *plan; // while it runs, else null; null for a utility statement
    std::uint64_t server_queryid;
    bool utility, integrity;
    bool failed, cancelled;
    bool generic, custom;
    bool complete; // run to the end: rows is what the plan really gave
    bool sampled;  // instrumented
    std::uint64_t total, self, planning;
    std::int64_t rows;
    Usage usage;
    bool rare; // the next are set
    double jit_ms;
    std::int64_t workers_planned, workers_launched;
};

// What the store still lacks and the caller can give now.
struct Wanted {
    bool text;        // display text: at first sight
    bool example;     // re-plannable text and values: at second sight, and when picked again
    bool slowest;     // the same, of an execution slower than any before
    bool description; // of the plan: at second sight
    bool sample;      // node counters of an instrumented execution
    bool values;      // parameter values and tags: of the first samples and of some later ones
    bool any() const { return text || example || slowest || description || sample; }
};

// At the start of an execution: whether it is to be instrumented. The first executions of a plan in the
// cluster are, then one in many.
bool wants_sample(Place &place, const StatementKey &key, std::int64_t planid);

// now: ticks.
Wanted add_execution(const Execution &execution, std::uint64_t now);

// Void because of a reset after the slot was opened.
bool slot_is_void(const Slot &slot);

// Moves this backend's slots into the table as far as no lock is in the way. True: all of them.
bool flush_pending();

} // namespace advisor::pg::store
