// advisor_recommendation_statements, advisor_rules, advisor_coverage.
#include "core/rules/figures.h"
#include "sqlite_ext/advice/recommendations.h"
#include "sqlite_ext/functions/tables.h"
#include "sqlite_ext/rules/rule.h"

namespace advisor::sqlite {

void prepare_analysis(Host &host) {
    current_analysis(host);
}

std::vector<Row> recommendation_statement_rows(Host &host, std::span<const Cell>) {
    const Analysis analysis = current_analysis(host);
    std::vector<Row> rows;
    for (const HelpedStatement &helped : analysis.helped)
        rows.push_back({helped.id, analysis.id, helped.queryid, helped.query,
                        static_cast<std::int64_t>(helped.calls), helped.total_ms, helped.share,
                        helped.cost_before, helped.cost_after, helped.changed_nodes});
    return rows;
}

std::vector<Row> rule_rows(Host &host, std::span<const Cell>) {
    std::vector<Row> rows;
    for (const Rule &rule : all_rules()) {
        const RuleSetting setting = host.store().findings().setting(rule.id);
        rows.push_back({rule.id, rule.category,
                        setting.severity ? core::severity_name(*setting.severity) : rule.severity, rule.title,
                        std::string(rule.also_pg ? R"(["pg","sqlite"])" : R"(["sqlite"])"),
                        std::int64_t{setting.enabled},
                        thresholds_json(effective_thresholds(rule, setting.thresholds))});
    }
    return rows;
}

std::vector<Row> coverage_rows(Host &host, std::span<const Cell>) {
    std::vector<Row> rows;
    const std::shared_ptr<const Advice> advice = prepared_advice(host);
    for (const Coverage &line : advice->coverage)
        rows.push_back({line.rule, line.state, line.examined, line.skipped, text_or_null(line.reason),
                        line.milliseconds});
    return rows;
}

} // namespace advisor::sqlite
