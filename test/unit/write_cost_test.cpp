// Maintenance against use: an index that costs writers more than it saves readers is not chosen.
#include "core/costing/write_cost.h"

#include "core/selection/select.h"
#include "test/unit/synthetic_model.h"
#include "test/unit/workload_builder.h"

#include <gtest/gtest.h>

namespace advisor::test {

using namespace core;

TEST(WriteCost, OneEntryCostsAboutWhatTheDescentDoes) {
    EXPECT_NEAR(entry_cost(1e6, {}), 0.44, 0.02);
    EXPECT_LT(entry_cost(1e3, {}), entry_cost(1e6, {}));
    EXPECT_LT(entry_cost(1e6, {}), entry_cost(1e9, {}));
}

TEST(WriteCost, CountsTheEntriesThatWritesMake) {
    Table orders = table("orders", 1e6, {column("id", 1e6), column("status", 5), column("note", 1e5)});
    orders.indexes.push_back({"shop.orders_pkey", index_on(orders, {"id"}), 1000, true});
    const IndexDefinition by_status = index_on(orders, {"status"});
    IndexDefinition by_lower_note = index_on(orders, {"(lower(note))"});
    by_lower_note.keys[0].expression = true;
    IndexDefinition open_only = index_on(orders, {"id"});
    open_only.predicate = "status = 'open'";
    struct Case {
        const char *name;
        const IndexDefinition &definition;
        TableWrite write;
        double entry_share;
        double entries;
    };
    const Case cases[] = {
        {"an insert adds one entry", by_status, {0, 100, 0, 0, {}}, 1, 100},
        {"of another table", by_status, {1, 100, 100, 0, {}}, 1, 0},
        {"a partial index gets its share", open_only, {0, 100, 0, 0, {}}, 0.1, 10},
        {"an update of the key", by_status, {0, 0, 100, 0, {"status"}}, 1, 200},
        {"that was HOT costs the other index too", by_status, {0, 0, 100, 1, {"status"}}, 1, 500},
        {"a HOT update of another column is free", by_status, {0, 0, 100, 1, {"note"}}, 1, 0},
        {"one that is not HOT is not", by_status, {0, 0, 100, 0.25, {"note"}}, 1, 150},
        {"unknown columns count as all", by_status, {0, 0, 100, 0, {}}, 1, 200},
        {"a column in an expression", by_lower_note, {0, 0, 100, 1, {"note"}}, 1, 500},
        {"a part of a name is no column", by_lower_note, {0, 0, 100, 1, {"not"}}, 1, 0},
        {"a column of the predicate", open_only, {0, 0, 100, 1, {"status"}}, 0.5, 400},
    };
    for (const Case &one : cases) {
        const std::vector<TableWrite> writes = {one.write};
        EXPECT_NEAR(index_write_cost(one.definition, orders, 0, writes, one.entry_share, {}),
                    one.entries * entry_cost(1e6, {}), 1e-6)
            << one.name;
    }
}

// A counter that every page view updates, and a report that searches by it.
TEST(WriteCost, AnIndexOnAColumnThatEveryUpdateWritesNeedsReadersThatPay) {
    const std::vector<Table> tables = {table("pages", 1e5, {column("id", 1e5), column("views", 1e4)})};
    TableAccess access;
    access.predicates = {equal("views")};
    struct Case {
        double reads, updates;
        bool chosen;
    };
    for (const Case &one :
         {Case{1, 1e6, false}, Case{10, 1e6, false}, Case{1e5, 1e6, true}, Case{10, 0, true}}) {
        const std::vector<Statement> statements = {statement(1, one.reads, {access})};
        const std::vector<Candidate> candidates = generate_candidates(statements, tables, {});
        const std::size_t by_views = find_candidate(candidates, index_on(tables[0], {"views"}));
        const std::vector<TableWrite> writes = {{0, 0, one.updates, 1, {"views"}}};
        SyntheticModel model(candidates, statements, tables);
        model.write_cost[by_views] =
            index_write_cost(candidates[by_views].definition, tables[0], 0, writes, 1, {});
        const Selection selection =
            select_indexes(candidates, statements, calls_of(statements), model, {}, nullptr);
        EXPECT_EQ(!selection.chosen.empty(), one.chosen)
            << one.reads << " reads, " << one.updates << " updates";
        if (!one.chosen) {
            EXPECT_EQ(selection.verdicts[by_views].verdict, Verdict::write_cost)
                << selection.verdicts[by_views].reason;
        }
    }
}

} // namespace advisor::test
