// Rules that are SQL queries. One pass per rule; a rule that fails is a row of the coverage.
#include "pg_ext/advice/catalog_rules.h"

#include "core/rules/figures.h"
#include "pg_ext/boundary.h"
#include "pg_ext/readiness.h"
#include "pg_ext/settings.h"
#include "pg_ext/sql_query.h"
#include "pg_ext/time_limit.h"
#include "pg_ext/what_if/environment.h"

namespace advisor::pg {
namespace {

struct CatalogRule {
    std::string id, category, severity, title, examined, query;
    std::string given;                          // the CTEs that the queries may use
    std::optional<std::string> forced_severity; // by set_rule
    std::string obstacle;                       // why it does not run; empty when it does
    bool waits = false;                         // the obstacle goes away by itself
};

// With each rule the CTE "threshold", a column per threshold, and what keeps it from running.
constexpr const char *rules_query = R"sql(
WITH observed AS (
    SELECT w.since,
           current_setting('db_advisor.observation_window')::interval AS wanted,
           current_setting('server_version_num')::int / 10000 AS major
    FROM advisor.statistics_window AS w)
SELECT r.rule, r.category, r.severity, r.title, r.examined, r.query, r.forced_severity,
       'WITH threshold AS MATERIALIZED (SELECT ' || coalesce(
           (SELECT string_agg(format('%L::%s AS %I', t.value #>> '{}',
                              CASE jsonb_typeof(t.value) WHEN 'number' THEN 'double precision'
                                   WHEN 'boolean' THEN 'boolean' ELSE 'text' END, t.key), ', ')
            FROM jsonb_each(r.thresholds) AS t), '') ||
       format('), observed AS MATERIALIZED (SELECT %L::timestamptz AS since, now() AS until) ', o.since),
       CASE WHEN NOT r.enabled THEN 'switched off by advisor.set_rule'
            WHEN r.min_version > o.major THEN format('needs PostgreSQL %s', r.min_version)
            WHEN NOT r.permitted THEN format('needs membership in %s', r.privileges)
            WHEN r.waits IS NOT NULL AND now() - o.since < o.wanted
            THEN format('statistics cover %s of %s days', round(extract(epoch FROM now() - o.since) / 86400, 1),
                        round(extract(epoch FROM o.wanted) / 86400, 1)) END,
       r.enabled AND r.min_version <= o.major AND r.permitted
FROM advisor.rule_in_force AS r, observed AS o
WHERE r.query IS NOT NULL
ORDER BY r.rule
)sql";

std::vector<CatalogRule> read_rules() {
    std::vector<CatalogRule> rules;
    const QueryRows rows = run_query(rules_query);
    for (const auto &row : rows.rows)
        rules.push_back({row[0].value_or(""), row[1].value_or(""), row[2].value_or(""), row[3].value_or(""),
                         row[4].value_or(""), row[5].value_or(""), row[7].value_or(""), row[6],
                         row[8].value_or(""), row[9] == "t"});
    return rules;
}

std::string joined_steps(const std::vector<std::string> &steps) {
    std::string fix;
    for (const std::string &step : steps)
        fix += (fix.empty() ? "" : "\n") + step;
    return fix;
}

// What a finding must not say: the rule fails by it. Empty where all is well.
std::string fault_of(const CatalogRule &rule, const std::vector<std::optional<std::string>> &row) {
    const std::string severity = row[2].value_or(rule.severity);
    const double confidence = number_of<double>(row[8]).value_or(1);
    if (row[0].value_or("").empty())
        return "a finding has no object";
    if (!core::severity_of(severity))
        return "a finding has the unknown severity \"" + severity + "\"";
    if (!(confidence >= 0 && confidence <= 1))
        return "a finding has a confidence that is not between 0 and 1";
    return "";
}

// The columns are those of the SELECT list below.
FindingRow finding_of(const CatalogRule &rule, const std::vector<std::optional<std::string>> &row,
                      TimestampTz now) {
    FindingRow finding;
    core::Recommendation &recommendation = finding.recommendation;
    recommendation.rule = rule.id;
    recommendation.category = rule.category;
    recommendation.object = row[0].value_or("");
    recommendation.id = core::fingerprint(rule.id, recommendation.object, row[1].value_or(""));
    recommendation.severity = core::severity_of(rule.forced_severity.value_or(row[2].value_or(rule.severity)))
                                  .value_or(core::Severity::medium);
    recommendation.title = row[3].value_or(rule.title);
    recommendation.detail = row[4].value_or("");
    finding.evidence_json = row[5].value_or("{}");
    recommendation.benefit = number_of<double>(row[6]);
    recommendation.storage_bytes = number_of<std::int64_t>(row[7]);
    recommendation.confidence = number_of<double>(row[8]).value_or(1);
    recommendation.fix_steps = split_steps(row[9].value_or(""));
    recommendation.fix = row[10] ? *row[10] : joined_steps(recommendation.fix_steps);
    recommendation.rollback = row[11].value_or("");
    finding.first_seen = now;
    finding.last_seen = now;
    return finding;
}

// examined, skipped and why, as far as the query gives them.
void note_examined(const QueryRows &rows, CoverageRow &coverage) {
    const auto &row = rows.rows.at(0);
    coverage.examined = number_of<std::int64_t>(row.at(0)).value_or(0);
    if (row.size() > 1)
        coverage.skipped = number_of<std::int64_t>(row[1]).value_or(0);
    if (row.size() > 2 && coverage.skipped > 0)
        coverage.reason = row[2].value_or("");
}

void note_failure(const ServerError &failure, CoverageRow &coverage) {
    coverage.examined = coverage.skipped = 0;
    coverage.state = failure.sqlstate == ERRCODE_LOCK_NOT_AVAILABLE ? "skipped" : "failed";
    coverage.reason = failure.sqlstate == ERRCODE_QUERY_CANCELED
                          ? "not finished within db_advisor.rule_time_limit, " +
                                std::to_string(settings::rule_time_limit) + " ms"
                          : failure.message;
}

void set_until_rolled_back(const char *name, const char *value) {
    set_config_option(name, value, PGC_SUSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0, false);
}

// Waits for no lock (pg_get_indexdef and its like open the table), and changes nothing. Queries that join
// many catalogs are guessed dear, and compiling them would take longer than running them. A plain frame.
void only_look() {
    wait_for_no_lock();
    set_until_rolled_back("transaction_read_only", "on");
    set_until_rolled_back("jit", "off");
}

void run_rule(const CatalogRule &rule, Findings &findings) {
    const TimestampTz started = GetCurrentTimestamp();
    CoverageRow coverage;
    coverage.rule = rule.id;
    coverage.state = "ran";
    QueryRows rows;
    const TimeLimit limit(settings::rule_time_limit);
    auto failure = pg_try_and_roll_back([&] {
        pg_call([] { only_look(); });
        rows = run_query(rule.given +
                         "SELECT object::text, subject::text, severity::text, title::text, detail::text, "
                         "evidence::text, benefit::text, storage_bytes::text, confidence::text, "
                         "array_to_string(fix_steps, chr(31)), fix::text, rollback::text FROM (" +
                         rule.query + "\n) AS finding");
        note_examined(run_query(rule.given + "SELECT * FROM (" + rule.examined + "\n) AS examined"),
                      coverage);
    });
    for (const auto &row : rows.rows)
        if (const std::string fault = fault_of(rule, row); !failure && !fault.empty())
            failure = ServerError{ERRCODE_DATA_EXCEPTION, fault, "", ""};
    if (failure)
        note_failure(*failure, coverage);
    coverage.milliseconds = static_cast<double>(GetCurrentTimestamp() - started) / 1000;
    findings.coverage.push_back(std::move(coverage));
    if (failure)
        return;
    for (const auto &row : rows.rows)
        findings.rows.push_back(finding_of(rule, row, started));
}

void note_obstacle(const CatalogRule &rule, Findings &findings) {
    CoverageRow coverage;
    coverage.rule = rule.id;
    coverage.state = rule.waits ? "waiting" : "skipped";
    coverage.reason = rule.obstacle;
    findings.coverage.push_back(std::move(coverage));
}

} // namespace

void skip_catalog_rules(Findings &findings) {
    const std::string reason = version_item().note;
    for (const auto &row :
         run_query("SELECT rule FROM advisor.rule WHERE query IS NOT NULL ORDER BY rule").rows)
        findings.coverage.push_back({row[0].value_or(""), "skipped", 0, 0, reason, 0});
}

std::vector<std::string> split_steps(const std::string &joined) {
    constexpr char separator = '\x1f';
    std::vector<std::string> steps;
    std::size_t from = 0;
    while (from < joined.size()) {
        const std::size_t to = std::min(joined.find(separator, from), joined.size());
        steps.push_back(joined.substr(from, to - from));
        from = to + 1;
    }
    return steps;
}

void run_catalog_rules(Findings &findings) {
    for (const CatalogRule &rule : read_rules()) {
        poll_interrupts();
        rule.obstacle.empty() ? run_rule(rule, findings) : note_obstacle(rule, findings);
    }
}

} // namespace advisor::pg
