// Which changed plans hold, which are doubtful, which are worse.
#include "core/costing/plan_guard.h"

#include "test/unit/plan_builder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace advisor::test {

using namespace core;
using Outcome = Guarded::Outcome;

namespace {

Guarded guard(const CostedPlan &before, const CostedPlan &after, const RecordedRows &records = {}) {
    return guard_change(std::span(&before, 1), std::span(&after, 1), records);
}

RecordedRows recorded(const CostedPlan &plan) {
    RecordedRows records;
    records.add(plan);
    return records;
}

} // namespace

TEST(PlanGuard, RecordedRowsThatFitBackUpTheNewPlan) {
    const Guarded guarded = guard(hash_plan(20), loop_plan(20), recorded(hash_plan(20, 25)));
    EXPECT_EQ(guarded.outcome, Outcome::holds);
    EXPECT_FALSE(guarded.corrected);
    EXPECT_TRUE(guarded.reason.empty());
}

TEST(PlanGuard, ThousandsOfProbesWhereAFewWereEstimatedAreWorse) {
    const Guarded guarded = guard(hash_plan(20), loop_plan(20), recorded(hash_plan(20, 50000)));
    EXPECT_EQ(guarded.outcome, Outcome::worse);
    EXPECT_TRUE(guarded.corrected);
    EXPECT_EQ(guarded.estimate, "p: 20 rows estimated, 50,000 recorded");
    EXPECT_NE(guarded.reason.find(guarded.estimate), std::string::npos);
    EXPECT_GT(guarded.cost_after, 1.5 * guarded.cost_before);
}

TEST(PlanGuard, ContradictedEstimatesNeedNotMakeThePlanWorse) {
    const Guarded guarded = guard(hash_plan(20), loop_plan(20), recorded(hash_plan(20, 200)));
    EXPECT_EQ(guarded.outcome, Outcome::holds);
    EXPECT_TRUE(guarded.corrected);
    EXPECT_GT(guarded.cost_after, loop_plan(20).nodes[0].total_cost);
}

TEST(PlanGuard, AFewRowsMoreOrLessAreNoContradiction) {
    EXPECT_FALSE(guard(hash_plan(3), loop_plan(3), recorded(hash_plan(3, 0))).corrected);
    EXPECT_TRUE(guard(hash_plan(3), loop_plan(3), recorded(hash_plan(3, 30))).corrected);
}

TEST(PlanGuard, WithoutRecordsOneDoubtfulEstimateIsEnoughForDoubt) {
    EXPECT_EQ(guard(hash_plan(20), loop_plan(20)).outcome, Outcome::holds) << "even 200 probes are cheap";
    const Guarded guarded = guard(hash_plan(1000), loop_plan(1000));
    EXPECT_EQ(guarded.outcome, Outcome::doubtful);
    EXPECT_EQ(guarded.reason.find("if ten times the rows estimated come from "), 0U) << guarded.reason;
    EXPECT_EQ(guard(hash_plan(1000), loop_plan(1000), recorded(hash_plan(1000, 1000))).outcome,
              Outcome::holds);
}

TEST(PlanGuard, ALittleDearerByRecordedRowsIsDoubtfulMuchDearerIsWorse) {
    const CostedPlan before = hash_plan(20, 4000);
    double worst = 0, mildest = 1e9;
    for (double parcels = 500; parcels < 50000; parcels *= 1.05) {
        const Guarded guarded = guard(before, loop_plan(20), recorded(hash_plan(20, parcels)));
        const double ratio = guarded.cost_after / guarded.cost_before;
        if (guarded.outcome == Outcome::worse)
            mildest = std::min(mildest, ratio);
        else
            worst = std::max(worst, ratio);
    }
    EXPECT_GT(worst, 1.1) << "re-costing is not that exact";
    EXPECT_LE(worst, 1.26);
    EXPECT_GE(mildest, 1.24);
}

TEST(PlanGuard, EstimatesThatWereOffMayBeOffAgainInBothDirections) {
    const CostedPlan now = hash_plan(20);
    const auto doubtful = [&](double recorded_rows) {
        return doubtful_estimates(std::span(&now, 1), recorded(hash_plan(20, recorded_rows)));
    };
    EXPECT_TRUE(doubtful(25).empty()) << "a good estimate";
    const std::vector<AssumedEstimate> found = doubtful(200); // ten times the estimate
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].relation, "p");
    EXPECT_DOUBLE_EQ(found[0].factor * 20, 200.0 / 20);
    EXPECT_DOUBLE_EQ(found[1].factor * 20, 200.0 * 20);
    EXPECT_TRUE(doubtful_estimates(std::span(&now, 1), RecordedRows{}).empty()) << "nothing was recorded";
}

TEST(PlanGuard, FewerMatchesThanEstimatedMakeALimitReadOn) {
    const Guarded guarded = guard(sorted_plan(2000), ordered_plan(2000), recorded(sorted_plan(2000, 0)));
    EXPECT_EQ(guarded.outcome, Outcome::worse);
    EXPECT_EQ(guarded.estimate, "events: 2,000 rows estimated, 0 recorded");
}

TEST(PlanGuard, WhereTheWantedRowsLieIsNotRecorded) {
    const Guarded guarded = guard(sorted_plan(2000), ordered_plan(2000), recorded(sorted_plan(2000, 2000)));
    EXPECT_EQ(guarded.outcome, Outcome::doubtful);
    EXPECT_NE(guarded.reason.find("the last ones"), std::string::npos) << guarded.reason;
    CostedPlan unfiltered = ordered_plan(2000);
    unfiltered.nodes[1].filtered = false;
    EXPECT_EQ(guard(sorted_plan(2000), unfiltered, recorded(sorted_plan(2000, 2000))).outcome,
              Outcome::holds);
}

TEST(PlanGuard, GuessesCountUntilTheyAreBackedUp) {
    CostedPlan before = hash_plan(20), after = loop_plan(20);
    before.nodes[4].doubt = after.nodes[2].doubt = Doubt::default_selectivity;
    EXPECT_TRUE(guard(before, after).guessed);
    EXPECT_FALSE(guard(before, after, recorded(hash_plan(20, 20))).guessed);
}

TEST(PlanGuard, ExecutionsAreAveragedAndLoopsLeftOut) {
    RecordedRows records;
    records.add(hash_plan(20, 10));
    records.add(hash_plan(20, 30));
    EXPECT_DOUBLE_EQ(records.by_relations().at("p").rows, 20);
    EXPECT_DOUBLE_EQ(records.by_relations().at("i, p").rows, 40);
    EXPECT_FALSE(records.by_relations().contains("i")) << "no samples";
    PlanBuilder looped{loop_plan(20)};
    looped.count(3, 100000, 50000);
    EXPECT_TRUE(recorded(looped.plan).by_relations().empty());
}

TEST(PlanGuard, RowsOfWorkersAddUp) {
    PlanBuilder b;
    const auto gather = b.add(PlanNodeKind::gather, no_node, 1000, 1000, 4000);
    b[gather].divisor = 2.4;
    const auto scan = b.add(PlanNodeKind::seq_scan, gather, 417, 0, 2900, "p");
    b[scan].partial = true;
    b.count(scan, 900, 3);
    EXPECT_DOUBLE_EQ(recorded(b.plan).by_relations().at("p").rows, 900);
}

} // namespace advisor::test
