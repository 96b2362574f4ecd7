// Plans costed again with other numbers of rows.
#include "core/costing/recosting.h"

#include "core/costing/scan_work.h"
#include "test/unit/plan_builder.h"

#include <gtest/gtest.h>

namespace advisor::test {

using namespace core;

namespace {

double cost(const CostedPlan &plan, const RowChanges &changes = {}) {
    return recost(PlanShape(plan), changes);
}

RowChanges known(const std::string &relations, double rows, double ratio) {
    RowChanges changes;
    changes.rows[relations] = {rows, ratio};
    return changes;
}

} // namespace

TEST(Recosting, GivesThePlannersCostWhereNothingChanges) {
    for (const CostedPlan &plan : {hash_plan(20), loop_plan(20), sorted_plan(2000), ordered_plan(2000)})
        EXPECT_NEAR(cost(plan), plan.nodes[0].total_cost, 0.001 * plan.nodes[0].total_cost);
}

TEST(Recosting, ASequentialScanCostsWhatItCosts) {
    PlanBuilder b;
    b.add(PlanNodeKind::seq_scan, no_node, 10, 0, 5000, "p");
    EXPECT_DOUBLE_EQ(cost(b.plan, known("p", 1e6, 1e5)), 5000);
}

TEST(Recosting, AScanByAnIndexGrowsUntilItHasReadAllPages) {
    PlanBuilder b;
    const auto scan = b.add(PlanNodeKind::index_scan, no_node, 10, 0.4, 44, "p");
    b[scan].scan = {10, 1e6, 10000, 2700, 0, 0, 1};
    EXPECT_NEAR(cost(b.plan, known("p", 100, 10)), 10 * 44, 60);
    EXPECT_LT(cost(b.plan, known("p", 1e6, 1e5)), 100000);
    EXPECT_GT(cost(b.plan, known("p", 1e6, 1e5)), 40000);
    b[scan].scan.correlation = 1; // all in one place
    b[scan].total_cost = 8;
    EXPECT_LT(cost(b.plan, known("p", 10000, 1000)), 600);
}

TEST(Recosting, TheFilterDoesNotFetchMoreThanTheConditionsOfTheIndexSelect) {
    PlanBuilder b;
    const auto scan = b.add(PlanNodeKind::index_scan, no_node, 10, 0.4, 4000, "p");
    b[scan].scan = {1000, 1e6, 10000, 2700, 0, 0, 1};
    b[scan].filtered = true;
    EXPECT_NEAR(cost(b.plan, known("p", 900, 90)), 4000, 1);
    EXPECT_GT(cost(b.plan, known("p", 5000, 500)), 10000);
}

TEST(Recosting, TheInnerSideOfANestedLoopIsPaidForEachOuterRow) {
    const double few = cost(loop_plan(20)), many = cost(loop_plan(20), known("p", 50000, 2500));
    EXPECT_LT(few, 5200);
    EXPECT_GT(many, 30000);
    // What the join gives tells what each probe gives.
    RowChanges more = known("p", 20, 1);
    more.rows["i, p"] = {20000, 500};
    EXPECT_GT(cost(loop_plan(20), more), 15000);
}

TEST(Recosting, AMaterializedInnerSideIsMadeOnce) {
    PlanBuilder b;
    const auto loop = b.add(PlanNodeKind::nested_loop, no_node, 100, 0, 1112.5);
    b.add(PlanNodeKind::seq_scan, loop, 10, 0, 100, "a");
    const auto material = b.add(PlanNodeKind::materialize, loop, 10, 0, 1010);
    b.add(PlanNodeKind::seq_scan, material, 10, 0, 1000, "b");
    EXPECT_NEAR(cost(b.plan), 1112.5, 1);
    EXPECT_LT(cost(b.plan, known("a", 1000, 100)), 1500);
}

TEST(Recosting, AHashJoinGrowsWithItsRows) {
    const double few = cost(hash_plan(20)), many = cost(hash_plan(20), known("p", 50000, 2500));
    EXPECT_GT(many, few);
    EXPECT_LT(many, 1.5 * few);
}

TEST(Recosting, ASortGrowsFasterThanItsRows) {
    PlanBuilder b;
    const auto sort = b.add(PlanNodeKind::sort, no_node, 1000, 1025, 1027.5);
    b.add(PlanNodeKind::seq_scan, sort, 1000, 0, 1000, "p");
    const double own = cost(b.plan) - 1000, grown = cost(b.plan, known("p", 10000, 10)) - 1000;
    EXPECT_GT(grown, 10 * own);
    EXPECT_LT(grown, 20 * own);
}

TEST(Recosting, ALimitReadsUntilItHasEnough) {
    const CostedPlan plan = ordered_plan(2000);
    EXPECT_NEAR(cost(plan), 85, 1);
    EXPECT_NEAR(cost(plan, known("events", 200, 0.1)), 850, 10);
    EXPECT_NEAR(cost(plan, known("events", 3, 0.0015)), 17000, 10) << "there are not so many";
    RowChanges last;
    last.wanted_last = true;
    EXPECT_NEAR(cost(plan, last), 17000, 10);
    RowChanges late;
    late.early_stop = 10;
    EXPECT_NEAR(cost(plan, late), 850, 10);
}

TEST(Recosting, AnInitPlanIsPartOfItsParent) {
    PlanBuilder b;
    const auto result = b.add(PlanNodeKind::pass, no_node, 1, 85, 85.5);
    const auto limit = b.add(PlanNodeKind::limit, result, 1, 0.4, 85.4);
    b[limit].role = NodeRole::once;
    b[limit].limit = 1;
    const auto scan = b.add(PlanNodeKind::index_scan, limit, 200, 0.4, 17000, "events");
    b[scan].filtered = true;
    b[scan].scan = {200000, 200000, 2800, 550, 0, 0, 1};
    EXPECT_NEAR(cost(b.plan), 85.5, 0.5);
    EXPECT_NEAR(cost(b.plan, known("events", 0, 0)), 17000, 10);
}

TEST(Recosting, PlansOfOneStatementAgreeOnWhatNodesCover) {
    const CostedPlan hash = hash_plan(20), loop = loop_plan(20);
    const PlanShape first(hash), second(loop);
    EXPECT_EQ(first.keys[0], "groups of i, p");
    EXPECT_EQ(second.keys[0], first.keys[0]);
    EXPECT_EQ(first.keys[1], "i, p");
    EXPECT_EQ(second.keys[1], first.keys[1]);
    EXPECT_EQ(first.keys[3], "") << "a hash table gives no rows of its own";
    EXPECT_FALSE(first.in_loop[2]);
    EXPECT_TRUE(second.in_loop[3]);
}

TEST(Recosting, WorkersShareTheRows) {
    PlanBuilder b;
    const auto gather = b.add(PlanNodeKind::gather, no_node, 1000, 1000, 4000);
    b[gather].divisor = 2.4;
    const auto scan = b.add(PlanNodeKind::seq_scan, gather, 417, 0, 2900, "p");
    b[scan].partial = true;
    const PlanShape shape(b.plan);
    EXPECT_DOUBLE_EQ(shape.divisors[scan], 2.4);
    EXPECT_NEAR(recost(shape, known("p", 10000, 10)), 4000 + 900, 150);
}

} // namespace advisor::test
