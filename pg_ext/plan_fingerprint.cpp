// One walk over the plan tree. What enters lasts: names instead of OIDs, numbers of our own for node types.
#include "pg_ext/plan_fingerprint.h"

#include "pg_ext/compat.h"
#include "pg_ext/relation_names.h"

#include <array>

namespace advisor::pg {
namespace {

// Hashes go from call to call in a register.
using Hash = std::uint64_t;

Hash mixed(Hash hash, std::uint64_t value) {
    hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
    return hash ^ hash >> 32;
}

// The server numbers node types anew in each major version. Types are only ever added at the end here.
constexpr NodeTag node_types[] = {T_Result,
                                  T_ProjectSet,
                                  T_ModifyTable,
                                  T_Append,
                                  T_MergeAppend,
                                  T_RecursiveUnion,
                                  T_BitmapAnd,
                                  T_BitmapOr,
                                  T_SeqScan,
                                  T_SampleScan,
                                  T_IndexScan,
                                  T_IndexOnlyScan,
                                  T_BitmapIndexScan,
                                  T_BitmapHeapScan,
                                  T_TidScan,
                                  T_TidRangeScan,
                                  T_SubqueryScan,
                                  T_FunctionScan,
                                  T_ValuesScan,
                                  T_TableFuncScan,
                                  T_CteScan,
                                  T_NamedTuplestoreScan,
                                  T_WorkTableScan,
                                  T_ForeignScan,
                                  T_CustomScan,
                                  T_NestLoop,
                                  T_MergeJoin,
                                  T_HashJoin,
                                  T_Material,
                                  T_Memoize,
                                  T_Sort,
                                  T_IncrementalSort,
                                  T_Group,
                                  T_Agg,
                                  T_WindowAgg,
                                  T_Unique,
                                  T_Gather,
                                  T_GatherMerge,
                                  T_Hash,
                                  T_SetOp,
                                  T_LockRows,
                                  T_Limit};

constexpr std::size_t highest_type = [] {
    std::size_t highest = 0;
    for (const NodeTag type : node_types)
        if (type > highest)
            highest = type;
    return highest;
}();

constexpr bool scans_relation(NodeTag type) {
    switch (type) {
    case T_SeqScan:
    case T_SampleScan:
    case T_IndexScan:
    case T_IndexOnlyScan:
    case T_BitmapIndexScan:
    case T_BitmapHeapScan:
    case T_TidScan:
    case T_TidRangeScan:
    case T_ForeignScan:
    case T_CustomScan: return true;
    default: return false;
    }
}

constexpr std::uint8_t scan_bit = 0x80;

// From 2, since 1 is an absent child, with the bit above; 0: unknown.
constexpr auto lasting_types = [] {
    std::array<std::uint8_t, highest_type + 1> types{};
    std::uint8_t number = 2;
    for (const NodeTag type : node_types)
        types[type] = static_cast<std::uint8_t>(number++ | (scans_relation(type) ? scan_bit : 0));
    return types;
}();
static_assert(std::size(node_types) + 2 < scan_bit);

std::uint64_t lasting_type(const Plan *plan) {
    const auto type = static_cast<std::size_t>(nodeTag(plan));
    return type <= highest_type ? std::uint64_t{lasting_types[type]} : 0;
}

// 18 put one before the right anti join that 16 brought.
std::uint64_t lasting_join_type(JoinType type) {
    constexpr bool renumbered = server_major_version >= 18;
    return static_cast<std::uint64_t>(type) + (!renumbered && type > JOIN_ANTI);
}

template <class Node>
const Node *as(const Plan *plan) {
    return reinterpret_cast<const Node *>(plan);
}

std::uint64_t lasting_relation(Index number, const List *range_table) {
    return number > 0 ? lasting_number(rt_fetch(number, range_table)->relid) : 0;
}

Hash with_node(Hash hash, const Plan *plan, List *range_table);

Hash with_children(Hash hash, const List *plans, List *range_table) {
    hash = mixed(hash, static_cast<std::uint64_t>(list_length(plans)));
    ListCell *cell;
    foreach (cell, plans)
        hash = with_node(hash, static_cast<const Plan *>(lfirst(cell)), range_table);
    return hash;
}

Hash with_child(Hash hash, const Plan *plan, List *range_table) {
    return plan ? with_node(hash, plan, range_table) : mixed(hash, 1);
}

Hash with_sort_keys(Hash hash, const Sort *sort) {
    for (int i = 0; i < sort->numCols; ++i)
        hash = mixed(hash, static_cast<std::uint64_t>(sort->sortColIdx[i]));
    return hash;
}

Hash with_modified(Hash hash, const ModifyTable *modify, const List *range_table) {
    hash = mixed(hash, modify->operation);
    ListCell *cell;
    foreach (cell, modify->resultRelations)
        hash = mixed(hash, lasting_relation(static_cast<Index>(lfirst_int(cell)), range_table));
    return hash;
}

Hash with_index(Hash hash, Oid index, ScanDirection direction) {
    return mixed(hash, lasting_number(index) + static_cast<std::uint64_t>(direction + 1));
}

// What a node says beyond its type and its two usual children.
Hash with_details(Hash hash, const Plan *plan, List *range_table) {
    switch (nodeTag(plan)) {
    case T_IndexScan:
        return with_index(hash, as<IndexScan>(plan)->indexid, as<IndexScan>(plan)->indexorderdir);
    case T_IndexOnlyScan:
        return with_index(hash, as<IndexOnlyScan>(plan)->indexid, as<IndexOnlyScan>(plan)->indexorderdir);
    case T_BitmapIndexScan: return mixed(hash, lasting_number(as<BitmapIndexScan>(plan)->indexid));
    case T_NestLoop:
    case T_MergeJoin:
    case T_HashJoin: return hash + lasting_join_type(as<Join>(plan)->jointype);
    case T_Agg:
        return hash + as<Agg>(plan)->aggstrategy + (static_cast<std::uint64_t>(as<Agg>(plan)->aggsplit) << 8);
    case T_Sort: return with_sort_keys(hash, as<Sort>(plan));
    case T_IncrementalSort: return with_sort_keys(hash, &as<IncrementalSort>(plan)->sort);
    case T_SetOp:
        return hash + as<SetOp>(plan)->cmd + (static_cast<std::uint64_t>(as<SetOp>(plan)->strategy) << 8);
    case T_ModifyTable: return with_modified(hash, as<ModifyTable>(plan), range_table);
    case T_Append: return with_children(hash, as<Append>(plan)->appendplans, range_table);
    case T_MergeAppend: return with_children(hash, as<MergeAppend>(plan)->mergeplans, range_table);
    case T_BitmapAnd: return with_children(hash, as<BitmapAnd>(plan)->bitmapplans, range_table);
    case T_BitmapOr: return with_children(hash, as<BitmapOr>(plan)->bitmapplans, range_table);
    case T_SubqueryScan: return with_node(hash, as<SubqueryScan>(plan)->subplan, range_table);
    case T_CustomScan: return with_children(hash, as<CustomScan>(plan)->custom_plans, range_table);
    default: return hash;
    }
}

Hash with_node(Hash hash, const Plan *plan, List *range_table) {
    std::uint64_t value = lasting_type(plan);
    if (value & scan_bit)
        value ^= lasting_relation(as<Scan>(plan)->scanrelid, range_table);
    hash = with_details(mixed(hash, value), plan, range_table);
    if (plan->lefttree || plan->righttree) {
        hash = with_child(hash, plan->lefttree, range_table);
        hash = with_child(hash, plan->righttree, range_table);
    }
    return hash;
}

} // namespace

std::int64_t plan_fingerprint(const PlannedStmt *statement) {
    Hash hash = with_node(0xCBF29CE484222325ULL, statement->planTree, statement->rtable);
    ListCell *cell;
    foreach (cell, statement->subplans)
        hash = with_child(hash, static_cast<const Plan *>(lfirst(cell)), statement->rtable);
    return static_cast<std::int64_t>(hash ? hash : 1);
}

} // namespace advisor::pg
