// What users do with findings: advisor_dismiss, advisor_undismiss, advisor_set_rule, advisor_check,
// advisor_report.
#include "sqlite_ext/functions/findings.h"

#include "core/error.h"
#include "core/render/report.h"
#include "sqlite_ext/advice/recommendations.h"
#include "sqlite_ext/functions/recommendation_row.h"
#include "sqlite_ext/functions/tables.h"
#include "sqlite_ext/json.h"
#include "sqlite_ext/rules/rule.h"
#include "sqlite_ext/store/save_file.h"

#include <algorithm>
#include <array>

namespace advisor::sqlite {

namespace {

using core::Error;
using core::ErrorCode;

constexpr const char *severities = "Use critical, high, medium, low or info.";

Host &host_of(sqlite3_context *context) {
    return *static_cast<Host *>(sqlite3_user_data(context));
}

void give_text(sqlite3_context *context, const std::string &text) {
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

bool given(const Cell &cell) {
    return !std::holds_alternative<std::monostate>(cell);
}

core::Severity severity_argument(const Cell &cell, const char *name) {
    const std::string text = text_argument(cell, name);
    if (const auto severity = core::severity_of(text))
        return *severity;
    throw Error(ErrorCode::invalid_input, "unknown severity \"" + text + "\"", severities);
}

// The end of a dismissal as milliseconds since 1970; dates and times as SQLite reads them, in UTC.
std::int64_t end_argument(const Cell &cell) {
    if (!given(cell))
        return 0;
    const std::string text = text_argument(cell, "until");
    const Connection clock = open_connection(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY);
    Query query(clock.get(), "SELECT unixepoch(?1) * 1000");
    query.bind(1, text);
    if (!query.step() || query.is_null(0))
        throw Error(ErrorCode::invalid_input, "invalid date \"" + text + "\"",
                    "Write it as 2030-12-31 or 2030-12-31T08:00:00, in UTC.");
    if (query.integer(0) <= now_ms())
        throw Error(ErrorCode::invalid_input, "the end of the dismissal has passed",
                    "A finding can be dismissed until a later date, or without an end.");
    return query.integer(0);
}

// Known from before, or found when looking now.
FindingState known_finding(Host &host, const std::string &id) {
    const Host::OwnWork own_work(host);
    FindingBook &book = host.store().findings();
    if (!book.find(id))
        current_advice(host);
    if (const auto state = book.find(id))
        return *state;
    throw Error(ErrorCode::invalid_input, "there is no finding \"" + id + "\"",
                "Ids are in advisor_recommendations and advisor_history.");
}

std::string setting_json(const Rule &rule, const RuleSetting &setting) {
    const core::Severity own = core::severity_of(rule.severity).value_or(core::Severity::info);
    return "{\"rule\":" + json_string(rule.id) + ",\"enabled\":" + (setting.enabled ? "true" : "false") +
           ",\"severity\":" + json_string(core::severity_name(setting.severity.value_or(own))) +
           ",\"thresholds\":" + thresholds_json(effective_thresholds(rule, setting.thresholds)) + "}";
}

// What a silent gate must not hide: rules that could not look.
std::string looked_at(const std::vector<Coverage> &coverage) {
    std::size_t rules = 0;
    std::size_t ran = 0;
    std::string failed;
    for (const Rule &rule : all_rules()) {
        const auto line = std::find_if(coverage.begin(), coverage.end(),
                                       [&](const Coverage &candidate) { return candidate.rule == rule.id; });
        if (line == coverage.end())
            continue;
        ++rules;
        ran += line->state == "ran" ? 1 : 0;
        if (line->state == "failed")
            failed += "; " + rule.id + " failed: " + line->reason;
    }
    return std::to_string(ran) + " of " + std::to_string(rules) + " rules ran" + failed;
}

std::string report_json(Host &host, const Advice &advice) {
    std::string json = "[";
    for (const Row &row : rows_of(host, advice)) {
        json += json.size() > 1 ? ",\n{" : "{";
        for (std::size_t column = 0; column < recommendation_columns.size(); ++column)
            json += (column == 0 ? "" : ",") + json_string(recommendation_columns[column]) + ":" +
                    json_of(row, column);
        json += "}";
    }
    return json + "]";
}

} // namespace

void dismiss_finding(sqlite3_context *context, int count, sqlite3_value **values) {
    Host &host = host_of(context);
    const std::string id = text_argument(cell_of(values[0]), "id");
    const std::string reason = text_argument(cell_of(values[1]), "reason");
    if (reason.find_first_not_of(" \t\n") == std::string::npos)
        throw Error(ErrorCode::invalid_input, "a dismissal needs a reason",
                    "It is shown in advisor_history to those who come later.");
    const std::int64_t until = count > 2 ? end_argument(cell_of(values[2])) : 0;
    known_finding(host, id);
    host.store().findings().dismiss(id, reason, until, now_ms());
    save_workload(host.store(), host.path());
    give_text(context, "dismissed");
}

void undismiss_finding(sqlite3_context *context, int, sqlite3_value **values) {
    Host &host = host_of(context);
    const std::string id = text_argument(cell_of(values[0]), "id");
    known_finding(host, id);
    if (!host.store().findings().undismiss(id, now_ms()))
        throw Error(
            ErrorCode::invalid_input, "the finding \"" + id + "\" is not dismissed",
            "SELECT id, reason FROM advisor_history WHERE status = 'dismissed' lists those that are.");
    save_workload(host.store(), host.path());
    give_text(context, "open");
}

void set_rule(sqlite3_context *context, int count, sqlite3_value **values) {
    Host &host = host_of(context);
    std::array<Cell, 4> arguments;
    for (int i = 0; i < count; ++i)
        arguments[static_cast<std::size_t>(i)] = cell_of(values[i]);
    const Rule rule = find_rule(text_argument(arguments[0], "rule"));
    RuleSetting setting = host.store().findings().setting(rule.id);
    if (const auto enabled = integer_argument(arguments[1], "enabled")) {
        if (*enabled != 0 && *enabled != 1)
            throw Error(ErrorCode::invalid_input, "argument \"enabled\" must be 0 or 1");
        setting.enabled = *enabled == 1;
    }
    if (arguments[2] == Cell{std::string("default")})
        setting.severity.reset();
    else if (given(arguments[2]))
        setting.severity = severity_argument(arguments[2], "severity");
    if (given(arguments[3]))
        setting.thresholds =
            changed_thresholds(rule, setting.thresholds, text_argument(arguments[3], "thresholds"));
    setting.changed_at = now_ms();
    host.store().findings().set(rule.id, setting);
    save_workload(host.store(), host.path());
    give_text(context, setting_json(rule, setting));
}

void check_findings(sqlite3_context *context, int count, sqlite3_value **values) {
    Host &host = host_of(context);
    const core::Severity least =
        count > 0 ? severity_argument(cell_of(values[0]), "min_severity") : core::Severity::high;
    const Host::OwnWork own_work(host);
    Advice advice = current_advice(host);
    std::erase_if(advice.recommendations,
                  [&](const core::Recommendation &finding) { return finding.severity > least; });
    const std::string scope = "of severity \"" + core::severity_name(least) + "\" or above";
    const std::size_t findings = advice.recommendations.size();
    if (findings > 0)
        throw Error(ErrorCode::invalid_input,
                    std::to_string(findings) + (findings == 1 ? " finding " : " findings ") + scope + "\n" +
                        core::finding_lines(advice.recommendations),
                    "advisor_recommendations has the fixes; advisor_dismiss(id, reason) accepts a finding.");
    give_text(context, "no finding " + scope + "; " + looked_at(advice.coverage));
}

void report_findings(sqlite3_context *context, int count, sqlite3_value **values) {
    Host &host = host_of(context);
    const std::string format = count > 0 ? text_argument(cell_of(values[0]), "format") : "text";
    if (format != "text" && format != "markdown" && format != "json")
        throw Error(ErrorCode::invalid_input, "unknown report format \"" + format + "\"",
                    "Formats are \"text\", \"markdown\" and \"json\".");
    const Host::OwnWork own_work(host);
    const Advice advice = current_advice(host);
    give_text(context, format == "text"       ? core::report_text(advice.recommendations)
                       : format == "markdown" ? core::report_markdown(advice.recommendations)
                                              : report_json(host, advice));
}

} // namespace advisor::sqlite
