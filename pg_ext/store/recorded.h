// What the store hands out to readers: plain values, copied out of shared memory.
#pragma once
#include "pg_ext/pg.h"
#include "pg_ext/store/plan_nodes.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace advisor::pg {

// Of blocks, in the order in which the server counts them.
enum BlockCount : unsigned {
    shared_hit,
    shared_read,
    shared_dirtied,
    shared_written,
    local_hit,
    local_read,
    local_dirtied,
    local_written,
    temp_read,
    temp_written,
    block_counts
};

struct Usage {
    std::int64_t blocks[block_counts] = {};
    std::int64_t wal_bytes = 0;
};

// Two counts at a time: this runs several times in each execution.
using CountPair = std::int64_t __attribute__((vector_size(16), aligned(8), may_alias));
constexpr unsigned block_pairs = block_counts / 2;

inline CountPair *pairs_of(std::int64_t *counts) {
    return reinterpret_cast<CountPair *>(counts);
}
inline const CountPair *pairs_of(const std::int64_t *counts) {
    return reinterpret_cast<const CountPair *>(counts);
}

// Unrolled: the loop would be as long as its body.
template <class Combine>
inline void combine_pairs(CountPair *to, const CountPair *from, Combine combine) {
    static_assert(block_pairs == 5);
    combine(to[0], from[0]);
    combine(to[1], from[1]);
    combine(to[2], from[2]);
    combine(to[3], from[3]);
    combine(to[4], from[4]);
}

inline std::int64_t touched_blocks(const Usage &usage) {
    return usage.blocks[shared_hit] + usage.blocks[shared_read] + usage.blocks[local_hit] +
           usage.blocks[local_read];
}

inline void add_usage(Usage &to, const Usage &from) {
    combine_pairs(pairs_of(to.blocks), pairs_of(from.blocks),
                  [](CountPair &sum, const CountPair &more) { sum += more; });
    to.wal_bytes += from.wal_bytes;
}

struct Counters {
    std::int64_t calls = 0;
    double total_ms = 0, self_ms = 0, min_ms = 0, max_ms = 0, sum_squares_ms = 0; // execution
    double plan_ms = 0;
    std::int64_t rows = 0;
    std::int64_t failed = 0, generic_plans = 0, custom_plans = 0;
    Usage usage;
    TimestampTz first_seen = 0, last_seen = 0;
    std::int64_t cancelled = 0; // of the failed ones: by a user's request or a timeout
    double failed_ms = 0;       // that the failed ones took; not in the other times
    double jit_ms = 0;
    std::int64_t workers_planned = 0, workers_launched = 0;
    std::int64_t complete_runs = 0; // executions run to the end, and the rows that they gave in all
    double complete_rows = 0;
};

// Executions of one plan in a span of time.
struct RecordedSlice {
    enum class Span { hour, day, ever } span = Span::hour;
    bool after_change = false; // it begins where an index or table of the statement was changed
    TimestampTz from = 0;
    std::int64_t calls = 0;
    double total_ms = 0, sum_squares_ms = 0;
    std::int64_t rows = 0;
    std::int64_t blocks = 0; // touched, in whatever buffers
    std::int64_t wal_bytes = 0;
    std::vector<std::uint64_t> histogram; // of latencies: store/latency.h
};

struct RecordedPlan {
    std::int64_t planid = 0;
    Counters counters;
    double estimated_cost = 0;            // planner's total cost when last planned
    double estimated_rows = 0;            // of the root node
    double actual_rows = -1;              // of the root node, mean of executions run to the end; -1: unknown
    std::string description;              // of its nodes, for plan_text.h; empty: only seen once so far
    std::vector<store::NodeRecord> nodes; // in pre-order; none of a very big plan
    std::vector<RecordedSlice> slices;    // newest first
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
    std::string query;                      // display text, in the encoding of the reader's database
    std::size_t query_bytes = 0;            // before clipping
    bool integrity = false;                 // run by a referential integrity trigger
    std::optional<RecordedExample> example; // picked by time
    std::optional<RecordedExample> slowest; // of the slowest execution; absent: the same
    std::map<std::string, std::vector<std::string>> tags; // store/tags.h
    std::string positions;                                // encoded: store/parameters.h
    int encoding = 0;                                     // of the values in them
    std::vector<Oid> relations; // that it reads or writes; not all when there are many
    Counters counters;          // over all plans
    std::vector<RecordedPlan> plans;
};

// Over all plans and slices; empty when there was no room for any slice.
std::vector<std::uint64_t> latency_histogram(const RecordedStatement &statement);

// All statements of one database (InvalidOid: of all), pending counters of every backend included. Waits for
// nobody; an entry that is locked at that moment by a writer is retried. No rights are applied here.
std::vector<RecordedStatement> read_statements(Oid database);

} // namespace advisor::pg
