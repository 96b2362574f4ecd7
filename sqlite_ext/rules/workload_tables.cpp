#include "sqlite_ext/rules/workload_tables.h"

#include "sqlite_ext/functions/tables.h"
#include "sqlite_ext/text/read_part.h"

namespace advisor::sqlite {

namespace {

// Puts a row together, one value after the other.
class RowWriter {
public:
    RowWriter(sqlite3 *catalog, const std::string &table, int columns)
        : insert_(catalog, "INSERT OR IGNORE INTO " + table + " VALUES(?" + places(columns - 1) + ")") {}

    RowWriter &operator<<(std::int64_t value) {
        insert_.bind(++column_, value);
        return *this;
    }
    RowWriter &operator<<(std::string_view value) {
        insert_.bind(++column_, value);
        return *this;
    }
    RowWriter &operator<<(double value) {
        sqlite3_bind_double(insert_.get(), ++column_, value);
        return *this;
    }
    void end() {
        insert_.step();
        insert_.reset();
        column_ = 0;
    }

private:
    static std::string places(int count) {
        std::string text;
        for (int i = 0; i < count; ++i)
            text += ", ?";
        return text;
    }

    Query insert_;
    int column_ = 0;
};

void add_statements(sqlite3 *catalog, const Store &store) {
    RowWriter row(catalog, "statements", 21);
    for (const RecordedStatement &statement : store.statements()) {
        const Counters &sum = statement.counters;
        const bool writes =
            statement.kind != core::StatementKind::select && statement.kind != core::StatementKind::other;
        const Example example =
            statement.examples.empty() ? Example{statement.query, ""} : statement.examples.front();
        row << statement.queryid << statement.query << kind_name(statement.kind) << sum.calls << sum.total_ms
            << std::string_view(writes ? read_part(statement.query).written_table : "")
            << iso_time(statement.first_seen) << iso_time(statement.last_seen) << sum.max_ms << sum.rows
            << sum.vm_steps << sum.fullscan_steps << sum.sorts << sum.autoindex_rows << sum.reprepares
            << sum.autocommits << statement.texts << statement.bursts.count << statement.bursts.longest
            << statement.bursts.after << example.text;
        row.end();
    }
    if (const ObservedWindow observed = store.observed(); observed.from > 0) {
        RowWriter window(catalog, "observed", 2);
        window << iso_time(observed.from) << iso_time(observed.to);
        window.end();
    }
}

void add_usage(sqlite3 *catalog, const std::vector<IndexUse> &usage) {
    RowWriter row(catalog, "index_usage", 5);
    for (const IndexUse &use : usage) {
        row << use.schema << use.name << use.table << use.calls << use.table_calls;
        row.end();
    }
}

void add_facts(sqlite3 *catalog, const StatementFacts &facts) {
    RowWriter plan(catalog, "plan_lines", 12);
    std::int64_t position = 0;
    for (const PlanLine &line : facts.plans) {
        plan << line.queryid << ++position << line.operation << line.schema << line.table << line.index
             << std::int64_t{line.covering} << std::int64_t{line.automatic} << std::int64_t{line.skips}
             << std::int64_t{line.equalities} << line.columns << line.detail;
        plan.end();
    }
    RowWriter trait(catalog, "statement_traits", 6);
    for (const StatementTrait &found : facts.traits) {
        trait << found.queryid << found.trait.name << found.trait.schema << found.trait.table
              << found.trait.column << found.trait.detail;
        trait.end();
    }
    RowWriter advised(catalog, "advised_statements", 1);
    for (const std::int64_t queryid : facts.advised) {
        advised << queryid;
        advised.end();
    }
}

} // namespace

void fill_workload_tables(sqlite3 *catalog, const Store &store, const std::vector<IndexUse> &usage,
                          const StatementFacts &facts) {
    add_statements(catalog, store);
    add_usage(catalog, usage);
    add_facts(catalog, facts);
}

} // namespace advisor::sqlite
