// A plan as values: enough to say what it would cost if other numbers of rows came (recosting.h) and to
// compare it with other plans of the same statement.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace advisor::core {

enum class PlanNodeKind {
    seq_scan,
    index_scan,
    index_only_scan,
    bitmap_heap_scan, // with what lies below it, as one
    bitmap_index,
    other_scan, // a function, a list of values, a CTE …
    nested_loop,
    hash_join,
    merge_join,
    sort,
    materialize,
    memoize,
    group, // aggregates and DISTINCT
    limit,
    append,
    gather,
    filter, // of a subquery's rows
    pass,   // gives on the rows of its input
    other
};

// What a node is to its parent.
enum class NodeRole {
    input,
    once,    // run once for the whole statement; its cost is within its parent's
    repeated // run for each row; its cost is within that of its parent's expressions
};

// Why the estimate of a scan may be far off.
enum class Doubt {
    none,
    several_conditions,  // taken as independent
    default_selectivity, // no statistics say anything
    unknown_parameter    // a generic plan
};

struct ScanFacts {
    double fetched = 0; // rows that the index conditions select, before the filter; 0: not known
    double table_rows = 0;
    double table_pages = 0;
    double index_pages = 0;
    double correlation = 0; // of the index's order with that of the table
    double all_visible = 0; // share of the pages that an index-only scan need not read
    double loops = 1;       // that the planner has spread the reading of pages over
};

constexpr std::size_t no_node = std::numeric_limits<std::size_t>::max();

// Rows and costs are of one run of the node, as the planner gives them.
struct PlanNode {
    PlanNodeKind kind = PlanNodeKind::other;
    NodeRole role = NodeRole::input;
    std::size_t parent = no_node; // a position before its own
    std::string relation;         // of a scan: the name by which the statement knows it, different for each
    double rows = 1;
    double width = 0; // bytes of a row
    double startup_cost = 0;
    double total_cost = 0;
    ScanFacts scan;
    Doubt doubt = Doubt::none;
    bool filtered = false;       // conditions are checked on rows that were fetched or joined already
    bool partial = false;        // of a scan: each worker reads a part
    bool partial_result = false; // of a group: another one puts the parts together
    bool matches_only = false;   // of a join: asks whether there is a match (EXISTS, NOT EXISTS)
    bool unique_inner = false;   // of a join: one match at most for each row
    double divisor = 1;          // of a gather: how many times the rows of one worker there are
    std::optional<double> limit; // rows that are wanted, the skipped ones included
    // From recorded executions, sums over the samples; none where samples is 0.
    double samples = 0;
    double actual_rows = 0;
    double actual_loops = 0;
};

struct CostUnits {
    double seq_page = 1;
    double random_page = 4;
    double cpu_tuple = 0.01;
    double cpu_index_tuple = 0.005;
    double cpu_operator = 0.0025;
    double sort_memory = 4.0 * 1024 * 1024; // bytes
};

// Parents come before their children, the outer side of a join before the inner one.
struct CostedPlan {
    std::vector<PlanNode> nodes;
    CostUnits units;
};

} // namespace advisor::core
