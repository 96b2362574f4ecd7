// Plans as the core's values.
#include "pg_ext/plan_values.h"

#include "pg_ext/pg.h"

#include <algorithm>
#include <charconv>

namespace advisor::pg {
namespace {

using core::PlanNodeKind;
using store::JoinVariant;
using store::NodeKind;
using store::NodePlace;

PlanNodeKind kind_of(NodeKind kind) {
    switch (kind) {
    case NodeKind::seq_scan:
    case NodeKind::sample_scan: return PlanNodeKind::seq_scan;
    case NodeKind::index_scan: return PlanNodeKind::index_scan;
    case NodeKind::index_only_scan: return PlanNodeKind::index_only_scan;
    case NodeKind::bitmap_heap_scan: return PlanNodeKind::bitmap_heap_scan;
    case NodeKind::bitmap_index_scan:
    case NodeKind::bitmap_and:
    case NodeKind::bitmap_or: return PlanNodeKind::bitmap_index;
    case NodeKind::tid_scan:
    case NodeKind::tid_range_scan:
    case NodeKind::function_scan:
    case NodeKind::table_function_scan:
    case NodeKind::values_scan:
    case NodeKind::cte_scan:
    case NodeKind::named_tuplestore_scan:
    case NodeKind::work_table_scan:
    case NodeKind::foreign_scan:
    case NodeKind::custom_scan: return PlanNodeKind::other_scan;
    case NodeKind::nested_loop: return PlanNodeKind::nested_loop;
    case NodeKind::hash_join: return PlanNodeKind::hash_join;
    case NodeKind::merge_join: return PlanNodeKind::merge_join;
    case NodeKind::sort:
    case NodeKind::incremental_sort: return PlanNodeKind::sort;
    case NodeKind::materialize: return PlanNodeKind::materialize;
    case NodeKind::memoize: return PlanNodeKind::memoize;
    case NodeKind::group:
    case NodeKind::aggregate:
    case NodeKind::unique: return PlanNodeKind::group;
    case NodeKind::limit: return PlanNodeKind::limit;
    case NodeKind::append:
    case NodeKind::merge_append: return PlanNodeKind::append;
    case NodeKind::gather:
    case NodeKind::gather_merge: return PlanNodeKind::gather;
    case NodeKind::subquery_scan: return PlanNodeKind::filter;
    case NodeKind::result:
    case NodeKind::hash:
    case NodeKind::lock_rows:
    case NodeKind::modify_table:
    case NodeKind::window_aggregate: return PlanNodeKind::pass;
    case NodeKind::project_set:
    case NodeKind::recursive_union:
    case NodeKind::set_op:
    case NodeKind::other: break;
    }
    return PlanNodeKind::other;
}

core::NodeRole role_of(NodePlace place) {
    switch (place) {
    case NodePlace::init_plan: return core::NodeRole::once;
    case NodePlace::sub_plan:
    case NodePlace::loose: return core::NodeRole::repeated;
    case NodePlace::root:
    case NodePlace::outer:
    case NodePlace::inner:
    case NodePlace::member:
    case NodePlace::subquery: break;
    }
    return core::NodeRole::input;
}

bool is_semi(std::uint8_t variant) {
    switch (static_cast<JoinVariant>(variant)) {
    case JoinVariant::semi:
    case JoinVariant::anti:
    case JoinVariant::right_semi:
    case JoinVariant::right_anti: return true;
    case JoinVariant::inner:
    case JoinVariant::left:
    case JoinVariant::full:
    case JoinVariant::right: break;
    }
    return false;
}

std::string name_of(const ReadNode &node) {
    if (!node.alias.empty())
        return node.alias;
    return node.relation.empty() ? node.object : node.relation;
}

void read_details(const ReadNode &node, core::PlanNode &value) {
    constexpr std::string_view workers = "Workers Planned: ";
    for (const std::string &detail : node.details) {
        value.filtered =
            value.filtered || detail.starts_with("Filter: ") || detail.starts_with("Join Filter: ");
        int number = 0;
        if (detail.starts_with(workers) &&
            std::from_chars(detail.data() + workers.size(), detail.data() + detail.size(), number).ec ==
                std::errc())
            value.divisor = parallel_divisor(number);
    }
}

} // namespace

double parallel_divisor(int workers) {
    const double leader = parallel_leader_participation ? std::max(0.0, 1 - 0.3 * workers) : 0;
    return std::max(1.0, workers + leader);
}

core::CostedPlan plan_values(const std::vector<ReadNode> &nodes) {
    core::CostedPlan plan;
    for (const ReadNode &node : nodes) {
        const store::NodeRecord &record = node.record;
        core::PlanNode value;
        value.kind = kind_of(record.kind);
        value.role = role_of(record.place);
        value.parent = record.parent == store::no_parent ? core::no_node : record.parent;
        if (value.kind <= PlanNodeKind::other_scan)
            value.relation = name_of(node);
        value.rows = record.estimated_rows;
        value.width = record.width;
        value.startup_cost = record.startup_cost;
        value.total_cost = record.total_cost;
        value.partial = (record.flags & store::node_parallel_aware) != 0 &&
                        (value.kind <= PlanNodeKind::other_scan || value.kind == PlanNodeKind::append);
        value.partial_result =
            value.kind == PlanNodeKind::group && record.kind == NodeKind::aggregate &&
            static_cast<store::AggregateSplit>(record.variant >> 4) == store::AggregateSplit::partial;
        if (record.kind == NodeKind::nested_loop || record.kind == NodeKind::hash_join ||
            record.kind == NodeKind::merge_join)
            value.matches_only = is_semi(record.variant);
        if (record.kind == NodeKind::function_scan)
            value.doubt = core::Doubt::default_selectivity;
        value.samples = record.samples;
        value.actual_rows = record.rows;
        value.actual_loops = record.loops;
        read_details(node, value);
        plan.nodes.push_back(std::move(value));
    }
    return plan;
}

} // namespace advisor::pg
