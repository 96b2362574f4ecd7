// Which indexes are chosen, which are not, and why.
#include "core/selection/select.h"

#include "core/catalog/ddl.h"
#include "test/unit/synthetic_model.h"
#include "test/unit/workload_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace advisor::test {

using namespace core;

namespace {

// Two statements on one table: by customer, and by customer within a range of days.
struct Shop {
    std::vector<Table> tables = {table(
        "orders", 1e5, {column("id", 1e5), column("customer", 1e4), column("day", 1e3), column("state", 3)})};
    std::vector<Statement> statements;
    std::vector<Candidate> candidates;

    Shop() {
        TableAccess by_customer, by_both;
        by_customer.predicates = {equal("customer")};
        by_both.predicates = {equal("customer"), range("day")};
        statements = {statement(1, 100, {by_customer}), statement(2, 100, {by_both})};
        candidates = generate_candidates(statements, tables, {});
    }
    Selection select(SyntheticModel &model, const SelectionLimits &limits = {}) const {
        return select_indexes(candidates, statements, calls_of(statements), model, limits, nullptr);
    }
    SyntheticModel model() const { return SyntheticModel(candidates, statements, tables); }
    std::vector<std::size_t> compound_candidates() const {
        std::vector<std::size_t> found;
        for (std::size_t i = 0; i < candidates.size(); ++i)
            if (candidates[i].definition.keys.size() > 1)
                found.push_back(i);
        return found;
    }
};

// Knows of records: the statement's new plan is worse with these candidates, or doubtful.
class GuardedModel : public SyntheticModel {
public:
    using SyntheticModel::SyntheticModel;
    bool can_recheck() const override { return true; }
    bool has_records(std::size_t) const override { return true; }
    std::uint64_t guard_calls() const override { return calls_of_guard; }
    std::optional<PlanFlip> find_flip(std::size_t statement,
                                      std::span<const std::size_t> candidates) override {
        for (const std::size_t candidate : candidates)
            if (flips.contains({statement, candidate}))
                return PlanFlip{{candidate}, "of its rows"};
        return std::nullopt;
    }
    std::set<std::pair<std::size_t, std::size_t>> flips; // by statement and candidate
    std::optional<Guarded> recheck(std::size_t statement, std::span<const std::size_t> candidates) override {
        Guarded guarded;
        calls_of_guard += 2;
        for (const std::size_t candidate : candidates)
            if (const auto found = outcomes.find({statement, candidate}); found != outcomes.end())
                guarded.outcome = found->second;
        if (guarded.outcome != Guarded::Outcome::holds)
            guarded.reason = "of its rows";
        return guarded;
    }
    std::uint64_t calls_of_guard = 0;
    std::map<std::pair<std::size_t, std::size_t>, Guarded::Outcome>
        outcomes; // by statement and candidate used
};

std::set<std::string> definitions(const Selection &selection, const std::vector<Candidate> &candidates) {
    std::set<std::string> result;
    for (const ChosenIndex &index : selection.chosen)
        result.insert(create_index_sql(candidates[index.candidate].definition, Dialect::postgresql));
    return result;
}

Verdict verdict_of(const Selection &selection, std::size_t candidate) {
    return selection.verdicts.at(candidate).verdict;
}

// Only the plain index is left, and the compound one says why it is not there.
void expect_compound_refused(const Shop &shop, const Selection &selection, const std::string &reason) {
    const std::set<std::string> expected = {"CREATE INDEX ON shop.orders (customer)"};
    EXPECT_EQ(definitions(selection, shop.candidates), expected);
    const std::size_t refused =
        find_candidate(shop.candidates, index_on(shop.tables[0], {"customer", "day"}));
    EXPECT_EQ(verdict_of(selection, refused), Verdict::makes_worse);
    EXPECT_EQ(selection.verdicts[refused].reason, reason);
    EXPECT_EQ(selection.verdicts[refused].statement, 0U);
}

} // namespace

TEST(Selection, NothingToDoIsAnAnswer) {
    SyntheticModel model({}, {}, {});
    const Selection selection = select_indexes({}, {}, {}, model, {}, nullptr);
    EXPECT_TRUE(selection.chosen.empty());
    EXPECT_TRUE(selection.complete);
    EXPECT_EQ(selection.workload_cost_before, 0);
}

TEST(Selection, WeightsMustMatchStatements) {
    const Shop shop;
    SyntheticModel model = shop.model();
    EXPECT_THROW(select_indexes(shop.candidates, shop.statements, {}, model, {}, nullptr), Error);
}

TEST(Selection, OneIndexServesBothStatements) {
    const Shop shop;
    SyntheticModel model = shop.model();
    const Selection selection = shop.select(model);
    const std::set<std::string> expected = {"CREATE INDEX ON shop.orders (customer, day)"};
    EXPECT_EQ(definitions(selection, shop.candidates), expected);
    ASSERT_EQ(selection.chosen.size(), 1U);
    EXPECT_EQ(selection.chosen[0].effects.size(), 2U);
    EXPECT_EQ(selection.verdicts.size(), shop.candidates.size());
}

TEST(Selection, TheAccountAddsUp) {
    const Workload workload = random_workload(11, 4, 30);
    const std::vector<Candidate> candidates = generate_candidates(workload.statements, workload.tables, {});
    SyntheticModel model(candidates, workload.statements, workload.tables);
    const Selection selection =
        select_indexes(candidates, workload.statements, calls_of(workload.statements), model, {}, nullptr);
    ASSERT_GT(selection.chosen.size(), 2U);
    double workload_cost = selection.workload_cost_before;
    std::vector<std::size_t> set;
    for (const ChosenIndex &index : selection.chosen) {
        EXPECT_NEAR(index.workload_before, workload_cost, 1e-6 * workload_cost);
        EXPECT_LE(index.workload_after, index.workload_before * (1 + 1e-9));
        workload_cost = index.workload_after;
        set.push_back(index.candidate);
    }
    std::sort(set.begin(), set.end());
    double really = 0;
    for (std::size_t i = 0; i < workload.statements.size(); ++i)
        really += workload.statements[i].calls * model.statement_cost(i, set).cost;
    EXPECT_NEAR(workload_cost, selection.workload_cost_after, 1e-6 * really);
    EXPECT_NEAR(really, selection.workload_cost_after, 1e-6 * really);
}

TEST(Selection, AnIndexThatRecordsSpeakAgainstIsRefusedForAllStatements) {
    const Shop shop;
    GuardedModel model(shop.candidates, shop.statements, shop.tables);
    for (const std::size_t compound : shop.compound_candidates())
        model.outcomes[{0, compound}] = Guarded::Outcome::worse;
    const Selection selection = shop.select(model);
    expect_compound_refused(shop, selection, "it would make statement 1 slower: of its rows");
    EXPECT_GT(selection.planner_calls, model.calls) << "those of the guard count";
}

TEST(Selection, AnIndexThatOtherParametersWouldMisuseIsRefused) {
    const Shop shop;
    GuardedModel model(shop.candidates, shop.statements, shop.tables);
    for (const std::size_t compound : shop.compound_candidates())
        model.flips.insert({0, compound});
    expect_compound_refused(shop, shop.select(model),
                            "it would make statement 1 slower for other parameters: of its rows");
}

TEST(Selection, ADoubtfulIndexStaysAndSaysWhy) {
    const Shop shop;
    GuardedModel model(shop.candidates, shop.statements, shop.tables);
    for (std::size_t i = 0; i < shop.candidates.size(); ++i)
        model.outcomes[{1, i}] = Guarded::Outcome::doubtful;
    const Selection selection =
        select_indexes(shop.candidates, shop.statements, calls_of(shop.statements), model, {}, nullptr);
    ASSERT_EQ(selection.chosen.size(), 1U);
    const ChosenIndex &index = selection.chosen[0];
    EXPECT_EQ(verdict_of(selection, index.candidate), Verdict::chosen);
    EXPECT_EQ(selection.verdicts[index.candidate].reason,
              "its gain for statement 2 is not certain: of its rows");
    ASSERT_EQ(index.effects.size(), 2U);
    EXPECT_EQ(index.effects[0].guarded.value().outcome, Guarded::Outcome::holds);
    EXPECT_EQ(index.effects[1].guarded.value().outcome, Guarded::Outcome::doubtful);
}

TEST(Selection, AnIndexThatMakesAStatementDearerIsRefused) {
    const Shop shop;
    SyntheticModel model = shop.model();
    // The planner takes it, but what was recorded says that its plan is worse.
    for (std::size_t i = 0; i < shop.candidates.size(); ++i)
        if (shop.candidates[i].definition.keys.size() > 1)
            model.penalty[{0, i}] = model.penalty[{1, i}] = 1e6;
    const Selection selection = shop.select(model);
    const std::set<std::string> expected = {"CREATE INDEX ON shop.orders (customer)"};
    EXPECT_EQ(definitions(selection, shop.candidates), expected);
    EXPECT_EQ(
        verdict_of(selection, find_candidate(shop.candidates, index_on(shop.tables[0], {"customer", "day"}))),
        Verdict::makes_worse);
}

TEST(Selection, SavesTooLittleOfAnyStatement) {
    std::vector<Table> tables = {table("t", 1e5, {column("flag", 2)})};
    TableAccess access;
    access.predicates = {equal("flag")};
    const std::vector<Statement> statements = {statement(1, 1, {access})};
    const std::vector<Candidate> candidates = generate_candidates(statements, tables, {});
    ASSERT_FALSE(candidates.empty());
    SyntheticModel model(candidates, statements, tables);
    EXPECT_TRUE(
        select_indexes(candidates, statements, calls_of(statements), model, {}, nullptr).chosen.empty());
}

// Either side alone saves less than half; both together nearly all.
TEST(Selection, IndexesThatHelpOnlyTogetherAreFound) {
    std::vector<Table> tables = {table("a", 1e5, {column("x", 1e5)}), table("b", 1e5, {column("y", 1e5)}),
                                 table("c", 1e5, {column("z", 1e5)})};
    std::vector<TableAccess> accesses(3);
    accesses[0].predicates = {equal("x")};
    accesses[1].table = 1;
    accesses[1].predicates = {equal("y")};
    accesses[2].table = 2;
    accesses[2].predicates = {equal("z")};
    const std::vector<Statement> statements = {statement(1, 10, accesses)};
    const std::vector<Candidate> candidates = generate_candidates(statements, tables, {});
    SyntheticModel model(candidates, statements, tables);
    const Selection selection =
        select_indexes(candidates, statements, calls_of(statements), model, {}, nullptr);
    EXPECT_EQ(selection.chosen.size(), 3U);
}

TEST(Selection, StaysWithinTheBudgets) {
    const Workload workload = random_workload(3, 3, 40);
    const std::vector<Candidate> candidates = generate_candidates(workload.statements, workload.tables, {});
    SyntheticModel model(candidates, workload.statements, workload.tables);
    SelectionLimits limits;
    limits.max_indexes_per_table = 2;
    Selection selection = select_indexes(candidates, workload.statements, calls_of(workload.statements),
                                         model, limits, nullptr);
    for (std::size_t t = 0; t < workload.tables.size(); ++t)
        EXPECT_LE(
            std::count_if(selection.chosen.begin(), selection.chosen.end(),
                          [&](const ChosenIndex &index) { return candidates[index.candidate].table == t; }),
            2);
    EXPECT_GT(selection.chosen.size(), 2U);
    limits.storage_budget = 20'000'000;
    selection = select_indexes(candidates, workload.statements, calls_of(workload.statements), model, limits,
                               nullptr);
    std::uint64_t bytes = 0;
    for (const ChosenIndex &index : selection.chosen)
        bytes += index.cost.bytes;
    EXPECT_GT(selection.chosen.size(), 0U);
    EXPECT_LE(bytes, *limits.storage_budget);
}

namespace {

int questions_left = 0;

} // namespace

TEST(Selection, OutOfTimeGivesTheBestSoFar) {
    const Workload workload = random_workload(5, 4, 40);
    const std::vector<Candidate> candidates = generate_candidates(workload.statements, workload.tables, {});
    SelectionLimits limits;
    limits.out_of_time = [] { return --questions_left < 0; };
    double last = 2;
    for (const int questions : {0, 30, 90, 200, 100000}) {
        questions_left = questions;
        SyntheticModel model(candidates, workload.statements, workload.tables);
        const Selection selection = select_indexes(candidates, workload.statements,
                                                   calls_of(workload.statements), model, limits, nullptr);
        EXPECT_EQ(selection.complete, questions == 100000);
        EXPECT_LE(model.calls, static_cast<std::size_t>(questions));
        EXPECT_EQ(selection.verdicts.size(), candidates.size());
        const double ratio =
            questions == 0 ? 1 : selection.workload_cost_after / selection.workload_cost_before;
        EXPECT_LE(ratio, last) << questions;
        last = questions < 90 ? 1 : ratio; // with few questions only a part of the workload is known
    }
    EXPECT_LT(last, 0.9);
}

namespace {

struct Interrupt {};

} // namespace

TEST(Selection, CanBeInterrupted) {
    const Shop shop;
    SyntheticModel model = shop.model();
    EXPECT_THROW(select_indexes(shop.candidates, shop.statements, calls_of(shop.statements), model, {},
                                [] { throw Interrupt(); }),
                 Interrupt);
}

TEST(Selection, DoesNotDependOnTheOrderOfItsInput) {
    for (const unsigned seed : {1U, 2U, 3U}) {
        Workload workload = random_workload(seed, 5, 40);
        std::set<std::string> first;
        std::mt19937 engine(seed);
        for (int round = 0; round < 5; ++round) {
            std::vector<Candidate> candidates = generate_candidates(workload.statements, workload.tables, {});
            if (round > 0)
                std::shuffle(candidates.begin(), candidates.end(), engine);
            SyntheticModel model(candidates, workload.statements, workload.tables);
            const Selection selection = select_indexes(candidates, workload.statements,
                                                       calls_of(workload.statements), model, {}, nullptr);
            const std::set<std::string> chosen = definitions(selection, candidates);
            if (round == 0)
                first = chosen;
            EXPECT_EQ(chosen, first) << "seed " << seed << ", round " << round;
            std::shuffle(workload.statements.begin(), workload.statements.end(), engine);
        }
        EXPECT_FALSE(first.empty());
    }
}

} // namespace advisor::test
