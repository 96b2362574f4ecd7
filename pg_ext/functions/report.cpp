// advisor.report and advisor.check: what advisor.recommendations shows, for people and for build servers.
#include "core/render/report.h"
#include "core/error.h"
#include "core/render/change_report.h"
#include "core/rules/figures.h"
#include "pg_ext/advice/catalog_rules.h"
#include "pg_ext/advice/findings.h"
#include "pg_ext/boundary.h"
#include "pg_ext/readiness.h"
#include "pg_ext/sql_query.h"
#include "pg_ext/what_if/environment.h"

namespace advisor::pg {
namespace {

// Through the view, which knows what is dismissed; the columns that a report uses.
std::vector<core::Recommendation> shown_recommendations() {
    std::vector<core::Recommendation> recommendations;
    const QueryRows rows =
        run_query("SELECT id, rule, severity, object, title, detail, benefit, storage_bytes, "
                  "confidence, fix, array_to_string(fix_steps, chr(31)), rollback "
                  "FROM advisor.recommendations");
    for (const auto &row : rows.rows) {
        core::Recommendation shown;
        shown.id = row[0].value_or("");
        shown.rule = row[1].value_or("");
        shown.severity = core::severity_of(row[2].value_or("")).value_or(core::Severity::info);
        shown.object = row[3].value_or("");
        shown.title = row[4].value_or("");
        shown.detail = row[5].value_or("");
        shown.benefit = number_of<double>(row[6]);
        shown.storage_bytes = number_of<std::int64_t>(row[7]);
        shown.confidence = number_of<double>(row[8]).value_or(1);
        shown.fix = row[9].value_or("");
        shown.fix_steps = split_steps(row[10].value_or(""));
        shown.rollback = row[11].value_or("");
        recommendations.push_back(std::move(shown));
    }
    return recommendations;
}

// Those of the last weeks, the latest first. A reader sees changes of own tables, or all.
std::vector<core::ChangeOutcome> last_changes() {
    std::vector<core::ChangeOutcome> changes;
    if (!script_is_current())
        return changes;
    const QueryRows rows =
        run_query("SELECT CASE WHEN undone_at IS NULL THEN status ELSE 'undone' END, to_char(changed_at, "
                  "'YYYY-MM-DD'), "
                  "format('%s %s on %s', action, index, relation), "
                  "reason || coalesce('; ' || round(saved_ms_per_day::numeric, 1) || ' ms saved per day', "
                  "''), way_back "
                  "FROM advisor.index_changes WHERE changed_at > now() - interval '14 days' "
                  "ORDER BY changed_at DESC, index LIMIT 10");
    for (const auto &row : rows.rows)
        changes.push_back({row[0].value_or(""), row[1].value_or(""), row[2].value_or(""), row[3].value_or(""),
                           row[4].value_or("")});
    return changes;
}

std::string report_json() {
    return run_query("SELECT coalesce(jsonb_pretty(jsonb_agg(to_jsonb(r))), '[]') FROM "
                     "advisor.recommendations AS r")
        .rows.at(0)
        .at(0)
        .value_or("[]");
}

std::string report_in(const std::string &format) {
    if (format == "text")
        return core::report_text(shown_recommendations()) + core::changes_text(last_changes());
    if (format == "markdown")
        return core::report_markdown(shown_recommendations()) + core::changes_markdown(last_changes());
    if (format == "json")
        return report_json();
    throw core::Error(core::ErrorCode::invalid_input, "unknown report format \"" + format + "\"",
                      "Formats are \"text\", \"markdown\" and \"json\".");
}

// What a silent gate must not hide: rules that could not look.
std::string looked_at(const std::vector<CoverageRow> &coverage) {
    std::size_t ran = 0;
    std::string failed;
    for (const CoverageRow &row : coverage) {
        ran += row.state == "ran";
        if (row.state == "failed")
            failed += "; " + row.rule + " failed: " + row.reason;
    }
    return std::to_string(ran) + " of " + std::to_string(coverage.size()) + " rules ran" + failed;
}

std::string check_at(const std::string &min_severity) {
    const auto least = core::severity_of(min_severity);
    if (!least)
        throw core::Error(core::ErrorCode::invalid_input, "unknown severity \"" + min_severity + "\"",
                          "Use critical, high, medium, low or info.");
    const HeldFindings findings;
    std::vector<core::Recommendation> shown = shown_recommendations();
    std::erase_if(shown, [&](const auto &finding) { return finding.severity > *least; });
    const std::string scope = "of severity \"" + min_severity + "\" or above";
    if (!shown.empty())
        rethrow({ERRCODE_RAISE_EXCEPTION,
                 std::to_string(shown.size()) + (shown.size() == 1 ? " finding " : " findings ") + scope,
                 core::finding_lines(shown),
                 "advisor.recommendations has the fixes; advisor.dismiss(id, reason) accepts a finding."});
    return "no finding " + scope + "; " + looked_at((*findings).coverage);
}

Datum text_answer(FunctionCallInfo call, std::string (*answer)(const std::string &)) {
    const std::string argument =
        call->args[0].isnull ? ""
                             : pg_call([=] { return text_to_cstring(DatumGetTextPP(call->args[0].value)); });
    std::string text;
    quietly([&] { text = answer(argument); });
    const char *content = text.c_str();
    return pg_call([=] { return CStringGetTextDatum(content); });
}

} // namespace

ADVISOR_SQL_FUNCTION(db_advisor_report) {
    return text_answer(fcinfo, report_in);
}

ADVISOR_SQL_FUNCTION(db_advisor_check) {
    return text_answer(fcinfo, check_at);
}

} // namespace advisor::pg
