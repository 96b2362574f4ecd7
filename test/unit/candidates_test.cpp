// Which indexes are proposed for which statement.
#include "core/candidates/generate.h"

#include "core/candidates/relevance.h"
#include "core/catalog/ddl.h"
#include "core/error.h"
#include "test/unit/workload_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace advisor::test {

using namespace core;

namespace {

const std::string on_orders = "CREATE INDEX ON shop.orders ";

Table orders() {
    return table("orders", 1e6,
                 {column("id", 1e6), column("customer", 1e5), column("state", 5), column("day", 2000, 4),
                  column("total", 1e5), column("note", 9e5, 200)});
}

SortKey sort(const std::string &text, bool descending = false) {
    SortKey result;
    result.key = text;
    result.descending = result.nulls_first = descending;
    return result;
}

std::set<std::string> definitions(const std::vector<Candidate> &candidates) {
    std::set<std::string> result;
    for (const Candidate &candidate : candidates)
        result.insert(create_index_sql(candidate.definition, Dialect::postgresql));
    return result;
}

std::set<std::string> proposed(std::vector<TableAccess> accesses, const CandidateOptions &options = {},
                               const std::vector<Table> &tables = {orders()}) {
    const std::vector<Statement> statements = {statement(1, 10, std::move(accesses))};
    return definitions(generate_candidates(statements, tables, options));
}

TableAccess access(std::vector<Predicate> predicates, std::vector<SortKey> order = {}, bool limit = false) {
    TableAccess result;
    result.predicates = std::move(predicates);
    result.order = std::move(order);
    result.limit = limit;
    return result;
}

} // namespace

TEST(Candidates, ForEachShapeOfAccess) {
    TableAccess covered = access({equal("customer")});
    covered.columns_read = {"customer", "total"};
    TableAccess wide = access({equal("customer")});
    wide.columns_read = {"customer", "note"};
    TableAccess grouped = access({equal("customer")});
    grouped.group = {sort("day")};
    Predicate in_list = equal("state");
    in_list.comparison = Comparison::any_of;
    Predicate not_null = equal("total", "total IS NOT NULL");
    not_null.comparison = Comparison::other;
    struct Case {
        const char *name;
        TableAccess access;
        std::set<std::string> wanted;
        std::set<std::string> unwanted;
    };
    const Case cases[] = {
        {"one column", access({equal("customer")}), {"(customer)"}, {"(id)"}},
        {"most selective first", access({equal("state"), equal("customer")}), {"(customer, state)"}, {}},
        {"equality before the range",
         access({range("day"), equal("customer")}),
         {"(customer, day)", "(day)"},
         {"(day, customer)"}},
        {"one range only", access({range("day"), range("total")}), {"(day)", "(total)"}, {"(day, total)"}},
        {"equality before the order",
         access({equal("customer")}, {sort("day")}),
         {"(customer, day)"},
         {"(day)"}},
        {"order alone under a limit", access({}, {sort("day")}, true), {"(day)"}, {}},
        {"no order alone without", access({}, {sort("day")}), {}, {"(day)"}},
        {"descending is read backwards",
         access({equal("customer")}, {sort("day", true)}),
         {"(customer, day)"},
         {"(customer, day DESC)"}},
        {"mixed directions",
         access({}, {sort("day", true), sort("id")}, true),
         {"(day, id DESC)"},
         {"(day, id)"}},
        {"an order that is fixed already",
         access({equal("customer")}, {sort("customer"), sort("day")}),
         {"(customer, day)"},
         {}},
        {"a list does not keep the order",
         access({in_list}, {sort("day")}, true),
         {"(day)", "(state)"},
         {"(state, day)"}},
        {"conditions left over under a limit",
         access({range("total")}, {sort("day")}, true),
         {"(day, total)"},
         {}},
        {"a join column both ways",
         access({join("customer"), equal("state")}),
         {"(customer, state)", "(state, customer)", "(customer)"},
         {}},
        {"group keys", grouped, {"(customer, day)"}, {}},
        {"few columns are included", covered, {"(customer) INCLUDE (total)", "(customer)"}, {}},
        {"wide ones are not", wide, {"(customer)"}, {"(customer) INCLUDE (note)"}},
        {"a constant condition",
         access({equal("state", "state = 'open'"), equal("customer")}),
         {"(customer) WHERE state = 'open'", "(customer, state)"},
         {}},
        {"a constant condition alone",
         access({equal("state", "state = 'open'")}),
         {"(state) WHERE state = 'open'"},
         {}},
        {"a condition that no key serves",
         access({not_null, equal("customer")}),
         {"(customer) WHERE total IS NOT NULL"},
         {"(total)", "(customer, total)"}},
    };
    for (const Case &one : cases) {
        const std::set<std::string> found = proposed({one.access});
        for (const std::string &definition : one.wanted)
            EXPECT_TRUE(found.contains(on_orders + definition)) << one.name << ": no " << definition;
        for (const std::string &definition : one.unwanted)
            EXPECT_FALSE(found.contains(on_orders + definition)) << one.name << ": " << definition;
    }
}

TEST(Candidates, FollowTheOptions) {
    TableAccess covered = access({equal("customer")});
    covered.columns_read = {"customer", "total"};
    CandidateOptions options;
    options.include_columns = false;
    EXPECT_TRUE(proposed({covered}, options).contains(on_orders + "(customer, total)"));

    options = {};
    options.max_columns = 1;
    const auto narrow = proposed({access({equal("customer"), equal("state"), range("day")})}, options);
    const std::set<std::string> singles = {on_orders + "(customer)", on_orders + "(day)",
                                           on_orders + "(state)"};
    EXPECT_EQ(narrow, singles);

    options = {};
    options.partial = false;
    for (const std::string &definition : proposed({access({equal("state", "state = 'open'")})}, options))
        EXPECT_EQ(definition.find("WHERE"), std::string::npos) << definition;

    Predicate lower = equal("(lower(note))");
    lower.expression = true;
    EXPECT_TRUE(proposed({access({lower})}).contains(on_orders + "((lower(note)))"));
    options = {};
    options.expressions = false;
    EXPECT_TRUE(proposed({access({lower})}, options).empty());

    Predicate prefix = equal("note");
    prefix.comparison = Comparison::prefix;
    const std::set<std::string> plain = {on_orders + "(note)"};
    EXPECT_EQ(proposed({access({prefix})}), plain);
    options = {};
    options.prefix_opclass = "text_pattern_ops";
    const std::set<std::string> both = {on_orders + "(note)", on_orders + "(note text_pattern_ops)"};
    EXPECT_EQ(proposed({access({prefix})}, options), both);

    // An engine without NULLS order: a descending sort is the ascending index read backwards.
    SortKey last = sort("day", true);
    last.nulls_first = false;
    options = {};
    EXPECT_TRUE(proposed({access({}, {last}, true)}, options).contains(on_orders + "(day NULLS FIRST)"));
    options.null_order = false;
    EXPECT_TRUE(proposed({access({}, {last}, true)}, options).contains(on_orders + "(day)"));

    std::vector<Table> small = {orders()};
    small[0].rows = 999;
    EXPECT_TRUE(proposed({access({equal("customer")})}, {}, small).empty());
}

TEST(Candidates, AreNotWhatExistsAlready) {
    struct Case {
        const char *name;
        IndexDefinition existing;
        bool proposed;
    };
    IndexDefinition partial = index_on(orders(), {"customer"});
    partial.predicate = "state = 'open'";
    IndexDefinition backwards = index_on(orders(), {"customer"});
    backwards.keys[0] = key("customer", true);
    IndexDefinition pattern = index_on(orders(), {"customer"});
    pattern.keys[0].opclass = "text_pattern_ops";
    IndexDefinition hashed = index_on(orders(), {"customer"});
    hashed.method = IndexMethod::hash;
    IndexDefinition unique = index_on(orders(), {"customer"});
    unique.unique = true;
    const Case cases[] = {
        {"the same", index_on(orders(), {"customer"}), false},
        {"a unique one", unique, false},
        {"a longer one", index_on(orders(), {"customer", "day"}), false},
        {"one that is read backwards", backwards, false},
        {"another order", index_on(orders(), {"day", "customer"}), true},
        {"a partial one", partial, true},
        {"another operator class", pattern, true},
        {"another method", hashed, true},
    };
    for (const Case &one : cases) {
        std::vector<Table> tables = {orders()};
        tables[0].indexes = {{"shop.existing", one.existing, 0, false}};
        const auto found = proposed({access({equal("customer")})}, {}, tables);
        EXPECT_EQ(found.contains(on_orders + "(customer)"), one.proposed) << one.name;
    }
}

TEST(Candidates, AreMergedAcrossStatements) {
    TableAccess first = access({equal("customer")}), second = access({equal("customer"), range("day")});
    first.columns_read = {"customer", "total"};
    const std::vector<Statement> statements = {statement(1, 1, {first}), statement(2, 1, {second})};
    const std::vector<Table> tables = {orders()};
    const std::vector<Candidate> candidates = generate_candidates(statements, tables, {});
    const std::size_t merged =
        find_candidate(candidates, index_on(tables[0], {"customer", "day"}, {"total"}));
    const std::vector<std::size_t> both = {0, 1};
    EXPECT_EQ(candidates[merged].statements, both);
}

TEST(Candidates, ShareTheColumnThatMoreStatementsAskFor) {
    const std::vector<Statement> statements = {statement(1, 1, {access({equal("customer"), equal("state")})}),
                                               statement(2, 100, {access({equal("state")})})};
    const std::vector<Table> tables = {orders()};
    EXPECT_TRUE(has_candidate(generate_candidates(statements, tables, {}),
                              index_on(tables[0], {"state", "customer"})));
}

TEST(Candidates, SayWhatTheyAreFor) {
    const std::vector<Statement> statements = {
        statement(1, 10, {access({equal("customer")})}),
        statement(2, 1, {access({join("customer")})}),
        statement(3, 1, {access({join("total")})}),
        statement(4, 1, {access({equal("state")}, {sort("day")})}),
    };
    const std::vector<Table> tables = {orders()};
    const std::vector<Candidate> candidates = generate_candidates(statements, tables, {});
    const auto purpose = [&](std::vector<std::string> keys) {
        return candidates[find_candidate(candidates, index_on(tables[0], std::move(keys)))].purpose;
    };
    EXPECT_EQ(purpose({"customer"}), Purpose::filter); // more calls filter than join
    EXPECT_EQ(purpose({"total"}), Purpose::join);
    EXPECT_EQ(purpose({"state", "day"}), Purpose::sort);
}

TEST(Candidates, AreBoundedAndInAFixedOrder) {
    Workload workload = random_workload(4, 6, 80);
    CandidateOptions options;
    const std::vector<Candidate> all = generate_candidates(workload.statements, workload.tables, options);
    options.max_candidates = 50;
    const std::vector<Candidate> some = generate_candidates(workload.statements, workload.tables, options);
    ASSERT_GT(all.size(), 100U);
    EXPECT_EQ(some.size(), 50U);
    EXPECT_EQ(definitions(all).size(), all.size()) << "duplicates";
    std::mt19937 engine(1);
    std::shuffle(workload.statements.begin(), workload.statements.end(), engine);
    const std::vector<Candidate> shuffled = generate_candidates(workload.statements, workload.tables, {});
    ASSERT_EQ(shuffled.size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        EXPECT_EQ(shuffled[i].definition, all[i].definition);
}

TEST(Candidates, RefuseAStatementOnAnUnknownTable) {
    TableAccess nowhere = access({equal("customer")});
    nowhere.table = 7;
    EXPECT_THROW(proposed({nowhere}), Error);
}

TEST(Service, TellsWhatAnIndexOffers) {
    const std::vector<Table> tables = {orders()};
    TableAccess wanted = access({equal("customer"), range("day"), equal("state", "state = 'open'")});
    wanted.columns_read = {"customer", "day", "state", "total"};
    const Statement asking = statement(1, 1, {wanted});
    const auto offer = [&](std::vector<std::string> keys, std::vector<std::string> include = {},
                           std::vector<std::string> conditions = {}) {
        Candidate candidate;
        candidate.definition = index_on(tables[0], std::move(keys), std::move(include));
        candidate.conditions = std::move(conditions);
        return service(candidate, asking);
    };
    EXPECT_EQ(offer({"id"}), "") << "not asked for";
    EXPECT_EQ(offer({"id", "customer"}), "") << "not the leading key";
    EXPECT_EQ(offer({"customer"}, {}, {"state = 'closed'"}), "") << "another condition";
    EXPECT_NE(offer({"customer"}), "");
    EXPECT_EQ(offer({"customer"}), offer({"customer", "id"})) << "the further key does not matter";
    EXPECT_NE(offer({"customer"}), offer({"customer", "day"}));
    EXPECT_NE(offer({"customer"}), offer({"customer"}, {"day", "state", "total"})) << "covering";
    EXPECT_NE(offer({"id"}, {}, {"state = 'open'"}), "") << "its condition alone";
    EXPECT_NE(offer({"id"}, {"customer", "day", "state", "total"}), "") << "narrower than the table";
}

} // namespace advisor::test
