// The statements of pg_stat_statements as a workload, for servers that do not preload the module.
#include "pg_ext/advice/server_statements.h"

#include "pg_ext/role_settings.h"
#include "pg_ext/sql_query.h"

#include "core/catalog/ddl.h"

namespace advisor::pg {
namespace {

// Its view, whatever schema it was put in: the extension's own member, not just something of that name.
constexpr const char *find_view = R"(
SELECT format('%I.%I', n.nspname, c.relname), format('%I.pg_stat_statements_info', n.nspname)
FROM pg_extension AS e
JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relname = 'pg_stat_statements'
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE e.extname = 'pg_stat_statements')";

// One row per role and statement: called at the top level or inside functions is the same to us. A text that
// the reader may not see has no queryid there. A typed literal, date '…', has become "date $1", which nobody
// can parse: it is made a cast. No backslashes: the session may read them as escapes.
std::string statements_query(const std::string &view) {
    return R"(
SELECT s.userid, s.queryid,
       regexp_replace(min(s.query), '[[:<:]](date|time|timestamp|timestamptz|interval)[[:space:]]+([$][0-9]+)',
                      chr(92) || '2::' || chr(92) || '1', 'gi'),
       sum(s.calls), sum(s.total_exec_time), sum(s.rows),
       bool_and(s.queryid IS NULL),
       bool_and(s.query ~* ('^([[:space:]]|[(]|/[*].*?[*]/|--[^' || chr(10) || ']*' || chr(10) ||
                            ')*(select|with|insert|update|delete|merge|values|table)[[:>:]]'))
FROM )" + view +
           R"( AS s
WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
GROUP BY s.userid, s.queryid
ORDER BY sum(s.total_exec_time) DESC, s.queryid)";
}

// Runs unseen by pg_stat_statements itself.
std::optional<ServerError> ask(const std::string &sql, QueryRows &rows) {
    std::optional<ServerError> failure;
    quietly([&] { failure = pg_try_and_roll_back([&] { rows = run_query(sql); }); });
    return failure;
}

struct View {
    std::string statements;
    std::string info;
};

std::optional<View> installed_view() {
    QueryRows rows;
    if (ask(find_view, rows) || rows.rows.empty())
        return std::nullopt;
    return View{rows.rows[0][0].value_or(""), rows.rows[0][1].value_or("")};
}

// A role's sessions begin with this search_path, as far as it can be known: the server's configuration file
// shows only in the reader's own session, and what the reader has set must not decide for others.
std::string initial_search_path(Oid role) {
    const char *value = pg_call([=] {
        if (role == GetUserId())
            return GetConfigOptionResetString("search_path");
        return role_setting(role, "search_path");
    });
    return value ? value : "\"$user\", public";
}

Surroundings surroundings_of(Oid role, RoleSettings &roles) {
    Surroundings surroundings{role, roles.planner_settings(role)};
    surroundings.settings.emplace_back("search_path", initial_search_path(role));
    surroundings.settings.emplace_back("row_security", "on");
    surroundings.settings.emplace_back("standard_conforming_strings", "on");
    return surroundings;
}

// The columns are those of statements_query.
void add_statement(const std::vector<std::optional<std::string>> &row, Evidence evidence, RoleSettings &roles,
                   RecordedWorkload &workload) {
    StatementInput input;
    input.id = number_of<std::int64_t>(row[1]).value_or(0);
    input.text = row[2].value_or("");
    input.calls = number_of<double>(row[3]).value_or(0);
    input.total_ms = number_of<double>(row[4]).value_or(0);
    input.rows = number_of<double>(row[5]).value_or(0);
    const char *obstacle = row[6] == "t"
                               ? "pg_stat_statements does not show the statements of others to this role"
                           : !row[2]       ? "pg_stat_statements has lost its text"
                           : row[7] != "t" ? "it is a utility statement"
                                           : nullptr;
    if (obstacle) {
        workload.skipped.push_back({input.id, obstacle});
        return;
    }
    workload.recorded_ms += input.total_ms;
    if (evidence == Evidence::enough && !has_evidence(input.calls, input.total_ms))
        return;
    input.surroundings = surroundings_of(number_of<Oid>(row[0]).value_or(0), roles);
    workload.statements.push_back(std::move(input));
}

} // namespace

bool server_statements_installed() {
    return pg_call([] { return OidIsValid(get_extension_oid("pg_stat_statements", true)); });
}

std::optional<std::string> server_statements_problem() {
    const auto view = installed_view();
    if (!view)
        return "the extension is not installed in this database";
    QueryRows rows;
    const auto failure = ask("SELECT total_exec_time FROM " + view->statements + " LIMIT 1", rows);
    return failure ? std::optional<std::string>(failure->message) : std::nullopt;
}

RecordedWorkload server_statements_workload(Evidence evidence) {
    RecordedWorkload workload;
    const auto view = installed_view();
    QueryRows rows, info;
    if (!view || ask(statements_query(view->statements), rows))
        return workload;
    RoleSettings roles;
    for (const auto &row : rows.rows)
        add_statement(row, evidence, roles, workload);
    // In microseconds since 1 January 2000, as the server counts.
    if (!ask(
            "SELECT (extract(epoch FROM stats_reset - timestamptz '2000-01-01 00:00:00Z') * 1000000)::bigint "
            "FROM " +
                view->info,
            info) &&
        !info.rows.empty())
        workload.first_seen = number_of<TimestampTz>(info.rows[0][0]).value_or(0);
    return workload;
}

} // namespace advisor::pg
