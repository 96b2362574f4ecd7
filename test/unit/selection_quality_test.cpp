// The greedy search against all subsets on small instances, and its use of the planner on large ones.
#include "core/selection/select.h"

#include "test/unit/synthetic_model.h"
#include "test/unit/workload_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace advisor::test {

using namespace core;

namespace {

void no_interrupt() {}

struct Outcome {
    double cost; // workload and writes
    std::vector<std::size_t> set;
};

Outcome exhaustive(const std::vector<Candidate> &candidates, const Workload &workload, SyntheticModel &model,
                   double budget) {
    Outcome best{-1, {}};
    for (std::size_t bits = 0; bits < (std::size_t{1} << candidates.size()); ++bits) {
        std::vector<std::size_t> set;
        double bytes = 0, cost = 0;
        for (std::size_t i = 0; i < candidates.size(); ++i)
            if ((bits >> i) & 1) {
                set.push_back(i);
                bytes += static_cast<double>(model.index_cost(i).bytes);
                cost += model.index_cost(i).write_cost;
            }
        if (bytes > budget)
            continue;
        for (std::size_t s = 0; s < workload.statements.size(); ++s)
            cost += workload.statements[s].calls * model.statement_cost(s, set).cost;
        if (best.cost < 0 || cost < best.cost)
            best = {cost, set};
    }
    return best;
}

double total(const Selection &selection) {
    return std::accumulate(selection.chosen.begin(), selection.chosen.end(), selection.workload_cost_after,
                           [](double sum, const ChosenIndex &index) { return sum + index.cost.write_cost; });
}

// Any ten of the generated candidates, so that all subsets can be tried.
std::vector<Candidate> ten_of(const std::vector<Candidate> &all) {
    std::vector<Candidate> some;
    const std::size_t step = std::max<std::size_t>(1, all.size() / 10);
    for (std::size_t i = 0; i < all.size() && some.size() < 10; i += step)
        some.push_back(all[i]);
    return some;
}

struct QualityCase {
    const char *name;
    double budget_share; // of the size of all candidates
    double write_cost_per_byte;
    double average_limit;
};

class SelectionQuality : public testing::TestWithParam<QualityCase> {};

} // namespace

TEST_P(SelectionQuality, IsCloseToTheBestSubset) {
    const QualityCase &given = GetParam();
    double sum = 0, worst = 0;
    const unsigned seeds = 40;
    for (unsigned seed = 1; seed <= seeds; ++seed) {
        const Workload workload = random_workload(seed, 2, 6);
        const std::vector<Candidate> candidates =
            ten_of(generate_candidates(workload.statements, workload.tables, {}));
        SyntheticModel model(candidates, workload.statements, workload.tables);
        model.write_cost_per_byte = given.write_cost_per_byte;
        double all_bytes = 0;
        for (std::size_t i = 0; i < candidates.size(); ++i)
            all_bytes += static_cast<double>(model.index_cost(i).bytes);
        SelectionLimits limits;
        limits.min_saving = limits.min_share = limits.thrift = 0;
        limits.max_indexes_per_table = candidates.size();
        const double budget = given.budget_share * all_bytes;
        limits.storage_budget = static_cast<std::uint64_t>(budget);
        const Selection selection = select_indexes(
            candidates, workload.statements, calls_of(workload.statements), model, limits, no_interrupt);
        ASSERT_LE(total(selection), selection.workload_cost_before * (1 + 1e-9)) << "seed " << seed;
        const double ratio = total(selection) / exhaustive(candidates, workload, model, budget).cost;
        ASSERT_GE(ratio, 1 - 1e-9);
        sum += ratio;
        worst = std::max(worst, ratio);
    }
    RecordProperty("average", std::to_string(sum / seeds));
    std::printf("%s: greedy ÷ best on average %.4f, at worst %.4f\n", given.name, sum / seeds, worst);
    EXPECT_LE(sum / seeds, given.average_limit);
}

INSTANTIATE_TEST_SUITE_P(Budgets, SelectionQuality,
                         testing::Values(QualityCase{"no_budget", 1, 0, 1.01},
                                         QualityCase{"with_writes", 1, 0.02, 1.05},
                                         QualityCase{"half_budget", 0.5, 0, 1.05},
                                         QualityCase{"fifth_budget", 0.2, 0, 1.05}),
                         [](const auto &parameters) { return std::string(parameters.param.name); });

TEST(SelectionEffort, HundredsOfStatementsNeedFewPlannerCalls) {
    const Workload workload = random_workload(7, 20, 300);
    const std::vector<Candidate> candidates = generate_candidates(workload.statements, workload.tables, {});
    ASSERT_GT(candidates.size(), 500U);
    SyntheticModel model(candidates, workload.statements, workload.tables);
    const Selection selection = select_indexes(candidates, workload.statements, calls_of(workload.statements),
                                               model, {}, no_interrupt);
    std::printf("%zu statements × %zu candidates: %zu planner calls, %zu indexes, cost × %.3f\n",
                workload.statements.size(), candidates.size(), model.calls, selection.chosen.size(),
                selection.workload_cost_after / selection.workload_cost_before);
    EXPECT_EQ(selection.planner_calls, model.calls);
    EXPECT_LT(model.calls, 26 * workload.statements.size());
    EXPECT_LT(selection.workload_cost_after, 0.5 * selection.workload_cost_before);
    EXPECT_TRUE(selection.complete);
}

} // namespace advisor::test
