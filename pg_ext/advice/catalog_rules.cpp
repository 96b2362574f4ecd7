// Rules that are SQL queries. One pass per rule; a rule that fails is a row of the coverage.
#include "pg_ext/advice/catalog_rules.h"

#include "pg_ext/boundary.h"
#include "pg_ext/sql_query.h"
#include "pg_ext/what_if/environment.h"

#include <charconv>

namespace advisor::pg {
namespace {

struct CatalogRule {
    std::string id, category, severity, title, examined, query;
};

constexpr char step_separator = '\x1f';

std::vector<CatalogRule> read_rules() {
    std::vector<CatalogRule> rules;
    const QueryRows rows = run_query("SELECT rule, category, severity, title, examined, query FROM "
                                     "advisor.rule WHERE query IS NOT NULL AND min_version <= "
                                     "current_setting('server_version_num')::int / 10000 ORDER BY rule");
    for (const auto &row : rows.rows)
        rules.push_back({row[0].value_or(""), row[1].value_or(""), row[2].value_or(""), row[3].value_or(""),
                         row[4].value_or(""), row[5].value_or("")});
    return rules;
}

core::Severity severity_of(const std::string &name) {
    if (name == "critical")
        return core::Severity::critical;
    if (name == "high")
        return core::Severity::high;
    if (name == "low")
        return core::Severity::low;
    return name == "info" ? core::Severity::info : core::Severity::medium;
}

template <class Number>
std::optional<Number> number_of(const std::optional<std::string> &text) {
    Number number{};
    if (!text || std::from_chars(text->data(), text->data() + text->size(), number).ec != std::errc())
        return std::nullopt;
    return number;
}

std::vector<std::string> split_steps(const std::string &joined) {
    std::vector<std::string> steps;
    std::size_t from = 0;
    while (from < joined.size()) {
        const std::size_t to = std::min(joined.find(step_separator, from), joined.size());
        steps.push_back(joined.substr(from, to - from));
        from = to + 1;
    }
    return steps;
}

std::string joined_steps(const std::vector<std::string> &steps) {
    std::string fix;
    for (const std::string &step : steps)
        fix += (fix.empty() ? "" : "\n") + step;
    return fix;
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
    recommendation.severity = severity_of(row[2].value_or(rule.severity));
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

void run_rule(const CatalogRule &rule, Findings &findings) {
    const TimestampTz started = GetCurrentTimestamp();
    CoverageRow coverage;
    coverage.rule = rule.id;
    QueryRows rows;
    std::int64_t examined = 0;
    const auto failure = pg_try_and_roll_back([&] {
        pg_call([] { wait_for_no_lock(); }); // pg_get_indexdef and its like open the table
        rows = run_query("SELECT object::text, subject::text, severity::text, title::text, detail::text, "
                         "evidence::text, benefit::text, storage_bytes::text, confidence::text, "
                         "array_to_string(fix_steps, chr(31)), fix::text, rollback::text FROM (" +
                         rule.query + "\n) AS finding");
        examined = number_of<std::int64_t>(run_query(rule.examined).rows.at(0).at(0)).value_or(0);
    });
    coverage.milliseconds = static_cast<double>(GetCurrentTimestamp() - started) / 1000;
    coverage.state = !failure                                          ? "ran"
                     : failure->sqlstate == ERRCODE_LOCK_NOT_AVAILABLE ? "skipped"
                                                                       : "failed";
    coverage.reason = failure ? failure->message : "";
    coverage.examined = examined;
    findings.coverage.push_back(std::move(coverage));
    if (failure)
        return;
    for (const auto &row : rows.rows)
        findings.rows.push_back(finding_of(rule, row, started));
}

} // namespace

void run_catalog_rules(Findings &findings) {
    for (const CatalogRule &rule : read_rules()) {
        poll_interrupts();
        run_rule(rule, findings);
    }
}

} // namespace advisor::pg
