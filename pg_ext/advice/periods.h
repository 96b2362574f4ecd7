// What the recorder has of the statements on a table before and after a change of one of its indexes.
#pragma once
#include "core/verification/comparison.h"
#include "pg_ext/store/recorded.h"

#include <string>
#include <vector>

namespace advisor::pg {

struct IndexChange {
    std::vector<Oid> relations; // the table with its partitions
    std::vector<Oid> indexes;   // the index with those of the partitions, as far as they exist
    std::string schema, name;   // of the index, quoted where SQL needs it
    TimestampTz since = 0;      // where "before" begins, if enough has run from there on
    TimestampTz changed = 0;    // where it ends …
    TimestampTz settled = 0;    // … and "after" begins
    TimestampTz until = 0;      // where "after" ends
    bool exact = true;          // time slices were cut at the change
};

struct PlanShare {
    std::int64_t planid = 0;
    double calls = 0;
};

// Executions of one statement, over its plans.
struct Period {
    core::Executions executions;
    double p95_ms = 0;
    double rows = 0, blocks = 0, wal_bytes = 0;
    std::vector<PlanShare> plans;     // the most frequent first
    double index_calls = 0;           // with plans that read the index
    std::optional<double> found_rows; // of an execution: what its scans and joins came to, where it is known
};

struct StatementPeriods {
    std::int64_t queryid = 0;
    bool writes = false;  // to the table
    bool inserts = false; // rows into it, so that each of its indexes takes them in
    Period before, after;
};

struct PeriodsAround {
    std::vector<StatementPeriods> statements; // on the table
    core::Drift drift;                        // of those that the change could not concern
};

PeriodsAround periods_around(const IndexChange &change);

// The histogram's buckets as the core wants them.
std::vector<double> latency_bounds();

} // namespace advisor::pg
