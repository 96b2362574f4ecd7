// What the store keeps of each node of a plan: the planner's estimates and, from sampled executions, counts.
// Readable without the catalog; the names that belong to it lie in the plan's description.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace advisor::pg::store {

struct StatementKey;

// Numbers of our own: the server's change with each version, and the save file outlives one.
enum class NodeKind : std::uint8_t {
    other = 0,
    result = 1,
    project_set = 2,
    modify_table = 3,
    append = 4,
    merge_append = 5,
    recursive_union = 6,
    bitmap_and = 7,
    bitmap_or = 8,
    nested_loop = 9,
    merge_join = 10,
    hash_join = 11,
    seq_scan = 12,
    sample_scan = 13,
    gather = 14,
    gather_merge = 15,
    index_scan = 16,
    index_only_scan = 17,
    bitmap_index_scan = 18,
    bitmap_heap_scan = 19,
    tid_scan = 20,
    tid_range_scan = 21,
    subquery_scan = 22,
    function_scan = 23,
    table_function_scan = 24,
    values_scan = 25,
    cte_scan = 26,
    named_tuplestore_scan = 27,
    work_table_scan = 28,
    foreign_scan = 29,
    custom_scan = 30,
    materialize = 31,
    memoize = 32,
    sort = 33,
    incremental_sort = 34,
    group = 35,
    aggregate = 36,
    window_aggregate = 37,
    unique = 38,
    hash = 39,
    set_op = 40,
    lock_rows = 41,
    limit = 42,
};

// How a node hangs at its parent.
enum class NodePlace : std::uint8_t { root, outer, inner, member, subquery, init_plan, sub_plan, loose };

enum class JoinVariant : std::uint8_t { inner, left, full, right, semi, anti, right_semi, right_anti };
enum class AggregateStrategy : std::uint8_t { plain, sorted, hashed, mixed };
enum class AggregateSplit : std::uint8_t { simple, partial, finalize };
enum class SetOperation : std::uint8_t { intersect, intersect_all, except, except_all };
enum class Modification : std::uint8_t { none, insert, update, remove, merge };

// Of NodeRecord::flags.
constexpr std::uint8_t node_parallel_aware = 1;
constexpr std::uint8_t node_async = 2;
constexpr std::uint8_t node_backward = 4;
constexpr std::uint8_t node_hashed = 8; // a set operation by a hash table
constexpr std::uint8_t node_ran = 16;   // in any sampled execution

constexpr std::uint16_t no_parent = 0xFFFF;

struct NodeRecord {
    NodeKind kind;
    std::uint8_t variant; // join, set operation, modification; of an aggregate strategy and split * 16
    std::uint8_t flags;
    NodePlace place;
    std::uint16_t parent;          // position
    std::uint16_t subplan;         // number by the server, from 1, in the root of a subplan; else 0
    std::uint32_t relation, index; // OIDs, for plans that have no description yet
    std::uint32_t samples;         // executions that the counts below are of
    std::uint32_t stopped;         // sampled ones that say nothing: stopped early or never run
    std::int32_t width;
    float startup_cost, total_cost;
    double estimated_rows;
    double rows, loops;                   // sums
    double removed, removed_by_more;      // by the filter or join filter; by a join's filter or a recheck
    double heap_fetches_or_spilled_bytes; // the former of an index-only scan
};
static_assert(sizeof(NodeRecord) == 88 && std::is_trivially_copyable_v<NodeRecord>);

constexpr std::uint32_t most_plan_nodes = 372; // within what a blob may hold

// Adds the counters to those that the store has of the plan; estimates are replaced. Dropped when the plan is
// not in the store or the lock is taken. Never waits.
void supply_nodes(const StatementKey &key, std::int64_t planid, const NodeRecord *nodes, std::uint32_t count);

} // namespace advisor::pg::store
