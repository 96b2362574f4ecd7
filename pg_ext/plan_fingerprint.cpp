// One walk over the plan tree. Relations and indexes enter by OID.
#include "pg_ext/plan_fingerprint.h"

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
            mix(rt_fetch(number, range_table)->relid);
    }
    void node(const Plan *plan);
    void children(List *plans) {
        mix(static_cast<std::uint64_t>(list_length(plans)));
        ListCell *cell;
        foreach (cell, plans)
            node(static_cast<const Plan *>(lfirst(cell)));
    }
};

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
    walk.mix(index);
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
    case T_BitmapIndexScan: walk.mix(as<BitmapIndexScan>(plan)->indexid); break;
    case T_NestLoop:
    case T_MergeJoin:
    case T_HashJoin: walk.mix(as<Join>(plan)->jointype); break;
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
    mix(nodeTag(plan) + std::uint64_t{2});
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
