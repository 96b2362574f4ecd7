// advisor_normalize, advisor_record, advisor_add, advisor_save, advisor_load, advisor_reset; registers these
// and those of the other files.
#include "sqlite_ext/functions/scalars.h"

#include "core/error.h"
#include "sqlite_ext/boundary.h"
#include "sqlite_ext/functions/assertion.h"
#include "sqlite_ext/functions/findings.h"
#include "sqlite_ext/functions/settings.h"
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

void save_to_file(sqlite3_context *context, int, sqlite3_value **values) {
    Host &host = host_of(context);
    sqlite3_result_int64(
        context, export_workload(host.store(), host.path(), text_argument(cell_of(values[0]), "file")));
}

void load_from_file(sqlite3_context *context, int, sqlite3_value **values) {
    Host &host = host_of(context);
    sqlite3_result_int64(
        context, import_workload(host.store(), host.path(), text_argument(cell_of(values[0]), "file")));
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
    Definition{"advisor_config", 1, acts, contained_function<config>},
    Definition{"advisor_config", 2, acts, contained_function<config>},
    Definition{"advisor_save", 1, acts, contained_function<save_to_file>},
    Definition{"advisor_load", 1, acts, contained_function<load_from_file>},
    Definition{"advisor_assert", 2, acts, contained_function<assert_metric>},
    Definition{"advisor_report", 0, acts, contained_function<report_findings>},
    Definition{"advisor_report", 1, acts, contained_function<report_findings>},
    Definition{"advisor_check", 0, acts, contained_function<check_findings>},
    Definition{"advisor_check", 1, acts, contained_function<check_findings>},
    Definition{"advisor_dismiss", 2, acts, contained_function<dismiss_finding>},
    Definition{"advisor_dismiss", 3, acts, contained_function<dismiss_finding>},
    Definition{"advisor_undismiss", 1, acts, contained_function<undismiss_finding>},
    Definition{"advisor_set_rule", 2, acts, contained_function<set_rule>},
    Definition{"advisor_set_rule", 3, acts, contained_function<set_rule>},
    Definition{"advisor_set_rule", 4, acts, contained_function<set_rule>},
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
