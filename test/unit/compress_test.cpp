// What a compressed workload stands for, and how much it owns up to.
#include "core/workload/compress.h"

#include "test/unit/workload_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace advisor::test {

using namespace core;

namespace {

Statement filter(std::int64_t id, double calls, const std::string &key, const std::string &constant = "",
                 std::size_t table = 0) {
    TableAccess access;
    access.table = table;
    access.predicates = {equal(key, constant)};
    Statement result = statement(id, calls, {access});
    result.text = "statement " + std::to_string(id);
    return result;
}

SortKey by(const std::string &key) {
    SortKey result;
    result.key = key;
    return result;
}

std::vector<std::vector<std::int64_t>> ids_of(const CompressedWorkload &compressed,
                                              const std::vector<Statement> &statements) {
    std::vector<std::vector<std::int64_t>> result;
    for (const Representative &representative : compressed.representatives) {
        result.push_back({statements[representative.statement].id});
        std::vector<std::int64_t> members;
        for (const std::size_t member : representative.members)
            members.push_back(statements[member].id);
        std::sort(members.begin(), members.end());
        result.back().insert(result.back().end(), members.begin(), members.end());
    }
    std::sort(result.begin(), result.end());
    return result;
}

double represented_cost(const CompressedWorkload &compressed, const std::vector<double> &costs) {
    double sum = 0;
    for (const Representative &representative : compressed.representatives)
        sum += representative.calls * costs[representative.statement];
    return sum;
}

} // namespace

TEST(Compress, LeavesAWorkloadWithinTheLimitAsItIs) {
    const std::vector<Statement> statements = {filter(1, 1, "a"), filter(2, 5, "a"), filter(3, 1, "b")};
    const std::vector<double> costs = {100, 100, 10};
    const CompressedWorkload compressed = compress(statements, costs, 3);
    EXPECT_EQ(compressed.representatives.size(), 3u);
    EXPECT_EQ(compressed.error_bound(), 0);
    EXPECT_EQ(compressed.exact_share, 1);
}

TEST(Compress, EqualTextsBecomeOneWithoutError) {
    std::vector<Statement> statements = {filter(1, 1, "a"), filter(2, 5, "a")};
    statements[1].text = statements[0].text;
    const std::vector<double> costs = {100, 100};
    const CompressedWorkload compressed = compress(statements, costs, 10);
    ASSERT_EQ(compressed.representatives.size(), 1u);
    EXPECT_DOUBLE_EQ(compressed.representatives[0].calls, 6);
    EXPECT_EQ(compressed.error_bound(), 0);
}

TEST(Compress, MergesTheSameConditionsBeforeOtherConstants) {
    const std::vector<Statement> statements = {filter(1, 8, "a", "a = 1"), filter(2, 1, "a", "a = 1"),
                                               filter(3, 1, "a", "a = 2")};
    const std::vector<double> costs = {100, 50, 100};
    const CompressedWorkload two = compress(statements, costs, 2);
    EXPECT_EQ(ids_of(two, statements), (std::vector<std::vector<std::int64_t>>{{1, 1, 2}, {3, 3}}));
    EXPECT_DOUBLE_EQ(two.representatives[0].calls, 8.5); // 850 in units of 100
    EXPECT_DOUBLE_EQ(two.merged_share, 50.0 / 950);
    EXPECT_EQ(two.left_out_share, 0);
    const CompressedWorkload one = compress(statements, costs, 1);
    EXPECT_EQ(ids_of(one, statements), (std::vector<std::vector<std::int64_t>>{{1, 1, 2, 3}}));
    EXPECT_DOUBLE_EQ(one.merged_share, 150.0 / 950);
}

TEST(Compress, LeavesOutTheLightestLast) {
    const std::vector<Statement> statements = {filter(1, 1, "a"), filter(2, 1, "b"), filter(3, 1, "c")};
    const std::vector<double> costs = {70, 10, 20};
    const CompressedWorkload compressed = compress(statements, costs, 2);
    EXPECT_EQ(compressed.left_out, std::vector<std::size_t>{1});
    EXPECT_DOUBLE_EQ(compressed.left_out_share, 0.1);
    EXPECT_DOUBLE_EQ(compressed.exact_share, 0.9);
}

TEST(Compress, SignaturesTellApartWhatWantsOtherIndexes) {
    Statement base = filter(1, 1, "a", "a = 1");
    base.accesses[0].columns_read = {"a", "b"};
    const auto differs = [&](auto change) {
        Statement other = base;
        change(other);
        return access_signature(base, false) != access_signature(other, false);
    };
    EXPECT_FALSE(differs([](Statement &other) { other.accesses[0].predicates[0].constant_text = "a = 2"; }));
    EXPECT_FALSE(differs([](Statement &other) { other.accesses[0].columns_read = {"b", "a"}; }));
    EXPECT_TRUE(differs([](Statement &other) { other.accesses[0].table = 1; }));
    EXPECT_TRUE(differs([](Statement &other) { other.accesses[0].limit = true; }));
    EXPECT_TRUE(differs([](Statement &other) { other.accesses[0].columns_read = {"a"}; }));
    EXPECT_TRUE(differs([](Statement &other) { other.kind = StatementKind::update; }));
    EXPECT_TRUE(differs([](Statement &other) { other.accesses[0].predicates[0] = range("a"); }));
    EXPECT_TRUE(differs([](Statement &other) { other.accesses[0].order.push_back(by("a")); }));
    EXPECT_TRUE(differs([](Statement &other) { other.accesses[0].group.push_back(by("a")); }));
}

TEST(Compress, KeepsTheCostAndDependsOnNoOrder) {
    for (unsigned seed = 0; seed < 50; ++seed) {
        std::mt19937 random(seed);
        std::vector<std::size_t> order(200);
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::vector<Statement> statements;
        std::vector<double> costs;
        for (const std::size_t i : order) {
            statements.push_back(filter(static_cast<std::int64_t>(i), 1 + random() % 9,
                                        std::string(1, static_cast<char>('a' + random() % 5)),
                                        "= " + std::to_string(random() % 3), random() % 4));
            costs.push_back(1.0 + random() % 20);
        }
        for (const std::size_t limit : {std::size_t{300}, std::size_t{55}, std::size_t{20}, std::size_t{7}}) {
            const CompressedWorkload compressed = compress(statements, costs, limit);
            EXPECT_LE(compressed.representatives.size(), std::min<std::size_t>(limit, 200));
            double all = 0;
            for (std::size_t i = 0; i < statements.size(); ++i)
                all += statements[i].calls * costs[i];
            EXPECT_NEAR(represented_cost(compressed, costs), all * (1 - compressed.left_out_share),
                        1e-6 * all);
            EXPECT_NEAR(compressed.exact_share + compressed.merged_share + compressed.left_out_share, 1,
                        1e-9);
            std::vector<std::size_t> shuffled = order;
            std::shuffle(shuffled.begin(), shuffled.end(), random);
            std::vector<Statement> other;
            std::vector<double> other_costs;
            for (const std::size_t i : shuffled) {
                other.push_back(statements[i]);
                other_costs.push_back(costs[i]);
            }
            EXPECT_EQ(ids_of(compressed, statements), ids_of(compress(other, other_costs, limit), other));
        }
    }
}

} // namespace advisor::test
