// Several findings as one script: order, what keeps it repeatable, and names that are no statements.
#include "core/render/apply_script.h"

#include <gtest/gtest.h>

#include <string>

namespace advisor::test {

using namespace core;

namespace {

using Kind = ScriptStep::Kind;

ScriptFinding creates(const std::string &id, const std::string &index, const std::string &sql) {
    ScriptStep step;
    step.kind = Kind::create_index;
    step.sql = sql;
    step.table = "shop.orders";
    step.index = index;
    step.concurrently = true;
    return {id, "missing-index-filter", "title of " + id, "", {step}};
}

ScriptFinding drops(const std::string &id, const std::string &index, const std::string &kept) {
    ScriptStep step;
    step.kind = Kind::drop_index;
    step.sql = "DROP INDEX CONCURRENTLY " + index;
    step.index = index;
    step.concurrently = true;
    return {id, "duplicate-index", "title of " + id, kept, {step}};
}

bool holds(const std::string &text, const std::string &part) {
    return text.find(part) != std::string::npos;
}

std::size_t place(const std::string &text, const std::string &part) {
    return text.find(part);
}

} // namespace

TEST(ApplyScript, CreatesBeforeItDrops) {
    const std::string script =
        apply_script({drops("d", "shop.old", "shop.kept"),
                      creates("c", "shop.new", "CREATE INDEX CONCURRENTLY new ON shop.orders (a)")},
                     "shop");
    EXPECT_LT(place(script, "CREATE INDEX CONCURRENTLY new"), place(script, "is not valid"));
    EXPECT_LT(place(script, "is not valid"), place(script, "DROP INDEX CONCURRENTLY shop.old"));
    EXPECT_TRUE(holds(script, "\\set ON_ERROR_STOP on"));
    EXPECT_TRUE(holds(script, "to_regclass('shop.kept')"));
}

TEST(ApplyScript, LeavesToHumansWhatCannotBeRepeated) {
    ScriptFinding other{"o", "no-primary-key", "no key", "", {}};
    other.steps.push_back({Kind::by_hand, "ALTER TABLE a\nADD COLUMN b int", "", "", false, false, false});
    const std::string script = apply_script({other}, "shop");
    EXPECT_TRUE(holds(script, "\n-- ALTER TABLE a\n-- ADD COLUMN b int;"));
    EXPECT_FALSE(holds(script, "\nALTER"));
}

TEST(ApplyScript, DoesNotTakeOneNameForTwoIndexes) {
    const std::string script =
        apply_script({creates("1", "shop.i", "CREATE INDEX CONCURRENTLY i ON shop.orders (a)"),
                      creates("2", "shop.i", "CREATE INDEX CONCURRENTLY i ON shop.orders (a, b)")},
                     "shop");
    EXPECT_TRUE(holds(script, "SELECT 'CREATE INDEX CONCURRENTLY i ON shop.orders (a)'"));
    EXPECT_TRUE(holds(script, "\n-- CREATE INDEX CONCURRENTLY i ON shop.orders (a, b);"));
}

TEST(ApplyScript, LetsNoNameEndAComment) {
    ScriptFinding finding = drops("d", "shop.\"a\n; DROP TABLE b\"", "");
    finding.title = "index \"a\n; DROP TABLE b\r\n; DROP TABLE c\" repeats";
    const std::string script = apply_script({finding}, "\"x\n; DROP TABLE d\"");
    EXPECT_FALSE(holds(script, "\n; DROP TABLE c"));
    EXPECT_FALSE(holds(script, "\n; DROP TABLE d"));
    for (std::size_t at = place(script, "\n; DROP TABLE b"); at != std::string::npos;
         at = script.find("\n; DROP TABLE b", at + 1)) // within a literal only
        EXPECT_EQ(script.substr(script.rfind('\'', at), 1), "'");
}

} // namespace advisor::test
