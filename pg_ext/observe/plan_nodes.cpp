// Two passes over the list of nodes: what each node did, and of which nodes that may be believed. A node that
// others stop early (LIMIT, semi-joins, merge joins, a cursor that is not read to its end) has not shown how
// many rows it would give.
#include "pg_ext/observe/plan_nodes.h"

#include "pg_ext/observe/node_kind.h"
#include "pg_ext/observe/plan_tree.h"

namespace advisor::pg::observe {
namespace {

using store::NodeKind;
using store::NodePlace;
using store::NodeRecord;

template <class Node>
const Node *as(const Plan *plan) {
    return reinterpret_cast<const Node *>(plan);
}
template <class State>
const State *as(const PlanState *state) {
    return reinterpret_cast<const State *>(state);
}

bool ran(const PlanState *state) {
    return state && state->instrument && state->instrument->nloops > 0;
}

// Takes all rows of its input before it gives its first: whoever stops it does not stop what is below.
bool drains_input(const PlanNode &node) {
    switch (nodeTag(node.plan)) {
    case T_Sort:
    case T_Hash:
    case T_BitmapHeapScan:
    case T_BitmapAnd:
    case T_BitmapOr: return true;
    case T_Agg: return as<Agg>(node.plan)->aggstrategy != AGG_SORTED;
    case T_SetOp: return as<SetOp>(node.plan)->strategy == SETOP_HASHED;
    default: return false;
    }
}

// The hash join does not read on when the hash table turns out to be empty.
bool found_empty_hash(const PlanState *join) {
    const PlanState *hash = join ? innerPlanState(join) : nullptr;
    return ran(hash) && hash->instrument->ntuples == 0;
}

// True when the parent may have stopped this child by itself.
bool is_cut(const PlanNode &parent, const PlanNode &child) {
    switch (nodeTag(parent.plan)) {
    case T_MergeJoin: return true;
    case T_Limit:
        return !parent.state || as<LimitState>(parent.state)->lstate != LIMIT_SUBPLANEOF ||
               !ran(parent.state) || parent.state->instrument->nloops > 1;
    case T_HashJoin: return child.place == NodePlace::outer && found_empty_hash(parent.state);
    case T_NestLoop: {
        const auto *join = as<Join>(parent.plan);
        if (child.place != NodePlace::inner)
            return false;
        return join->jointype == JOIN_SEMI || join->jointype == JOIN_ANTI ||
               (join->inner_unique && join->joinqual != NIL);
    }
    default: return false;
    }
}

// Of a subplan: EXISTS and IN stop at the first match, a CTE is read as far as its readers want.
bool is_cut_subplan(const PlanNode &root, const EState *estate) {
    if (!root.subplan)
        return true;
    switch (root.subplan->subLinkType) {
    case EXISTS_SUBLINK: return true;
    case ANY_SUBLINK:
    case ALL_SUBLINK: return !root.subplan->useHashTable;
    case CTE_SUBLINK: {
        if (root.subplan->setParam == NIL)
            return true;
        const Datum leader = estate->es_param_exec_vals[linitial_int(root.subplan->setParam)].value;
        const auto *scan = reinterpret_cast<const CteScanState *>(DatumGetPointer(leader));
        return !scan || !scan->eof_cte;
    }
    default: return false;
    }
}

double kilobytes(std::int64_t kb) {
    return static_cast<double>(kb) * 1024;
}

double sort_spill(const SortState *sort) {
    double bytes = 0;
    const auto add = [&](const TuplesortInstrumentation &sorted) {
        if (sorted.spaceType == SORT_SPACE_TYPE_DISK && sorted.sortMethod != SORT_TYPE_STILL_IN_PROGRESS)
            bytes += kilobytes(sorted.spaceUsed);
    };
    if (sort->sort_Done && sort->tuplesortstate) {
        TuplesortInstrumentation sorted;
        tuplesort_get_stats(static_cast<Tuplesortstate *>(sort->tuplesortstate), &sorted);
        add(sorted);
    }
    for (int i = 0; sort->shared_info && i < sort->shared_info->num_workers; ++i)
        add(sort->shared_info->sinstrument[i]);
    return bytes;
}

double incremental_spill(const IncrementalSortState *sort) {
    const auto disk = [](const IncrementalSortInfo &info) {
        return kilobytes(info.fullsortGroupInfo.totalDiskSpaceUsed +
                         info.prefixsortGroupInfo.totalDiskSpaceUsed);
    };
    double bytes = disk(sort->incsort_info);
    for (int i = 0; sort->shared_info && i < sort->shared_info->num_workers; ++i)
        bytes += disk(sort->shared_info->sinfo[i]);
    return bytes;
}

// The files are gone or empty by now: each batch but the first was written once, and none is bigger than the
// memory that the biggest took.
double hash_spill(const HashState *hash) {
    double bytes = 0;
    const auto add = [&](const HashInstrumentation &hashed) {
        if (hashed.nbatch > 1)
            bytes += static_cast<double>(hashed.space_peak) * (hashed.nbatch - 1);
    };
    if (hash->hinstrument)
        add(*hash->hinstrument);
    for (int i = 0; hash->shared_info && i < hash->shared_info->num_workers; ++i)
        add(hash->shared_info->hinstrument[i]);
    return bytes;
}

double aggregate_spill(const AggState *aggregate) {
    double bytes = kilobytes(static_cast<std::int64_t>(aggregate->hash_disk_used));
    for (int i = 0; aggregate->shared_info && i < aggregate->shared_info->num_workers; ++i)
        bytes += kilobytes(static_cast<std::int64_t>(aggregate->shared_info->sinstrument[i].hash_disk_used));
    return bytes;
}

// The store of rows itself knows only whether it is in memory.
double materialize_spill(const MaterialState *state) {
    if (!state->tuplestorestate || tuplestore_in_memory(state->tuplestorestate))
        return 0;
    return state->ss.ps.instrument->ntuples * state->ss.ps.plan->plan_width;
}

double spilled_bytes(const PlanState *state) {
    switch (nodeTag(state)) {
    case T_SortState: return sort_spill(as<SortState>(state));
    case T_IncrementalSortState: return incremental_spill(as<IncrementalSortState>(state));
    case T_HashState: return hash_spill(as<HashState>(state));
    case T_AggState: return aggregate_spill(as<AggState>(state));
    case T_MaterialState: return materialize_spill(as<MaterialState>(state));
    default: return 0;
    }
}

void set_estimates(const PlanNode &node, const PlannedStmt *statement, NodeRecord &record) {
    record = NodeRecord{};
    record.place = node.place;
    record.parent = node.parent;
    record.subplan = node.number;
    record.width = node.plan->plan_width;
    record.startup_cost = static_cast<float>(node.plan->startup_cost);
    record.total_cost = static_cast<float>(node.plan->total_cost);
    record.estimated_rows = node.plan->plan_rows;
    classify_node(node.plan, statement, record);
}

void set_counts(const PlanNode &node, bool stopped, NodeRecord &record) {
    Instrumentation *instrument = node.state ? node.state->instrument : nullptr;
    const bool has_run = instrument && instrument->nloops > 0;
    if (has_run)
        record.flags |= store::node_ran;
    if (stopped || !has_run) {
        record.stopped = 1;
        return;
    }
    record.samples = 1;
    record.rows = instrument->ntuples;
    record.loops = instrument->nloops;
    record.removed = instrument->nfiltered1;
    record.removed_by_more = instrument->nfiltered2;
    record.heap_fetches_or_spilled_bytes =
        record.kind == NodeKind::index_only_scan ? instrument->ntuples2 : spilled_bytes(node.state);
}

} // namespace

std::uint32_t collect_nodes(QueryDesc *query, bool complete, NodeRecord *target, std::uint32_t capacity) {
    static PlanTree tree;
    if (!query->estate || !list_nodes(query, tree) || tree.count > capacity)
        return 0;
    const bool instrumented = query->planstate && query->planstate->instrument;
    bool stopped[store::most_plan_nodes];
    for (std::uint32_t i = 0; i < tree.count; ++i)
        if (const PlanState *state = tree.nodes[i].state; state && state->instrument)
            InstrEndLoop(state->instrument);
    for (std::uint32_t i = 0; i < tree.count; ++i) {
        const PlanNode &node = tree.nodes[i];
        set_estimates(node, tree.statement, target[i]);
        if (!instrumented)
            continue;
        if (node.place == NodePlace::root)
            stopped[i] = !complete;
        else if (node.place >= NodePlace::init_plan)
            stopped[i] = is_cut_subplan(node, query->estate);
        else {
            const PlanNode &parent = tree.nodes[node.parent];
            stopped[i] = (stopped[node.parent] && !(drains_input(parent) && ran(parent.state))) ||
                         is_cut(parent, node);
        }
        set_counts(node, stopped[i], target[i]);
    }
    return tree.count;
}

void give_nodes(QueryDesc *query, const Activity &activity) {
    static store::NodeRecord nodes[store::most_plan_nodes];
    const store::Execution &execution = activity.execution;
    const std::uint32_t count = collect_nodes(query, execution.complete, nodes, store::most_plan_nodes);
    store::supply_nodes(execution.key, execution.planid, nodes, count);
}

} // namespace advisor::pg::observe
