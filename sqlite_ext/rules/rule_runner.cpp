#include "sqlite_ext/rules/rule_runner.h"

#include "core/error.h"
#include "core/rules/figures.h"
#include "sqlite_ext/handles.h"
#include "sqlite_ext/json.h"
#include "sqlite_ext/rules/rule_catalog.h"

#include <chrono>
#include <optional>

namespace advisor::sqlite {

namespace {

// Columns of a rule's query, in this order.
enum Column {
    object,
    subject,
    severity,
    title,
    detail,
    evidence,
    benefit,
    storage_bytes,
    confidence,
    fix_steps,
    fix,
    rollback
};

constexpr int columns_wanted = rollback + 1;
constexpr std::size_t max_findings = 10000; // of one rule

core::Severity given_severity(const std::string &name) {
    if (const auto severity = core::severity_of(name))
        return *severity;
    throw core::Error(core::ErrorCode::internal, "the rule gave the severity \"" + name + "\"");
}

core::Recommendation finding_of(const Rule &rule, const Query &row, JsonReader &json) {
    core::Recommendation finding;
    finding.rule = rule.id;
    finding.category = rule.category;
    finding.object = row.text(object);
    finding.id = core::fingerprint(rule.id, finding.object, row.text(subject));
    finding.severity = given_severity(row.is_null(severity) ? rule.severity : row.text(severity));
    finding.title = row.is_null(title) ? rule.title : row.text(title);
    finding.detail = row.text(detail);
    finding.evidence = json.facts(row.text(evidence));
    if (!row.is_null(benefit))
        finding.benefit = row.real(benefit);
    if (!row.is_null(storage_bytes))
        finding.storage_bytes = row.integer(storage_bytes);
    finding.confidence = row.real(confidence);
    finding.fix_steps = json.strings(row.text(fix_steps));
    if (row.is_null(fix)) {
        for (const std::string &step : finding.fix_steps)
            finding.fix += (finding.fix.empty() ? "" : "\n") + step;
    } else {
        finding.fix = row.text(fix);
    }
    finding.rollback = row.text(rollback);
    return finding;
}

// "WITH threshold(min_rows) AS (SELECT 1000.0)", in which the rule's queries find their thresholds.
std::string threshold_clause(const std::vector<Threshold> &thresholds) {
    std::string names;
    std::string values;
    for (const Threshold &threshold : thresholds) {
        names += (names.empty() ? "" : ", ") + sqlite::quoted(threshold.name);
        values += values.empty() ? "" : ", ";
        if (const auto *text = std::get_if<std::string>(&threshold.value))
            values += string_literal(*text);
        else if (const auto *flag = std::get_if<bool>(&threshold.value))
            values += *flag ? "1" : "0";
        else
            values += "CAST(" + threshold_json(threshold.value) + " AS REAL)";
    }
    return "WITH threshold(" + (names.empty() ? "none" : names) + ") AS (SELECT " +
           (values.empty() ? "NULL" : values) + ")\n";
}

class RuleRunner {
public:
    RuleRunner(Host &host, const std::vector<IndexUse> &usage, const StatementFacts &facts)
        : host_(host), catalog_(host, usage, facts) {}

    void run(const Rule &rule, RuleResults &results);

private:
    std::optional<std::string> reason_to_skip(const Rule &rule) const;
    std::optional<std::string> reason_to_wait(const Rule &rule) const;
    std::vector<core::Recommendation> ask(const Rule &rule, Coverage &coverage);

    Host &host_;
    RuleCatalog catalog_;
    JsonReader json_;
};

void RuleRunner::run(const Rule &rule, RuleResults &results) {
    const auto start = std::chrono::steady_clock::now();
    Coverage coverage{rule.id, "ran", 0, 0, "", 0};
    try {
        if (const auto skip = reason_to_skip(rule)) {
            coverage.state = "skipped";
            coverage.reason = *skip;
        } else if (const auto wait = reason_to_wait(rule)) {
            coverage.state = "waiting";
            coverage.reason = *wait;
        } else {
            for (core::Recommendation &finding : ask(rule, coverage))
                results.findings.push_back(std::move(finding));
        }
    } catch (const std::bad_alloc &) {
        throw;
    } catch (const std::exception &failure) {
        const auto *refusal = dynamic_cast<const Failure *>(&failure);
        coverage.state = "failed";
        coverage.reason =
            refusal != nullptr && refusal->code() == SQLITE_INTERRUPT
                ? "stopped after " +
                      core::human_milliseconds(static_cast<double>(host_.store().rule_time_limit_ms()))
                : catalog_.explain(failure.what());
    }
    coverage.milliseconds =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    results.coverage.push_back(std::move(coverage));
}

std::optional<std::string> RuleRunner::reason_to_skip(const Rule &rule) const {
    if (!host_.store().findings().setting(rule.id).enabled)
        return "switched off by advisor_set_rule";
    if (version_number(rule.minimum_version) > sqlite3_libversion_number())
        return "needs SQLite " + rule.minimum_version + " or newer, this is " + sqlite3_libversion();
    return std::nullopt;
}

// A conclusion from absence stands on what was recorded until now.
std::optional<std::string> RuleRunner::reason_to_wait(const Rule &rule) const {
    if (!rule.waits)
        return std::nullopt;
    if (host_.store().window_has_passed())
        return std::nullopt;
    const std::int64_t window = host_.store().observation_window_ms();
    const ObservedWindow observed = host_.store().observed();
    const std::int64_t span = observed.to - observed.from;
    return "the recorded statements span " + core::human_milliseconds(static_cast<double>(span)) +
           ", the observation window is " + core::human_milliseconds(static_cast<double>(window));
}

std::vector<core::Recommendation> RuleRunner::ask(const Rule &rule, Coverage &coverage) {
    const RuleSetting setting = host_.store().findings().setting(rule.id);
    const std::string clause = threshold_clause(effective_thresholds(rule, setting.thresholds));
    catalog_.start_clock(std::chrono::milliseconds(host_.store().rule_time_limit_ms()));
    Query examined(catalog_.connection(), clause + "SELECT * FROM (" + rule.examined + "\n)");
    if (examined.step()) {
        coverage.examined = examined.integer(0);
        coverage.skipped = examined.columns() > 1 ? examined.integer(1) : 0;
        coverage.reason = coverage.skipped > 0 && examined.columns() > 2 ? examined.text(2) : "";
    }
    Query query(catalog_.connection(), clause + "SELECT * FROM (\n" + rule.sql + "\n)");
    if (query.columns() != columns_wanted)
        throw core::Error(core::ErrorCode::internal, "the query has " + std::to_string(query.columns()) +
                                                         " columns instead of " +
                                                         std::to_string(columns_wanted));
    std::vector<core::Recommendation> findings;
    while (query.step()) {
        if (findings.size() == max_findings)
            throw core::Error(core::ErrorCode::limit_exceeded,
                              "more than " + std::to_string(max_findings) + " findings");
        findings.push_back(finding_of(rule, query, json_));
    }
    return findings;
}

} // namespace

RuleResults run_catalog_rules(Host &host, const std::vector<IndexUse> &usage, const StatementFacts &facts) {
    RuleResults results;
    try {
        RuleRunner runner(host, usage, facts);
        for (const Rule &rule : catalog_rules())
            runner.run(rule, results);
    } catch (const Failure &failure) { // no catalog to look at
        for (const Rule &rule : catalog_rules())
            results.coverage.push_back({rule.id, "failed", 0, 0, failure.what(), 0});
    }
    return results;
}

} // namespace advisor::sqlite
