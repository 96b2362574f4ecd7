// What the store hands out to readers: plain values, copied out of shared memory.
#pragma once
#include "pg_ext/pg.h"
#include "pg_ext/store/plan_nodes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace advisor::pg {

struct Counters {
    std::int64_t calls = 0;
    double total_ms = 0, self_ms = 0, min_ms = 0, max_ms = 0, sum_squares_ms = 0; // execution
    double plan_ms = 0;
    std::int64_t rows = 0;
    std::int64_t failed = 0, generic_plans = 0, custom_plans = 0;
    std::int64_t shared_hit = 0, shared_read = 0, shared_dirtied = 0, shared_written = 0;
    std::int64_t local_hit = 0, local_read = 0, temp_read = 0, temp_written = 0;
    std::int64_t wal_bytes = 0;
    TimestampTz first_seen = 0, last_seen = 0;
    std::int64_t cancelled = 0; // of the failed ones: by a user's request or a timeout
    double jit_ms = 0;
    std::int64_t workers_planned = 0, workers_launched = 0;
    std::int64_t complete_runs = 0; // executions run to the end, and the rows that they gave in all
    double complete_rows = 0;
};

struct RecordedPlan {
    std::int64_t planid = 0;
    Counters counters;
    double estimated_cost = 0;            // planner's total cost when last planned
    double estimated_rows = 0;            // of the root node
    double actual_rows = -1;              // of the root node, mean of executions run to the end; -1: unknown
    std::string description;              // of its nodes, for plan_text.h; empty: only seen once so far
    std::vector<store::NodeRecord> nodes; // in pre-order; none of a very big plan
};

// The text and surroundings with which a statement can be planned again.
struct RecordedExample {
    std::string text;                                         // with $n for every external parameter
    int parse_mode = 0;                                       // RawParseMode
    std::vector<Oid> parameter_types;                         // by number - 1; InvalidOid: unknown
    std::vector<std::optional<std::string>> parameter_values; // output text; nullopt: SQL null
    bool has_parameter_values = false;
    std::string search_path;
    bool row_security = true;
    std::string date_style, interval_style, time_zone;
    bool standard_conforming_strings = true;
};

struct RecordedStatement {
    std::int64_t queryid = 0;         // ours
    std::uint64_t server_queryid = 0; // the server's last one; 0: none
    Oid database = InvalidOid;
    Oid role = InvalidOid;
    std::int64_t nested_in = 0; // queryid of the statement that it last ran in; 0: none
    bool toplevel = true;
    bool utility = false;
    std::string query;           // display text, in the encoding of the reader's database
    std::size_t query_bytes = 0; // before clipping
    std::optional<RecordedExample> example;
    Counters counters; // over all plans
    std::vector<RecordedPlan> plans;
};

// All statements of one database (InvalidOid: of all), pending counters of every backend included. Waits for
// nobody; an entry that is locked at that moment by a writer is retried. No rights are applied here.
std::vector<RecordedStatement> read_statements(Oid database);

} // namespace advisor::pg
