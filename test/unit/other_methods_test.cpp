// Hash, BRIN, GIN, GiST and SP-GiST candidates, and what is said where an extension is missing.
#include "core/candidates/other_methods.h"
#include "core/candidates/relevance.h"
#include "core/catalog/ddl.h"
#include "core/rules/extension_hint.h"
#include "core/workload/compress.h"
#include "test/unit/workload_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace advisor::test {

using namespace core;

namespace {

Table documents() {
    Table result =
        table("documents", 1e6,
              {column("id", 1e6), column("token", 1e6, 33), column("state", 5), column("tags", 0, 40),
               column("doc", 0, 200), column("at", 1e6), column("span", 0, 16)});
    result.columns[5].correlation = -0.99;
    return result;
}

MethodUse use(const std::string &key, IndexMethod method, const std::string &opclass = "") {
    MethodUse result;
    result.key = key;
    result.method = method;
    result.opclass = opclass;
    return result;
}

TableAccess access(std::vector<Predicate> predicates, std::vector<MethodUse> methods) {
    TableAccess result;
    result.predicates = std::move(predicates);
    result.methods = std::move(methods);
    return result;
}

// Definitions of other methods than the b-tree, after "USING ".
std::set<std::string> proposed(const std::vector<TableAccess> &accesses, const Table &on = documents()) {
    std::vector<Statement> statements;
    for (const TableAccess &one : accesses)
        statements.push_back(statement(static_cast<std::int64_t>(statements.size()) + 1, 10, {one}));
    const std::vector<Table> tables = {on};
    std::set<std::string> result;
    for (const Candidate &candidate : generate_candidates(statements, tables, {})) {
        const std::string sql = create_index_sql(candidate.definition, Dialect::postgresql);
        if (const auto at = sql.find("USING "); at != std::string::npos)
            result.insert(sql.substr(at + 6));
    }
    return result;
}

using Definitions = std::set<std::string>;

} // namespace

TEST(OtherMethods, EachServiceableConditionIsProposed) {
    EXPECT_EQ(proposed({access(
                  {}, {use("doc", IndexMethod::gin), use("doc", IndexMethod::gin, "jsonb_path_ops")})}),
              (Definitions{"gin (doc)", "gin (doc jsonb_path_ops)"}));
    EXPECT_EQ(proposed({access({}, {use("span", IndexMethod::gist), use("span", IndexMethod::spgist)})}),
              (Definitions{"gist (span)", "spgist (span)"}));
}

TEST(OtherMethods, GinComesBeforeGist) {
    EXPECT_EQ(
        proposed({access({}, {use("doc", IndexMethod::gin), use("doc", IndexMethod::gist, "slow_ops")})}),
        (Definitions{"gin (doc)"}));
}

TEST(OtherMethods, GinServesSeveralColumnsAtOnce) {
    EXPECT_EQ(proposed({access({}, {use("tags", IndexMethod::gin), use("doc", IndexMethod::gin)})}),
              (Definitions{"gin (doc)", "gin (tags)", "gin (doc, tags)"}));
    EXPECT_EQ(proposed({access({}, {use("tags", IndexMethod::gist), use("span", IndexMethod::gist)})}).size(),
              2U);
}

TEST(OtherMethods, ConditionsThatNeverVaryMakePartialOnes) {
    EXPECT_EQ(proposed({access({equal("state", "state = 'open'")}, {use("tags", IndexMethod::gin)})}),
              (Definitions{"gin (tags)", "gin (tags) WHERE state = 'open'"}));
}

TEST(OtherMethods, HashOnlyForWideKeysThatNobodyWantsInOrder) {
    const TableAccess wide = access({equal("token")}, {use("token", IndexMethod::hash)});
    EXPECT_EQ(proposed({wide}), (Definitions{"hash (token)"}));
    EXPECT_EQ(proposed({access({equal("id")}, {use("id", IndexMethod::hash)})}), Definitions{}) << "narrow";
    EXPECT_EQ(proposed({wide, access({range("token")}, {})}), Definitions{}) << "in a range elsewhere";
    TableAccess sorted;
    sorted.order.push_back({"token", false, false, false, ""});
    EXPECT_EQ(proposed({wide, sorted}), Definitions{}) << "sorted elsewhere";
    Table repeated = documents();
    repeated.columns[1].distinct = 100;
    EXPECT_EQ(proposed({wide}, repeated), Definitions{}) << "many rows of one value";
    Table indexed = documents();
    indexed.indexes.push_back({"shop.i", index_on(indexed, {"token", "id"}), 0, false});
    EXPECT_EQ(proposed({wide}, indexed), Definitions{}) << "a b-tree is there";
}

TEST(OtherMethods, BrinOnlyForLargeTablesInOrder) {
    const TableAccess recent = access({range("at")}, {use("at", IndexMethod::brin)});
    EXPECT_EQ(proposed({recent}), (Definitions{"brin (at)", "brin (at) WITH (pages_per_range = 16)"}));
    EXPECT_EQ(proposed({access({range("id")}, {use("id", IndexMethod::brin)})}), Definitions{});
    Table small = documents();
    small.rows = 50000;
    EXPECT_EQ(proposed({recent}, small), Definitions{});
    Table narrow = documents();
    narrow.bytes = 8192 * 1000;
    EXPECT_EQ(proposed({recent}, narrow), Definitions{});
}

TEST(OtherMethods, WhatExistsIsNotProposedAgain) {
    Table indexed = documents();
    IndexDefinition existing = index_on(indexed, {"tags"});
    existing.method = IndexMethod::gin;
    indexed.indexes.push_back({"shop.i", existing, 0, false});
    EXPECT_EQ(proposed({access({}, {use("tags", IndexMethod::gin)})}, indexed), Definitions{});
}

TEST(OtherMethods, ServeOnlyTheirOwnConditions) {
    Candidate candidate;
    candidate.definition = index_on(documents(), {"tags"});
    candidate.definition.method = IndexMethod::gin;
    const auto offer = [&](const TableAccess &one) { return service(candidate, statement(1, 1, {one})); };
    const std::string own = offer(access({}, {use("tags", IndexMethod::gin)}));
    EXPECT_NE(own, "");
    EXPECT_EQ(offer(access({}, {use("tags", IndexMethod::gist)})), "");
    EXPECT_EQ(offer(access({}, {use("tags", IndexMethod::gin, "other_ops")})), "");
    EXPECT_EQ(offer(access({equal("tags")}, {})), "") << "equality is a b-tree's";
    TableAccess covered = access({}, {});
    covered.columns_read = {"tags"};
    EXPECT_EQ(offer(covered), "") << "a GIN gives no values back";
    candidate.definition.method = IndexMethod::btree;
    EXPECT_NE(offer(access({equal("tags")}, {})), own);
}

TEST(OtherMethods, MakeFamiliesOfStatements) {
    const auto signature = [](const MethodUse &one) {
        return access_signature(statement(1, 1, {access({}, {one})}), false);
    };
    EXPECT_NE(signature(use("tags", IndexMethod::gin)), signature(use("doc", IndexMethod::gin)));
    EXPECT_NE(signature(use("tags", IndexMethod::gin)), signature(use("tags", IndexMethod::gist)));
    EXPECT_EQ(signature(use("tags", IndexMethod::gin)), signature(use("tags", IndexMethod::gin)));
}

TEST(ExtensionHints, OnePerTableThatIsNotSmall) {
    TableAccess searched;
    searched.substring_keys = {"token", "token"};
    const std::vector<Statement> statements = {statement(7, 10, {searched}), statement(8, 5, {searched})};
    const std::vector<Table> tables = {documents()};
    const auto hints = extension_hints(statements, tables, 1000, {});
    ASSERT_EQ(hints.size(), 1U);
    EXPECT_EQ(hints[0].finding.title,
              "2 statements search inside texts of shop.documents, which only the extension "
              "pg_trgm can index");
    EXPECT_EQ(hints[0].finding.fix, "CREATE EXTENSION pg_trgm;");
    EXPECT_EQ(hints[0].finding.severity, Severity::info);
    EXPECT_EQ(hints[0].statements, (std::vector<std::size_t>{0, 1}));
    EXPECT_TRUE(extension_hints(statements, tables, 1e7, {}).empty());
    EXPECT_TRUE(extension_hints({}, tables, 1000, {}).empty());
}

} // namespace advisor::test
