// The SQLite module: `.load db_advisor` starts to record the statements of the connection, and the tables and
// functions named advisor_… say what they cost and which indexes and settings would make them cheaper.
//
//   observe/    sqlite3_trace_v2: a statement's end becomes one call of the store
//   store/      the workload of a database file in this process, its save file
//   catalog/    the user's schema as values
//   what_if/    an in-memory copy of the schema with a sample of the rows: candidates are tried and measured
//   functions/  what SQL sees
//
// Nothing here writes to the user's database, and no C++ exception leaves through SQLite's C frames
// (boundary.h).
#include <sqlite3ext.h>

SQLITE_EXTENSION_INIT1

#include "core/version.h"
#include "sqlite_ext/advice/recommendations.h"
#include "sqlite_ext/boundary.h"
#include "sqlite_ext/functions/scalars.h"
#include "sqlite_ext/functions/tables.h"
#include "sqlite_ext/store/registry.h"

#include <array>

namespace advisor::sqlite {

namespace {

constexpr int oldest_version = 3040000;

constexpr std::array table_functions = {
    TableFunction{
        "advisor_statements",
        "queryid, query, kind, calls, total_ms, mean_ms, max_ms, rows, vm_steps, fullscan_steps, sorts, "
        "autoindex_rows, reprepares, first_seen, last_seen, example",
        16, 0, statement_rows},
    TableFunction{
        "advisor_live",
        "queryid, query, kind, calls, total_ms, mean_ms, max_ms, rows, vm_steps, fullscan_steps, sorts, "
        "autoindex_rows, reprepares, first_seen, last_seen, example",
        16, 0, live_rows},
    TableFunction{"advisor_status", "name, value, state, note, fix", 5, 0, status_rows},
    TableFunction{
        "advisor_recommendations",
        "id, rule, category, severity, object, title, detail, evidence, benefit, storage_bytes, confidence, "
        "fix, fix_steps, rollback, analysis_id, status, first_seen, last_seen",
        18, 0, recommendation_rows, prepare_advice},
    TableFunction{
        "advisor_history",
        "id, rule, category, severity, object, title, detail, evidence, benefit, storage_bytes, confidence, "
        "fix, fix_steps, rollback, analysis_id, status, first_seen, last_seen, closed_at, reason",
        20, 0, history_rows},
    TableFunction{
        "advisor_recommendation_statements",
        "id, analysis_id, queryid, query, calls, total_ms, share, cost_before, cost_after, changed_nodes", 10,
        0, recommendation_statement_rows, prepare_analysis},
    TableFunction{"advisor_rules", "rule, category, severity, title, engines, enabled, thresholds", 7, 0,
                  rule_rows},
    TableFunction{"advisor_coverage", "rule, state, examined, skipped, reason, milliseconds", 6, 0,
                  coverage_rows, prepare_advice},
    TableFunction{"advisor_plan", "id, parent, detail, sql HIDDEN", 3, 1, plan_rows},
    TableFunction{"advisor_what_if",
                  "cost_before, cost_after, plan_before, plan_after, indexes, sql HIDDEN, ddl HIDDEN", 5, 1,
                  what_if_rows},
    TableFunction{
        "advisor_recommend_indexes",
        "rank, definition, size_bytes, benefit, relative_cost, positions, queryids, storage_budget HIDDEN, "
        "max_columns HIDDEN, statements HIDDEN, weights HIDDEN",
        7, 0, recommend_index_rows},
};

// Also owns the connection: SQLite has no destructor for its context before 3.44; a function's serves on all
// versions.
void version(sqlite3_context *context, int, sqlite3_value **) {
    sqlite3_result_text(context, core::version, -1, SQLITE_STATIC);
}

void destroy_host(void *context) {
    const std::unique_ptr<Host> host(static_cast<Host *>(context));
}

void load(sqlite3 *connection) {
    if (find_host(connection) != nullptr)
        return;
    Host *host = std::make_unique<Host>(connection).release();
    int code = sqlite3_create_function_v2(connection, "advisor_version", 0, SQLITE_UTF8 | SQLITE_INNOCUOUS,
                                          host, contained_function<version>, nullptr, nullptr, destroy_host);
    if (code == SQLITE_OK)
        code = register_scalar_functions(connection, *host);
    for (const TableFunction &definition : table_functions)
        if (code == SQLITE_OK)
            code = register_table_function(connection, definition, *host);
    if (code != SQLITE_OK)
        throw Failure(code, sqlite3_errmsg(connection));
}

} // namespace

} // namespace advisor::sqlite

extern "C" __attribute__((visibility("default"))) int
sqlite3_dbadvisor_init(sqlite3 *connection, char **message, const sqlite3_api_routines *api) {
    using namespace advisor::sqlite;
    SQLITE_EXTENSION_INIT2(api);
    if (opening_own_connection())
        return SQLITE_OK_LOAD_PERMANENTLY;
    if (sqlite3_libversion_number() < oldest_version) {
        *message = sqlite3_mprintf("db_advisor needs SQLite 3.40 or newer, this is %s", sqlite3_libversion());
        return SQLITE_ERROR;
    }
    const int code = contained([&] { load(connection); },
                               [&](const char *text) { *message = sqlite3_mprintf("%s", text); });
    // The recorded workload outlives the connection, so the library must stay.
    return code == SQLITE_OK ? SQLITE_OK_LOAD_PERMANENTLY : code;
}
