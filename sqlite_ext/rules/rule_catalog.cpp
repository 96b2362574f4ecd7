#include "sqlite_ext/rules/rule_catalog.h"

#include "sqlite_ext/boundary.h"
#include "sqlite_ext/functions/tables.h"
#include "sqlite_ext/rules/catalog_tables.h"
#include "sqlite_ext/rules/rule_functions.h"
#include "sqlite_ext/rules/workload_tables.h"
#include "sqlite_ext/what_if/row_count.h"

#include <array>
#include <cmath>
#include <string_view>
#include <vector>

namespace advisor::sqlite {

namespace {

constexpr int flags =
    SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
constexpr int steps_between_looks_at_the_clock = 1000;

std::vector<std::string> texts_of(sqlite3 *connection, const std::string &query) {
    std::vector<std::string> texts;
    Query rows(connection, query);
    while (rows.step())
        texts.push_back(rows.text(0));
    return texts;
}

// One SELECT per attached schema, for tables that each schema has.
std::string for_each_schema(sqlite3 *host, const std::string &columns, const std::string &table,
                            bool only_where_present) {
    std::string query;
    for (const std::string &schema : texts_of(host, "SELECT name FROM pragma_database_list ORDER BY seq")) {
        if (only_where_present && texts_of(host, "SELECT 1 FROM " + sqlite::quoted(schema) +
                                                     ".sqlite_schema WHERE name = " + string_literal(table))
                                      .empty())
            continue;
        query += (query.empty() ? "" : " UNION ALL ") + ("SELECT " + string_literal(schema)) + ", " +
                 columns + " FROM " + sqlite::quoted(schema) + "." + table;
    }
    return query;
}

// Rules only look at the catalog tables.
int authorize(void *, int action, const char *, const char *, const char *, const char *) {
    const bool looks = action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_FUNCTION ||
                       action == SQLITE_RECURSIVE;
    return looks ? SQLITE_OK : SQLITE_DENY;
}

} // namespace

RuleCatalog::RuleCatalog(Host &host, const std::vector<IndexUse> &usage, const StatementFacts &facts)
    : host_(host), connection_(open_connection(":memory:", flags)) {
    register_rule_functions(connection_.get());
    register_rule_function(connection_.get(), "table_rows", 2, this, contained_function<table_rows>);
    execute(connection_.get(), "PRAGMA journal_mode = off; BEGIN");
    for (const CatalogTable &table : catalog_tables)
        execute(connection_.get(), std::string("CREATE TABLE ") + table.name + "(" + table.definition + ")");
    copy_from_host();
    fill_workload_tables(connection_.get(), host_.store(), usage, facts);
    add_dismissals();
    execute(connection_.get(), std::string(catalog_completion) + "COMMIT; ANALYZE");
    read_statistics();
    // Half of what a table says would be silence that looks like a good sign.
    constexpr std::array completed_from = {std::pair{"indexes", "objects"},
                                           std::pair{"indexes", "index_columns"},
                                           std::pair{"foreign_key_columns", "columns"}};
    for (const auto &[table, source] : completed_from)
        if (const auto missing = unreadable_.find(source); missing != unreadable_.end())
            unreadable_.try_emplace(table, missing->second);
    for (const auto &[table, reason] : unreadable_)
        execute(connection_.get(), "DROP TABLE " + table);
    // Connected once, they stay: the authorizer would take that for the making of a table.
    execute(connection_.get(), "SELECT 1 FROM json_each('[]'), json_tree('[]')");
    sqlite3_set_authorizer(connection_.get(), authorize, nullptr);
}

void RuleCatalog::start_clock(std::chrono::milliseconds limit) {
    deadline_ = std::chrono::steady_clock::now() + limit;
    sqlite3_progress_handler(connection_.get(), steps_between_looks_at_the_clock, on_progress, this);
}

std::string RuleCatalog::explain(const std::string &message) const {
    constexpr std::string_view start = "no such table: ";
    if (message.starts_with(start))
        if (const auto found = unreadable_.find(message.substr(start.size())); found != unreadable_.end())
            return found->second;
    return message;
}

void RuleCatalog::copy_from_host() {
    sqlite3 *host = host_.connection();
    for (const CatalogTable &table : catalog_tables)
        if (*table.source != '\0')
            read(table.name, [&] { copy_rows(table.name, table.source); });
    read("objects", [&] {
        copy_rows("objects", for_each_schema(host, "type, name, tbl_name, sql", "sqlite_schema", false));
    });
    read("statistics", [&] {
        const std::string query = for_each_schema(host, "tbl, idx, stat", "sqlite_stat1", true);
        if (!query.empty())
            copy_rows("statistics", query);
    });
    read("settings", [&] {
        for (const char *name : catalog_settings)
            copy_rows("settings", std::string("PRAGMA ") + name);
    });
}

// What the host refuses or can't read is missing for the rules that ask for it, and only for them.
template <class Body>
void RuleCatalog::read(const std::string &table, Body body) {
    try {
        body();
    } catch (const Failure &failure) {
        unreadable_[table] = failure.what();
    }
}

void RuleCatalog::copy_rows(const std::string &table, const std::string &query) {
    Query source(host_.connection(), query);
    const bool setting = query.starts_with("PRAGMA ");
    const int columns = source.columns();
    std::string places = setting ? string_literal(query.substr(7)) : "";
    for (int column = 0; column < columns; ++column)
        places += places.empty() ? "?" : ", ?";
    Query target(connection_.get(), "INSERT INTO " + table + " VALUES(" + places + ")");
    while (source.step()) {
        target.reset();
        for (int column = 0; column < columns; ++column)
            sqlite3_bind_value(target.get(), column + 1, sqlite3_column_value(source.get(), column));
        const char *collation = nullptr;
        if (table == "columns" &&
            sqlite3_table_column_metadata(host_.connection(), source.text(0).c_str(), source.text(1).c_str(),
                                          source.text(3).c_str(), nullptr, &collation, nullptr, nullptr,
                                          nullptr) == SQLITE_OK &&
            collation != nullptr)
            target.bind(columns, collation);
        target.step();
    }
}

// Those in force, as they were when somebody looked last.
void RuleCatalog::add_dismissals() {
    const std::int64_t now = now_ms();
    Query target(connection_.get(),
                 "INSERT INTO dismissals VALUES(?1, ?2, ?3, ?4, ?5, nullif(?6, ''), ?7, nullif(?8, ''))");
    for (const FindingState &state : host_.store().findings().states()) {
        if (!state.hidden(now))
            continue;
        target.reset();
        target.bind(1, state.finding.id);
        target.bind(2, state.finding.rule);
        target.bind(3, state.finding.object);
        target.bind(4, state.reason);
        target.bind(5, iso_time(state.decided_at));
        target.bind(6, state.until == 0 ? "" : iso_time(state.until));
        target.bind(7, iso_time(state.last_seen));
        target.bind(8, state.closed_at == 0 ? "" : iso_time(state.closed_at));
        target.step();
    }
}

void RuleCatalog::read_statistics() {
    Query row(connection_.get(), "SELECT schema, table_name, index_name, stat FROM statistics");
    while (row.step())
        schema_.statistics.push_back({row.text(0), row.text(1), row.text(2), row.text(3)});
}

int RuleCatalog::on_progress(void *context) noexcept {
    return std::chrono::steady_clock::now() > static_cast<RuleCatalog *>(context)->deadline_ ? 1 : 0;
}

// The one thing that a rule may ask the host for while it runs.
void RuleCatalog::table_rows(sqlite3_context *context, int, sqlite3_value **values) {
    RuleCatalog &catalog = *static_cast<RuleCatalog *>(sqlite3_user_data(context));
    const std::pair key(text_of(values[0]), text_of(values[1]));
    auto known = catalog.rows_.find(key);
    if (known == catalog.rows_.end()) {
        const auto table = catalog.table(key.first, key.second);
        std::optional<double> rows;
        if (table)
            rows = estimate_rows(catalog.host_.connection(), catalog.schema_, *table);
        known = catalog.rows_.emplace(key, rows).first;
    }
    if (known->second)
        sqlite3_result_int64(context, std::llround(*known->second));
}

// As much of a table as its row count needs; reading the whole schema again would take as long as all rules.
std::optional<TableInfo> RuleCatalog::table(const std::string &schema, const std::string &name) const {
    TableInfo table;
    table.schema = schema;
    table.name = name;
    Query kind(
        connection_.get(),
        "SELECT kind, EXISTS (SELECT 1 FROM indexes AS i WHERE i.schema = t.schema AND i.table_name = t.name "
        "AND i.origin = 'pk') FROM tables AS t WHERE schema = ?1 AND name = ?2");
    kind.bind(1, schema);
    kind.bind(2, name);
    if (!kind.step() || (kind.text(0) != "table" && kind.text(0) != "without_rowid"))
        return std::nullopt;
    table.kind = kind.text(0) == "table" ? TableKind::ordinary : TableKind::without_rowid;
    Query column(connection_.get(),
                 "SELECT name, type, primary_key FROM columns WHERE schema = ?1 AND table_name = ?2");
    column.bind(1, schema);
    column.bind(2, name);
    while (column.step())
        table.columns.push_back(
            {column.text(0), column.text(1), "BINARY", false, static_cast<int>(column.integer(2))});
    if (table.kind == TableKind::ordinary)
        find_rowid(table, kind.integer(1) != 0);
    return table;
}

} // namespace advisor::sqlite
