#include "sqlite_ext/what_if/clone.h"

#include "core/error.h"
#include "sqlite_ext/text/tokens.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>

namespace advisor::sqlite {

namespace {

constexpr int open_flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY |
                           SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
constexpr int max_stand_ins = 64;
constexpr std::array<std::string_view, 4> known_modules = {"fts3", "fts4", "fts5", "rtree"};

// Gives back its first argument: enough to plan with.
void stand_in_function(sqlite3_context *context, int count, sqlite3_value **values) {
    if (count > 0)
        sqlite3_result_value(context, values[0]);
}

int compare_bytes(void *, int left_length, const void *left, int right_length, const void *right) {
    const int order = std::memcmp(left, right, static_cast<std::size_t>(std::min(left_length, right_length)));
    return order != 0 ? order : left_length - right_length;
}

void need_collation(void *used, sqlite3 *connection, int encoding, const char *name) {
    *static_cast<bool *>(used) = true;
    sqlite3_create_collation_v2(connection, name, encoding, nullptr, compare_bytes, nullptr);
}

} // namespace

Clone::Clone(const Schema &schema, const TableModule *observer)
    : schema_(schema), observer_(observer), connection_(open_connection(":memory:", open_flags)) {
    sqlite3 *copy = connection_.get();
    if (observer != nullptr && sqlite3_create_module_v2(copy, observer->name, observer->methods,
                                                        observer->context, nullptr) != SQLITE_OK)
        throw Failure(SQLITE_ERROR, sqlite3_errmsg(copy));
    sqlite3_db_config(copy, SQLITE_DBCONFIG_DQS_DML, schema.double_quoted_strings ? 1 : 0, nullptr);
    sqlite3_db_config(copy, SQLITE_DBCONFIG_DQS_DDL, 1, nullptr); // as definitions that are there already
    register_stand_in_collations(copy, stand_ins_);
    execute(copy, "PRAGMA encoding = " + string_literal(schema.encoding));
    execute(copy, "PRAGMA page_size = " + std::to_string(schema.page_size));
    execute(copy, std::string("PRAGMA automatic_index = ") + (schema.automatic_index ? "1" : "0"));
    execute(copy, "PRAGMA ignore_check_constraints = 1; PRAGMA foreign_keys = 0; PRAGMA temp_store = 2");
    for (const std::string &name : schema.schemas)
        if (name != "main" && name != "temp")
            try_execute("ATTACH ':memory:' AS " + quoted(name));
    sqlite3_limit(copy, SQLITE_LIMIT_ATTACHED, 0); // the texts that follow are the file's: they name no other
    // Views after the tables that they read; triggers are not needed to plan what a statement reads.
    for (const std::string_view type : {"table", "index", "view"})
        for (const SchemaObject &object : schema.objects)
            if (object.type == type && !object.sql.empty() && !object.name.starts_with("sqlite_"))
                create(object);
}

void Clone::create(const SchemaObject &object) {
    const TableInfo *table = schema_.find_table(object.schema, object.table);
    if (object.type == "table" && (table == nullptr || table->kind == TableKind::shadow))
        return; // a virtual table makes its shadow tables itself
    if (object.type == "table" && table->kind == TableKind::virtual_table && !is_known_module(table->module))
        return create_stub_table(object);
    if (observer_ != nullptr && object.type == "index")
        return;
    if (observer_ != nullptr && object.type == "table" && table->stores_rows())
        return try_execute("CREATE VIRTUAL TABLE " + quoted(object.schema) + "." + quoted(object.name) +
                           " USING " + observer_->name);
    const std::string sql = with_schema(object.sql, object.schema);
    if (sql.empty()) {
        missing_.push_back(object.name);
        return;
    }
    try_execute(sql);
}

// A module of the application is not loaded here: an ordinary table with the same columns stands for it.
void Clone::create_stub_table(const SchemaObject &object) {
    std::string columns;
    for (const ColumnInfo &column : schema_.find_table(object.schema, object.name)->columns)
        columns += (columns.empty() ? "" : ", ") + quoted(column.name);
    try_execute("CREATE TABLE " + quoted(object.schema) + "." + quoted(object.name) + "(" + columns + ")");
    stand_ins_ = true;
}

void Clone::try_execute(const std::string &sql) {
    for (int attempt = 0; attempt < max_stand_ins; ++attempt) {
        try {
            execute_first(connection_.get(), sql);
            return;
        } catch (const Failure &failure) {
            if (!add_stand_in(failure.what())) {
                missing_.emplace_back(failure.what());
                return;
            }
        }
    }
}

bool Clone::add_stand_in(const std::string &message) {
    if (!register_stand_in(connection_.get(), message))
        return false;
    stand_ins_ = true;
    return true;
}

Query Clone::prepare(std::string_view sql) {
    for (int attempt = 0;; ++attempt) {
        try {
            Query query(connection_.get(), sql);
            if (!tokenize(query.tail()).empty())
                throw core::Error(core::ErrorCode::invalid_input, "only one statement at a time is taken");
            if (query.get() == nullptr)
                throw core::Error(core::ErrorCode::invalid_input, "the text holds no statement");
            return query;
        } catch (const Failure &failure) {
            if (attempt >= max_stand_ins || !add_stand_in(failure.what()))
                throw;
        }
    }
}

void Clone::bind(Query &query, const std::vector<std::string> &values) {
    const int count = sqlite3_bind_parameter_count(query.get());
    std::string known; // long lists are filled with few values
    std::unique_ptr<Query> literal;
    for (int i = 0; i < count && static_cast<std::size_t>(i) < values.size(); ++i) {
        if (values[static_cast<std::size_t>(i)].empty())
            continue;
        try {
            const std::string &value = values[static_cast<std::size_t>(i)];
            if (literal == nullptr || value != known) {
                literal = std::make_unique<Query>(connection_.get(), "SELECT " + value);
                literal->step();
                known = value;
            }
            sqlite3_bind_value(query.get(), i + 1, sqlite3_column_value(literal->get(), 0));
        } catch (const Failure &) {
            literal.reset();
            sqlite3_bind_null(query.get(), i + 1); // an infinite number has no literal
        }
    }
}

std::vector<std::string> Clone::plan(const std::string &sql, const std::vector<std::string> &values) {
    Query query = prepare("EXPLAIN QUERY PLAN " + sql);
    bind(query, values);
    std::vector<std::string> lines;
    std::vector<std::pair<std::int64_t, std::size_t>> depths;
    while (query.step()) {
        std::size_t depth = 0;
        for (const auto &[id, known] : depths)
            if (id == query.integer(1))
                depth = known + 1;
        depths.emplace_back(query.integer(0), depth);
        lines.push_back(std::string(2 * depth, ' ') + query.text(3));
    }
    return lines;
}

void Clone::set_statistics(const std::vector<StatisticsRow> &rows) {
    sqlite3 *copy = connection_.get();
    std::set<std::string> schemas;
    for (const StatisticsRow &row : rows)
        schemas.insert(row.schema);
    for (const std::string &name : schema_.schemas) {
        const std::string stat1 = quoted(name) + ".sqlite_stat1";
        // ANALYZE of one object is the only way to make the table.
        const auto present = single_integer(copy, "SELECT count(*) FROM " + quoted(name) +
                                                      ".sqlite_schema WHERE name = 'sqlite_stat1'");
        if (present == 0 && !schemas.contains(name))
            continue;
        if (present == 0)
            execute(copy, "CREATE TABLE " + quoted(name) + ".advisor_seed(x); ANALYZE " + quoted(name) +
                              ".advisor_seed; DROP TABLE " + quoted(name) + ".advisor_seed");
        execute(copy, "DELETE FROM " + stat1);
        Query insert(copy, "INSERT INTO " + stat1 + "(tbl, idx, stat) VALUES(?1, ?2, ?3)");
        for (const StatisticsRow &row : rows) {
            if (row.schema != name)
                continue;
            insert.reset();
            insert.bind(1, row.table);
            if (row.index.empty())
                sqlite3_bind_null(insert.get(), 2);
            else
                insert.bind(2, row.index);
            insert.bind(3, row.stat);
            insert.step();
        }
        execute(copy, "ANALYZE " + quoted(name) + ".sqlite_schema");
    }
}

bool is_known_module(const std::string &module) {
    return std::find(known_modules.begin(), known_modules.end(), module) != known_modules.end();
}

std::string with_schema(const std::string &sql, const std::string &schema) {
    const std::vector<Token> tokens = tokenize(sql);
    std::size_t i = 1;
    if (tokens.size() < 4 || !tokens[0].is("create"))
        return {};
    while (i < tokens.size() && (tokens[i].is("unique") || tokens[i].is("temp") ||
                                 tokens[i].is("temporary") || tokens[i].is("virtual")))
        ++i;
    if (i + 1 >= tokens.size() || !(tokens[i].is("table") || tokens[i].is("index") || tokens[i].is("view")))
        return {};
    ++i;
    if (tokens[i].is("if"))
        i += 3;
    if (i + 1 >= tokens.size())
        return {};
    if (tokens[i + 1].is("."))
        i += 2;
    std::string head;
    for (std::size_t word = 0; word < tokens.size() && tokens[word].kind == TokenKind::word; ++word) {
        if (tokens[word].is("temp") || tokens[word].is("temporary") || tokens[word].is("if"))
            continue;
        if (&tokens[word] >= &tokens[i] || tokens[word].is("not") || tokens[word].is("exists"))
            break;
        head += std::string(tokens[word].text) + " ";
    }
    const auto rest = static_cast<std::size_t>(tokens[i].text.data() - sql.data());
    return head + quoted(schema) + "." + sql.substr(rest);
}

bool register_stand_in(sqlite3 *connection, const std::string &message) {
    constexpr std::string_view unknown = "no such function: ";
    if (!message.starts_with(unknown))
        return false;
    const std::string name = message.substr(unknown.size());
    return sqlite3_create_function_v2(connection, name.c_str(), -1,
                                      SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr,
                                      stand_in_function, nullptr, nullptr, nullptr) == SQLITE_OK;
}

void register_stand_in_collations(sqlite3 *connection, bool &used) {
    sqlite3_collation_needed(connection, &used, need_collation);
}

} // namespace advisor::sqlite
