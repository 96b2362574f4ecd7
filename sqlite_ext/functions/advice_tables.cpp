// advisor_recommendations, advisor_recommendation_statements, advisor_rules, advisor_coverage.
#include "core/rules/figures.h"
#include "sqlite_ext/advice/recommendations.h"
#include "sqlite_ext/functions/tables.h"
#include "sqlite_ext/json.h"
#include "sqlite_ext/rules/rule_runner.h"

namespace advisor::sqlite {

std::vector<Row> recommendation_rows(Host &host, std::span<const Cell>) {
    const Advice advice = current_advice(host);
    const std::string now = iso_time(now_ms());
    std::vector<Row> rows;
    for (const core::Recommendation &finding : advice.recommendations) {
        const bool from_analysis = finding.rule.starts_with("missing-index");
        rows.push_back({finding.id, finding.rule, finding.category, core::severity_name(finding.severity),
                        finding.object, finding.title, finding.detail, json_object(finding.evidence),
                        finding.benefit ? Cell{*finding.benefit} : Cell{},
                        finding.storage_bytes ? Cell{*finding.storage_bytes} : Cell{}, finding.confidence,
                        finding.fix, json_array(finding.fix_steps), text_or_null(finding.rollback),
                        from_analysis ? Cell{advice.analysis.id} : Cell{}, std::string("open"),
                        iso_time(host.store().first_seen(finding.id, now_ms())), now});
    }
    return rows;
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

std::vector<Row> rule_rows(Host &, std::span<const Cell>) {
    std::vector<Row> rows;
    const auto add = [&](const std::string &id, const std::string &category, const std::string &severity,
                         const std::string &title, const std::string &thresholds) {
        rows.push_back(
            {id, category, severity, title, std::string("[\"pg\",\"sqlite\"]"), std::int64_t{1}, thresholds});
    };
    const std::string index_thresholds =
        R"({"min_table_rows":1000,"min_calls":5,"min_total_ms":1000,"min_saving":0.5})";
    add("advisor-not-ready", "configuration", "info", "Something stops the advisor from looking", "{}");
    add("missing-index-filter", "query", "high", "Statements search a table without an index",
        index_thresholds);
    add("missing-index-join", "query", "high", "Statements join a table without an index", index_thresholds);
    add("missing-index-sort", "query", "medium", "Statements sort what an index would give in order",
        index_thresholds);
    for (const Rule &rule : catalog_rules())
        add(rule.id, rule.category, rule.severity, rule.title, "{}");
    return rows;
}

std::vector<Row> coverage_rows(Host &host, std::span<const Cell>) {
    std::vector<Row> rows;
    for (const Coverage &line : current_advice(host).coverage)
        rows.push_back({line.rule, line.state, line.examined, line.skipped, text_or_null(line.reason),
                        line.milliseconds});
    return rows;
}

} // namespace advisor::sqlite
