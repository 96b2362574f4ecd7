#include "sqlite_ext/rules/rule_functions.h"

#include "core/catalog/ddl.h"
#include "sqlite_ext/boundary.h"
#include "sqlite_ext/catalog/index_text.h"
#include "sqlite_ext/catalog/table_text.h"
#include "sqlite_ext/rules/rebuild_script.h"
#include "sqlite_ext/text/query_blocks.h"
#include "sqlite_ext/text/tokens.h"
#include "sqlite_ext/what_if/clone.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace advisor::sqlite {

namespace {

void give_text(sqlite3_context *context, const std::string &text) {
    if (!text.empty())
        sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void quote_name(sqlite3_context *context, int, sqlite3_value **values) {
    if (sqlite3_value_type(values[0]) != SQLITE_NULL)
        give_text(context, core::quote_identifier(text_of(values[0])));
}

// The same text for what differs only in spaces, comments, quotes and case.
std::string comparable(std::string_view sql) {
    std::string text;
    for (const Token &token : tokenize(sql))
        text += (text.empty() ? "" : " ") +
                (token.literal() ? std::string(token.text) : lower_case(unquoted(token.text)));
    return text;
}

void index_predicate(sqlite3_context *context, int, sqlite3_value **values) {
    give_text(context, comparable(parse_index_text(text_of(values[0])).predicate));
}

void index_expression(sqlite3_context *context, int, sqlite3_value **values) {
    const IndexText text = parse_index_text(text_of(values[0]));
    const auto position = static_cast<std::size_t>(sqlite3_value_int64(values[1]));
    if (position < text.keys.size())
        give_text(context, comparable(text.keys[position]));
}

// Whether a text of SQL holds the name, as a whole word.
void mentions(sqlite3_context *context, int, sqlite3_value **values) {
    const std::string sql = text_of(values[0]);
    const std::string name = text_of(values[1]);
    const std::vector<Token> tokens = tokenize(sql);
    const bool found = std::any_of(tokens.begin(), tokens.end(), [&](const Token &token) {
        return token.name() && equal_ignoring_case(unquoted(token.text), name);
    });
    sqlite3_result_int(context, found ? 1 : 0);
}

// "1 row", "2 rows"
void counted(sqlite3_context *context, int, sqlite3_value **values) {
    if (sqlite3_value_type(values[0]) == SQLITE_NULL)
        return;
    const bool one = sqlite3_value_int64(values[0]) == 1;
    give_text(context, text_of(values[0]) + " " + text_of(values[1]) + (one ? "" : "s"));
}

// Whether a FROM of the text names the table or view.
void reads_from(sqlite3_context *context, int, sqlite3_value **values) {
    const std::string sql = text_of(values[0]);
    const std::string name = text_of(values[1]);
    bool found = false;
    for (const QueryBlock &block : query_blocks(tokenize(sql), Schema()))
        for (const BlockSource &source : block.sources)
            found = found || equal_ignoring_case(source.relation, name);
    sqlite3_result_int(context, found ? 1 : 0);
}

// The stored text as a statement for that schema.
void create_sql(sqlite3_context *context, int, sqlite3_value **values) {
    const std::string schema = text_of(values[0]);
    const std::string sql = text_of(values[1]);
    const std::string placed = schema == "main" || sql.empty() ? sql : with_schema(sql, schema);
    if (!placed.empty())
        give_text(context, placed + ";");
}

void first_definition(sqlite3_context *context, int, sqlite3_value **values) {
    give_text(context, with_first_definition(text_of(values[0]), text_of(values[1])));
}

void last_definition(sqlite3_context *context, int, sqlite3_value **values) {
    give_text(context, with_last_definition(text_of(values[0]), text_of(values[1])));
}

void column_type(sqlite3_context *context, int, sqlite3_value **values) {
    give_text(context, with_column_type(text_of(values[0]), text_of(values[1]), text_of(values[2]),
                                        text_of(values[3])));
}

} // namespace

void register_rule_functions(sqlite3 *connection) {
    register_rule_function(connection, "quote_name", 1, nullptr, contained_function<quote_name>);
    register_rule_function(connection, "counted", 2, nullptr, contained_function<counted>);
    register_rule_function(connection, "index_predicate", 1, nullptr, contained_function<index_predicate>);
    register_rule_function(connection, "index_expression", 2, nullptr, contained_function<index_expression>);
    register_rule_function(connection, "mentions", 2, nullptr, contained_function<mentions>);
    register_rule_function(connection, "reads_from", 2, nullptr, contained_function<reads_from>);
    register_rule_function(connection, "create_sql", 2, nullptr, contained_function<create_sql>);
    register_rule_function(connection, "with_first_definition", 2, nullptr,
                           contained_function<first_definition>);
    register_rule_function(connection, "with_last_definition", 2, nullptr,
                           contained_function<last_definition>);
    register_rule_function(connection, "with_column_type", 4, nullptr, contained_function<column_type>);
    register_rule_function(connection, "rebuild_script", 5, connection, contained_function<rebuild_script>);
}

void register_rule_function(sqlite3 *connection, const char *name, int arguments, void *context,
                            void (*body)(sqlite3_context *, int, sqlite3_value **)) {
    constexpr int computes = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    const int code = sqlite3_create_function_v2(connection, name, arguments, computes, context, body, nullptr,
                                                nullptr, nullptr);
    if (code != SQLITE_OK)
        throw Failure(code, sqlite3_errmsg(connection));
}

std::string text_of(sqlite3_value *value) {
    const auto *text = reinterpret_cast<const char *>(sqlite3_value_text(value));
    return text == nullptr ? std::string()
                           : std::string(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

} // namespace advisor::sqlite
