// Index definitions as SQL: quoting, dialects, names.
#include "core/catalog/ddl.h"

#include "test/unit/workload_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace advisor::test {

using namespace core;

namespace {

bool is_whole_utf8(const std::string &text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if ((lead & 0xC0) == 0x80 || i + length > text.size())
            return false;
        i += length;
    }
    return true;
}

} // namespace

TEST(Ddl, WritesEachPartOfADefinition) {
    const Table orders = table("orders", 1, {});
    IndexDefinition all = index_on(orders, {"a", "b", "c"}, {"d", "\"E f\""});
    all.unique = true;
    all.keys[0].descending = all.keys[0].nulls_first = true;
    all.keys[1].collation = "\"C\"";
    all.keys[1].opclass = "text_pattern_ops";
    all.keys[1].nulls_first = true;
    all.keys[2].text = "(lower(c))";
    all.keys[2].expression = all.keys[2].descending = true;
    all.predicate = "d IS NULL";
    EXPECT_EQ(
        create_index_sql(all, Dialect::postgresql, "Orders by", true),
        "CREATE UNIQUE INDEX CONCURRENTLY \"Orders by\" ON shop.orders (a DESC, b COLLATE \"C\" "
        "text_pattern_ops NULLS FIRST, (lower(c)) DESC NULLS LAST) INCLUDE (d, \"E f\") WHERE d IS NULL");
    EXPECT_EQ(create_index_sql(all, Dialect::sqlite, "Orders by", true),
              "CREATE UNIQUE INDEX shop.\"Orders by\" ON orders (a DESC, b COLLATE \"C\", (lower(c)) DESC) "
              "WHERE d IS NULL");
    IndexDefinition brin = index_on(orders, {"day"});
    brin.method = IndexMethod::brin;
    EXPECT_EQ(create_index_sql(brin, Dialect::postgresql), "CREATE INDEX ON shop.orders USING brin (day)");
}

TEST(Ddl, PutsTheSchemaWhereSqliteWantsIt) {
    struct Case {
        const char *table, *sql;
    };
    for (const Case &one : {Case{"orders", "CREATE INDEX i ON orders (a)"},
                            Case{"main.\"my.orders\"", "CREATE INDEX main.i ON \"my.orders\" (a)"},
                            Case{"\"a\"\".b\".\"c\"\"d\"", "CREATE INDEX \"a\"\".b\".i ON \"c\"\"d\" (a)"}}) {
        IndexDefinition definition;
        definition.table = one.table;
        definition.keys = {key("a")};
        EXPECT_EQ(create_index_sql(definition, Dialect::sqlite, "i"), one.sql);
    }
}

TEST(Ddl, QuotesWhereNeeded) {
    struct Case {
        const char *name, *quoted;
    };
    for (const Case &one :
         {Case{"orders_2", "orders_2"}, Case{"_x", "_x"}, Case{"2nd", "\"2nd\""}, Case{"", "\"\""},
          Case{"Orders", "\"Orders\""}, Case{"or\"der", "\"or\"\"der\""}, Case{"a b", "\"a b\""},
          Case{"größe", "\"größe\""}, Case{"user", "\"user\""}, Case{"order", "\"order\""},
          Case{"group", "\"group\""}, Case{"a.b", "\"a.b\""}, Case{"drop table", "\"drop table\""}}) {
        EXPECT_EQ(quote_identifier(one.name), one.quoted);
        EXPECT_EQ(unquoted_name("shop." + quote_identifier(one.name)), one.name);
        EXPECT_EQ(beside("\"a.b\".t", one.name), std::string("\"a.b\".") + one.quoted);
    }
    EXPECT_EQ(quote_literal("it's"), "'it''s'");
    EXPECT_EQ(unquoted_name("plain"), "plain");
}

TEST(Ddl, NamesSayTableAndColumns) {
    const Table orders = table("orders", 1, {});
    EXPECT_EQ(index_name(index_on(orders, {"customer", "day"}), orders, {}), "orders_customer_day_idx");
    IndexDefinition expression = index_on(orders, {"(lower((note)::text))"});
    expression.keys[0].expression = true;
    EXPECT_EQ(index_name(expression, orders, {}), "orders_lower_note_text_idx");
    IndexDefinition partial = index_on(orders, {"\"Ship To\""});
    partial.predicate = "x";
    EXPECT_EQ(index_name(partial, orders, {}), "orders_Ship To_part_idx");
    const std::vector<std::string> taken = {"orders_day_idx", "orders_day_idx1"};
    EXPECT_EQ(index_name(index_on(orders, {"day"}), orders, taken), "orders_day_idx2");
}

TEST(Ddl, NamesFitIntoSixtyThreeBytes) {
    const std::string umlauts = "größenänderungsübersichtsschlüssel";
    for (const std::string &name : {std::string(200, 'x'), umlauts + umlauts, std::string("t")})
        for (const std::string &key_name :
             {std::string(100, 'y'), "\"" + umlauts + umlauts + "\"", std::string("k")}) {
            const Table long_table = table(name, 1, {});
            std::vector<std::string> taken;
            for (int i = 0; i < 12; ++i) {
                const std::string given =
                    index_name(index_on(long_table, {key_name, key_name}), long_table, taken);
                EXPECT_LE(given.size(), 63U) << given;
                EXPECT_TRUE(is_whole_utf8(given)) << given;
                EXPECT_EQ(std::count(taken.begin(), taken.end(), given), 0) << given;
                EXPECT_EQ(given[0], name[0]);
                taken.push_back(given);
            }
        }
}

} // namespace advisor::test
