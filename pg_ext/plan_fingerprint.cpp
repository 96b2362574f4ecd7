// One walk over the plan tree. What enters lasts: names instead of OIDs, numbers of our own for node types.
#include "pg_ext/plan_fingerprint.h"

#include "pg_ext/compat.h"
#include "pg_ext/relation_names.h"

#include <array>

namespace advisor::pg {
namespace {

struct Walk {
    std::uint64_t hash;
    List *range_table;

    void mix(std::uint64_t value) {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
        hash ^= hash >> 32;
    }
    void mix_relation(Index number) {
        if (number > 0)
            mix(lasting_number(rt_fetch(number, range_table)->relid));
    }
    void node(const Plan *plan);
    void children(List *plans) {
        mix(static_cast<std::uint64_t>(list_length(plans)));
        ListCell *cell;
        foreach (cell, plans)
            node(static_cast<const Plan *>(lfirst(cell)));
    }
};

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

constexpr auto lasting_types = [] {
    std::array<std::uint8_t, highest_type + 1> numbers{};
    std::uint8_t number = 1;
    for (const NodeTag type : node_types)
        numbers[type] = number++;
    return numbers;
}();

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

void mix_sort_keys(Walk &walk, const Sort *sort) {
    for (int i = 0; i < sort->numCols; ++i)
        walk.mix(static_cast<std::uint64_t>(sort->sortColIdx[i]));
}

void mix_modified(Walk &walk, const ModifyTable *modify) {
    walk.mix(modify->operation);
    ListCell *cell;
    foreach (cell, modify->resultRelations)
        walk.mix_relation(static_cast<Index>(lfirst_int(cell)));
}

void mix_index(Walk &walk, Oid index, ScanDirection direction) {
    walk.mix(lasting_number(index));
    walk.mix(static_cast<std::uint64_t>(direction + 1));
}

// What a node says beyond its type and its two usual children.
void mix_details(Walk &walk, const Plan *plan) {
    switch (nodeTag(plan)) {
    case T_IndexScan:
        mix_index(walk, as<IndexScan>(plan)->indexid, as<IndexScan>(plan)->indexorderdir);
        break;
    case T_IndexOnlyScan:
        mix_index(walk, as<IndexOnlyScan>(plan)->indexid, as<IndexOnlyScan>(plan)->indexorderdir);
        break;
    case T_BitmapIndexScan: walk.mix(lasting_number(as<BitmapIndexScan>(plan)->indexid)); break;
    case T_NestLoop:
    case T_MergeJoin:
    case T_HashJoin: walk.mix(lasting_join_type(as<Join>(plan)->jointype)); break;
    case T_Agg:
        walk.mix(as<Agg>(plan)->aggstrategy);
        walk.mix(as<Agg>(plan)->aggsplit);
        break;
    case T_Sort: mix_sort_keys(walk, as<Sort>(plan)); break;
    case T_IncrementalSort: mix_sort_keys(walk, &as<IncrementalSort>(plan)->sort); break;
    case T_SetOp:
        walk.mix(as<SetOp>(plan)->cmd);
        walk.mix(as<SetOp>(plan)->strategy);
        break;
    case T_ModifyTable: mix_modified(walk, as<ModifyTable>(plan)); break;
    case T_Append: walk.children(as<Append>(plan)->appendplans); break;
    case T_MergeAppend: walk.children(as<MergeAppend>(plan)->mergeplans); break;
    case T_BitmapAnd: walk.children(as<BitmapAnd>(plan)->bitmapplans); break;
    case T_BitmapOr: walk.children(as<BitmapOr>(plan)->bitmapplans); break;
    case T_SubqueryScan: walk.node(as<SubqueryScan>(plan)->subplan); break;
    case T_CustomScan: walk.children(as<CustomScan>(plan)->custom_plans); break;
    default: break;
    }
}

bool is_scan(const Plan *plan) {
    switch (nodeTag(plan)) {
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

void Walk::node(const Plan *plan) {
    if (!plan) {
        mix(1);
        return;
    }
    mix(lasting_type(plan) + 2);
    if (is_scan(plan))
        mix_relation(as<Scan>(plan)->scanrelid);
    mix_details(*this, plan);
    if (plan->lefttree || plan->righttree) {
        node(plan->lefttree);
        node(plan->righttree);
    }
}

} // namespace

std::int64_t plan_fingerprint(const PlannedStmt *statement) {
    Walk walk{0xCBF29CE484222325ULL, statement->rtable};
    walk.node(statement->planTree);
    ListCell *cell;
    foreach (cell, statement->subplans)
        walk.node(static_cast<const Plan *>(lfirst(cell)));
    return static_cast<std::int64_t>(walk.hash ? walk.hash : 1);
}

} // namespace advisor::pg
