// One switch over the node types. Plain frames; runs for each node of each sampled execution.
#include "pg_ext/observe/node_kind.h"

#include "pg_ext/compat.h"
#include "pg_ext/plan_walker.h"

namespace advisor::pg::observe {
namespace {

using store::NodeKind;
using store::NodeRecord;

template <class Node>
const Node *as(const Plan *plan) {
    return reinterpret_cast<const Node *>(plan);
}

NodeKind kind_of(const Plan *plan) {
    switch (nodeTag(plan)) {
    case T_Result: return NodeKind::result;
    case T_ProjectSet: return NodeKind::project_set;
    case T_ModifyTable: return NodeKind::modify_table;
    case T_Append: return NodeKind::append;
    case T_MergeAppend: return NodeKind::merge_append;
    case T_RecursiveUnion: return NodeKind::recursive_union;
    case T_BitmapAnd: return NodeKind::bitmap_and;
    case T_BitmapOr: return NodeKind::bitmap_or;
    case T_NestLoop: return NodeKind::nested_loop;
    case T_MergeJoin: return NodeKind::merge_join;
    case T_HashJoin: return NodeKind::hash_join;
    case T_SeqScan: return NodeKind::seq_scan;
    case T_SampleScan: return NodeKind::sample_scan;
    case T_Gather: return NodeKind::gather;
    case T_GatherMerge: return NodeKind::gather_merge;
    case T_IndexScan: return NodeKind::index_scan;
    case T_IndexOnlyScan: return NodeKind::index_only_scan;
    case T_BitmapIndexScan: return NodeKind::bitmap_index_scan;
    case T_BitmapHeapScan: return NodeKind::bitmap_heap_scan;
    case T_TidScan: return NodeKind::tid_scan;
    case T_TidRangeScan: return NodeKind::tid_range_scan;
    case T_SubqueryScan: return NodeKind::subquery_scan;
    case T_FunctionScan: return NodeKind::function_scan;
    case T_TableFuncScan: return NodeKind::table_function_scan;
    case T_ValuesScan: return NodeKind::values_scan;
    case T_CteScan: return NodeKind::cte_scan;
    case T_NamedTuplestoreScan: return NodeKind::named_tuplestore_scan;
    case T_WorkTableScan: return NodeKind::work_table_scan;
    case T_ForeignScan: return NodeKind::foreign_scan;
    case T_CustomScan: return NodeKind::custom_scan;
    case T_Material: return NodeKind::materialize;
    case T_Memoize: return NodeKind::memoize;
    case T_Sort: return NodeKind::sort;
    case T_IncrementalSort: return NodeKind::incremental_sort;
    case T_Group: return NodeKind::group;
    case T_Agg: return NodeKind::aggregate;
    case T_WindowAgg: return NodeKind::window_aggregate;
    case T_Unique: return NodeKind::unique;
    case T_Hash: return NodeKind::hash;
    case T_SetOp: return NodeKind::set_op;
    case T_LockRows: return NodeKind::lock_rows;
    case T_Limit: return NodeKind::limit;
    default: return NodeKind::other;
    }
}

store::JoinVariant join_variant(JoinType type) {
    switch (type) {
    case JOIN_LEFT: return store::JoinVariant::left;
    case JOIN_FULL: return store::JoinVariant::full;
    case JOIN_RIGHT: return store::JoinVariant::right;
    case JOIN_SEMI: return store::JoinVariant::semi;
    case JOIN_ANTI: return store::JoinVariant::anti;
    default:
        if (compat::is_right_semi(type))
            return store::JoinVariant::right_semi;
        return compat::is_right_anti(type) ? store::JoinVariant::right_anti : store::JoinVariant::inner;
    }
}

std::uint8_t aggregate_variant(const Agg *aggregate) {
    auto strategy = store::AggregateStrategy::plain;
    switch (aggregate->aggstrategy) {
    case AGG_PLAIN: break;
    case AGG_SORTED: strategy = store::AggregateStrategy::sorted; break;
    case AGG_HASHED: strategy = store::AggregateStrategy::hashed; break;
    case AGG_MIXED: strategy = store::AggregateStrategy::mixed; break;
    }
    const auto split = DO_AGGSPLIT_SKIPFINAL(aggregate->aggsplit) ? store::AggregateSplit::partial
                       : DO_AGGSPLIT_COMBINE(aggregate->aggsplit) ? store::AggregateSplit::finalize
                                                                  : store::AggregateSplit::simple;
    return static_cast<std::uint8_t>(static_cast<unsigned>(strategy) | static_cast<unsigned>(split) << 4);
}

store::SetOperation set_operation(SetOpCmd command) {
    switch (command) {
    case SETOPCMD_INTERSECT: return store::SetOperation::intersect;
    case SETOPCMD_INTERSECT_ALL: return store::SetOperation::intersect_all;
    case SETOPCMD_EXCEPT: return store::SetOperation::except;
    case SETOPCMD_EXCEPT_ALL: break;
    }
    return store::SetOperation::except_all;
}

store::Modification modification(CmdType command) {
    switch (command) {
    case CMD_INSERT: return store::Modification::insert;
    case CMD_UPDATE: return store::Modification::update;
    case CMD_DELETE: return store::Modification::remove;
    case CMD_MERGE: return store::Modification::merge;
    default: return store::Modification::none;
    }
}

template <class Number>
std::uint8_t number(Number value) {
    return static_cast<std::uint8_t>(value);
}

void set_direction(NodeRecord &record, ScanDirection direction) {
    if (ScanDirectionIsBackward(direction))
        record.flags |= store::node_backward;
}

void set_variant(const Plan *plan, NodeRecord &record) {
    switch (record.kind) {
    case NodeKind::nested_loop:
    case NodeKind::merge_join:
    case NodeKind::hash_join: record.variant = number(join_variant(as<Join>(plan)->jointype)); break;
    case NodeKind::aggregate: record.variant = aggregate_variant(as<Agg>(plan)); break;
    case NodeKind::set_op:
        record.variant = number(set_operation(as<SetOp>(plan)->cmd));
        if (as<SetOp>(plan)->strategy == SETOP_HASHED)
            record.flags |= store::node_hashed;
        break;
    case NodeKind::modify_table:
        record.variant = number(modification(as<ModifyTable>(plan)->operation));
        break;
    case NodeKind::foreign_scan:
        record.variant = number(modification(as<ForeignScan>(plan)->operation));
        break;
    case NodeKind::index_scan: set_direction(record, as<IndexScan>(plan)->indexorderdir); break;
    case NodeKind::index_only_scan: set_direction(record, as<IndexOnlyScan>(plan)->indexorderdir); break;
    default: break;
    }
}

Index relation_number(const Plan *plan, NodeKind kind) {
    if (kind == NodeKind::modify_table)
        return as<ModifyTable>(plan)->nominalRelation;
    switch (kind) {
    case NodeKind::seq_scan:
    case NodeKind::sample_scan:
    case NodeKind::index_scan:
    case NodeKind::index_only_scan:
    case NodeKind::bitmap_heap_scan:
    case NodeKind::bitmap_index_scan:
    case NodeKind::tid_scan:
    case NodeKind::tid_range_scan:
    case NodeKind::foreign_scan: return as<Scan>(plan)->scanrelid;
    default: return 0;
    }
}

} // namespace

void classify_node(const Plan *plan, const PlannedStmt *statement, NodeRecord &record) {
    record.kind = kind_of(plan);
    record.flags = (plan->parallel_aware ? store::node_parallel_aware : 0) |
                   (plan->async_capable ? store::node_async : 0);
    set_variant(plan, record);
    if (const Index relation = relation_number(plan, record.kind))
        record.relation = rt_fetch(relation, statement->rtable)->relid;
    record.index = scanned_index(plan);
}

} // namespace advisor::pg::observe
