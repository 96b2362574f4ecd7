// Plans for tests, with costs as the planner gives them.
#include "test/unit/plan_builder.h"

namespace advisor::test {

using core::PlanNodeKind;

std::size_t PlanBuilder::add(PlanNodeKind kind, std::size_t parent, double rows, double startup, double total,
                             std::string relation) {
    core::PlanNode node;
    node.kind = kind;
    node.parent = parent;
    node.rows = rows;
    node.width = 8;
    node.startup_cost = startup;
    node.total_cost = total;
    node.relation = std::move(relation);
    plan.nodes.push_back(std::move(node));
    return plan.nodes.size() - 1;
}

void PlanBuilder::count(std::size_t node, double rows, double loops) {
    plan.nodes[node].samples += 1;
    plan.nodes[node].actual_rows += rows;
    plan.nodes[node].actual_loops += loops;
}

core::CostedPlan hash_plan(double parcels, double recorded_parcels) {
    PlanBuilder b;
    const double join = 10000 + 5000 + 2500 + parcels * 0.02;
    const auto group = b.add(PlanNodeKind::group, core::no_node, 1, join, join + 0.01);
    const auto hash_join = b.add(PlanNodeKind::hash_join, group, 2 * parcels, 5000, join);
    b.add(PlanNodeKind::seq_scan, hash_join, 400000, 0, 10000, "i");
    const auto hash = b.add(PlanNodeKind::pass, hash_join, parcels, 5000, 5000);
    const auto scan = b.add(PlanNodeKind::seq_scan, hash, parcels, 0, 5000, "p");
    b[scan].filtered = true;
    b[scan].doubt = core::Doubt::several_conditions;
    if (recorded_parcels >= 0) {
        b.count(hash_join, 2 * recorded_parcels);
        b.count(scan, recorded_parcels);
    }
    return b.plan;
}

core::CostedPlan loop_plan(double parcels) {
    PlanBuilder b;
    const double join = 5000 + parcels * 8.5;
    const auto group = b.add(PlanNodeKind::group, core::no_node, 1, join, join + 0.01);
    const auto loop = b.add(PlanNodeKind::nested_loop, group, 2 * parcels, 0.42, join);
    const auto scan = b.add(PlanNodeKind::seq_scan, loop, parcels, 0, 5000, "p");
    b[scan].filtered = true;
    b[scan].doubt = core::Doubt::several_conditions;
    const auto probe = b.add(PlanNodeKind::index_scan, loop, 2, 0.42, 8.5, "i");
    b[probe].scan = {2, 400000, 6000, 1100, 0, 0, 1};
    return b.plan;
}

core::CostedPlan sorted_plan(double matches, double recorded_matches) {
    PlanBuilder b;
    const auto limit = b.add(PlanNodeKind::limit, core::no_node, 10, 5100, 5100.03);
    b[limit].limit = 10;
    const auto sort = b.add(PlanNodeKind::sort, limit, matches, 5100, 5100 + 0.0025 * matches);
    const auto scan = b.add(PlanNodeKind::seq_scan, sort, matches, 0, 5000, "events");
    b[scan].filtered = true;
    if (recorded_matches >= 0)
        b.count(scan, recorded_matches);
    return b.plan;
}

core::CostedPlan ordered_plan(double matches) {
    PlanBuilder b;
    const auto limit = b.add(PlanNodeKind::limit, core::no_node, 10, 0.42, 0.42 + 17000 * 10 / matches);
    b[limit].limit = 10;
    const auto scan = b.add(PlanNodeKind::index_scan, limit, matches, 0.42, 17000, "events");
    b[scan].filtered = true;
    b[scan].scan = {200000, 200000, 2800, 550, 0, 0, 1};
    return b.plan;
}

} // namespace advisor::test
