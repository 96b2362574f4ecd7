#include "sqlite_ext/rules/rule_runner.h"

#include "core/rules/figures.h"
#include "sqlite_ext/handles.h"
#include "sqlite_ext/json.h"
#include "sqlite_ext/rules/embedded.h"

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

std::optional<std::string> header_value(std::string_view line, std::string_view name) {
    const std::string start = "-- " + std::string(name) + ": ";
    if (!line.starts_with(start))
        return std::nullopt;
    return std::string(line.substr(start.size()));
}

Rule parse_rule(const EmbeddedRule &embedded) {
    Rule rule;
    rule.category = embedded.category;
    rule.sql = embedded.text;
    std::string_view rest = embedded.text;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, end);
        if (const auto value = header_value(line, "rule"))
            rule.id = *value;
        else if (const auto level = header_value(line, "severity"))
            rule.severity = *level;
        else if (const auto sentence = header_value(line, "title"))
            rule.title = *sentence;
        else if (const auto query = header_value(line, "examined"))
            rule.examined = *query;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return rule;
}

core::Severity severity_of(const std::string &name) {
    for (const core::Severity level : {core::Severity::critical, core::Severity::high, core::Severity::medium,
                                       core::Severity::low, core::Severity::info})
        if (core::severity_name(level) == name)
            return level;
    return core::Severity::info;
}

core::Recommendation finding_of(const Rule &rule, const Query &row) {
    core::Recommendation finding;
    finding.rule = rule.id;
    finding.category = rule.category;
    finding.object = row.text(object);
    finding.id = core::fingerprint(rule.id, finding.object, row.text(subject));
    finding.severity = severity_of(row.text(severity));
    finding.title = row.text(title);
    finding.detail = row.text(detail);
    finding.evidence = facts_of_json(row.text(evidence));
    if (!row.is_null(benefit))
        finding.benefit = row.real(benefit);
    if (!row.is_null(storage_bytes))
        finding.storage_bytes = row.integer(storage_bytes);
    finding.confidence = row.real(confidence);
    finding.fix_steps = strings_of_json(row.text(fix_steps));
    if (row.is_null(fix)) {
        for (const std::string &step : finding.fix_steps)
            finding.fix += (finding.fix.empty() ? "" : "\n") + step;
    } else {
        finding.fix = row.text(fix);
    }
    finding.rollback = row.text(rollback);
    return finding;
}

} // namespace

std::vector<Rule> catalog_rules() {
    std::vector<Rule> rules;
    for (const EmbeddedRule &embedded : embedded_rules())
        rules.push_back(parse_rule(embedded));
    return rules;
}

RuleResults run_catalog_rules(Host &host) {
    RuleResults results;
    for (const Rule &rule : catalog_rules()) {
        const auto start = std::chrono::steady_clock::now();
        Coverage coverage{rule.id, "ran", 0, 0, "", 0};
        try {
            coverage.examined = single_integer(host.connection(), rule.examined).value_or(0);
            Query query(host.connection(), rule.sql);
            std::vector<core::Recommendation> findings;
            while (query.step())
                findings.push_back(finding_of(rule, query));
            results.findings.insert(results.findings.end(), findings.begin(), findings.end());
        } catch (const std::bad_alloc &) {
            throw;
        } catch (const std::exception &failure) {
            coverage.state = "failed";
            coverage.reason = failure.what();
        }
        coverage.milliseconds =
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
        results.coverage.push_back(std::move(coverage));
    }
    return results;
}

} // namespace advisor::sqlite
