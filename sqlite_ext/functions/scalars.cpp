// advisor_normalize, advisor_record, advisor_add, advisor_reset, advisor_config, advisor_report.
#include "sqlite_ext/functions/scalars.h"

#include "core/catalog/ddl.h"
#include "core/render/report.h"
#include "sqlite_ext/advice/recommendations.h"
#include "sqlite_ext/boundary.h"
#include "sqlite_ext/functions/tables.h"
#include "sqlite_ext/store/save_file.h"
#include "sqlite_ext/what_if/laboratory.h"

#include <array>

namespace advisor::sqlite {

namespace {

using core::Error;
using core::ErrorCode;

Host &host_of(sqlite3_context *context) {
    return *static_cast<Host *>(sqlite3_user_data(context));
}

void give_text(sqlite3_context *context, const std::string &text) {
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void normalize_text(sqlite3_context *context, int, sqlite3_value **values) {
    if (sqlite3_value_type(values[0]) == SQLITE_NULL)
        return;
    give_text(context, normalize(text_argument(cell_of(values[0]), "sql")).text);
}

void record(sqlite3_context *context, int, sqlite3_value **values) {
    const std::string name = text_argument(cell_of(values[0]), "mode");
    const auto mode = record_mode(name);
    if (!mode)
        throw Error(ErrorCode::invalid_input, "unrecognized recording mode \"" + name + "\"",
                    "Use off, counters, full or on.");
    host_of(context).set_mode(*mode);
    give_text(context, std::string(record_mode_name(*mode)));
}

void reset(sqlite3_context *context, int, sqlite3_value **) {
    Host &host = host_of(context);
    host.store().reset();
    forget_saved(host.store(), host.path());
    give_text(context, iso_time(now_ms()));
}

void config(sqlite3_context *context, int count, sqlite3_value **values) {
    Host &host = host_of(context);
    const std::string name = text_argument(cell_of(values[0]), "name");
    if (name != "save_file")
        throw Error(ErrorCode::invalid_input, "unrecognized setting \"" + name + "\"",
                    "Known settings: save_file.");
    if (count == 2) {
        const Cell value = cell_of(values[1]);
        const bool none = std::holds_alternative<std::monostate>(value);
        if (host.path().empty() && !none)
            throw Error(ErrorCode::invalid_input, "an in-memory database has no save file");
        use_save_file(host.store(), host.path(), none ? std::string() : text_argument(value, "value"));
        if (const std::string error = host.store().save_error(); !error.empty()) {
            host.store().set_save_file("");
            throw Error(ErrorCode::invalid_input, error);
        }
    }
    if (const std::string file = host.store().save_file(); !file.empty())
        give_text(context, file);
}

void add_statement(sqlite3_context *context, int count, sqlite3_value **values) {
    Host &host = host_of(context);
    const std::string sql = text_argument(cell_of(values[0]), "sql");
    const std::int64_t calls = count > 1 ? integer_argument(cell_of(values[1]), "calls").value_or(1) : 1;
    if (calls < 1)
        throw Error(ErrorCode::invalid_input, "argument \"calls\" must be at least 1");
    const NormalizedStatement normalized = normalize(sql);
    if (!normalized.advisable || normalized.own)
        throw Error(
            ErrorCode::invalid_input,
            "only SELECT, VALUES, INSERT, REPLACE, UPDATE and DELETE of your own tables can be added");
    if (normalized.text.size() > Store::max_text)
        throw Error(ErrorCode::limit_exceeded, "the statement is too long");
    const Host::OwnWork own_work(host);
    Laboratory(host).planner().prepare(sql); // says what is wrong with it
    sqlite3_result_int64(context, host.store().add(sql, calls, now_ms()));
}

void report(sqlite3_context *context, int count, sqlite3_value **values) {
    Host &host = host_of(context);
    const std::string format = count > 0 ? text_argument(cell_of(values[0]), "format") : "text";
    if (format != "text" && format != "markdown")
        throw Error(ErrorCode::invalid_input, "unrecognized report format \"" + format + "\"",
                    "Use text or markdown.");
    const Host::OwnWork own_work(host);
    const Advice advice = current_advice(host);
    give_text(context, format == "text" ? core::report_text(advice.recommendations)
                                        : core::report_markdown(advice.recommendations));
}

// For the rules: names as DDL wants them, and row counts without a full scan.
void quote(sqlite3_context *context, int, sqlite3_value **values) {
    if (sqlite3_value_type(values[0]) != SQLITE_NULL)
        give_text(context, core::quote_identifier(text_argument(cell_of(values[0]), "name")));
}

void table_rows(sqlite3_context *context, int, sqlite3_value **values) {
    Host &host = host_of(context);
    const Host::OwnWork own_work(host);
    const Schema schema = read_schema(host.connection());
    const TableInfo *table = schema.resolve_table(text_argument(cell_of(values[0]), "schema"),
                                                  text_argument(cell_of(values[1]), "table"));
    if (table != nullptr && table->stores_rows())
        sqlite3_result_int64(context,
                             static_cast<std::int64_t>(estimate_rows(host.connection(), schema, *table)));
}

using Function = void (*)(sqlite3_context *, int, sqlite3_value **);

struct Definition {
    const char *name;
    int arguments;
    int flags;
    Function body;
};

constexpr int computes = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
constexpr int acts = SQLITE_UTF8 | SQLITE_DIRECTONLY;

constexpr std::array definitions = {
    Definition{"advisor_normalize", 1, computes, contained_function<normalize_text>},
    Definition{"advisor_record", 1, acts, contained_function<record>},
    Definition{"advisor_reset", 0, acts, contained_function<reset>},
    Definition{"advisor_add", 1, acts, contained_function<add_statement>},
    Definition{"advisor_add", 2, acts, contained_function<add_statement>},
    Definition{"advisor_report", 0, acts, contained_function<report>},
    Definition{"advisor_report", 1, acts, contained_function<report>},
    Definition{"advisor_quote", 1, computes, contained_function<quote>},
    Definition{"advisor_table_rows", 2, acts, contained_function<table_rows>},
    Definition{"advisor_config", 1, acts, contained_function<config>},
    Definition{"advisor_config", 2, acts, contained_function<config>},
};

} // namespace

int register_scalar_functions(sqlite3 *connection, Host &host) {
    for (const Definition &definition : definitions) {
        const int code =
            sqlite3_create_function_v2(connection, definition.name, definition.arguments, definition.flags,
                                       &host, definition.body, nullptr, nullptr, nullptr);
        if (code != SQLITE_OK)
            return code;
    }
    return SQLITE_OK;
}

} // namespace advisor::sqlite
