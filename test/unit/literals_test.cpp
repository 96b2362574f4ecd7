// When a literal counts as part of the question, and when as one value of many.
#include "core/candidates/literals.h"

#include "test/unit/workload_builder.h"

#include <gtest/gtest.h>

namespace advisor::test {

using namespace core;

namespace {

const std::vector<Table> orders = {
    table("shop.orders", 1e6, {column("status", 5), column("customer", 50000), column("paid", 2)})};

Predicate literal(const std::string &key, const std::string &value, double executions) {
    Predicate predicate = equal(key);
    predicate.literal_text = key + " = " + value;
    predicate.literal_executions = executions;
    return predicate;
}

Statement asks(std::int64_t id, std::vector<Predicate> predicates) {
    TableAccess access;
    access.predicates = std::move(predicates);
    return statement(id, 1, {access});
}

std::string settled(std::vector<Statement> statements) {
    settle_literals(statements, orders);
    std::string text;
    for (const Statement &statement : statements)
        text += "[" + statement.accesses[0].predicates[0].constant_text + "]";
    return text;
}

} // namespace

TEST(Literals, OneThatNeverVariedIsPartOfTheQuestion) {
    EXPECT_EQ(settled({asks(1, {literal("status", "'open'", 40)})}), "[status = 'open']");
}

TEST(Literals, OneThatVariedIsNot) {
    EXPECT_EQ(settled({asks(1, {literal("status", "'open'", 0)})}), "[]");
}

TEST(Literals, AValueOfManyIsWhatSomebodyLookedUp) {
    EXPECT_EQ(settled({asks(1, {literal("customer", "42", 1000)})}), "[]");
    EXPECT_EQ(settled({asks(1, {literal("unknown", "42", 1000)})}), "[]") << "a column without statistics";
}

TEST(Literals, FewExecutionsMayHaveMetTheSameValueByChance) {
    EXPECT_EQ(settled({asks(1, {literal("status", "'open'", 2)})}), "[]");
    EXPECT_EQ(settled({asks(1, {literal("status", "'open'", 3)})}), "[status = 'open']");
    EXPECT_EQ(settled({asks(1, {literal("paid", "true", 3)})}), "[]") << "one of two values three times";
    EXPECT_EQ(settled({asks(1, {literal("paid", "true", 4)})}), "[paid = true]");
}

TEST(Literals, StatementsThatAskTheSameAreCountedTogether) {
    const auto open = [](std::int64_t id) {
        return asks(id, {literal("status", "'open'", 1), equal("customer")});
    };
    EXPECT_EQ(settled({open(1), open(2), open(3)}), "[status = 'open'][status = 'open'][status = 'open']");
    Statement other = asks(4, {literal("status", "'paid'", 1), equal("customer")});
    EXPECT_EQ(settled({open(1), open(2), open(3), other}), "[][][][]") << "one of them has another value";
    other.accesses[0].predicates.pop_back();
    EXPECT_EQ(settled({open(1), open(2), open(3), other}),
              "[status = 'open'][status = 'open'][status = 'open'][]")
        << "it asks something else";
}

} // namespace advisor::test
