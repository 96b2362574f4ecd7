// advisor_recommendations and advisor_history.
#include "sqlite_ext/functions/recommendation_row.h"

#include "core/rules/figures.h"
#include "sqlite_ext/functions/tables.h"
#include "sqlite_ext/json.h"

#include <string_view>

namespace advisor::sqlite {

namespace {

Row row_of(const FindingState &state, Cell analysis_id, const std::string &status) {
    const core::Recommendation &finding = state.finding;
    return {finding.id,
            finding.rule,
            finding.category,
            core::severity_name(finding.severity),
            finding.object,
            finding.title,
            finding.detail,
            json_object(finding.evidence),
            finding.benefit ? Cell{*finding.benefit} : Cell{},
            finding.storage_bytes ? Cell{*finding.storage_bytes} : Cell{},
            finding.confidence,
            finding.fix,
            json_array(finding.fix_steps),
            text_or_null(finding.rollback),
            std::move(analysis_id),
            status,
            iso_time(state.first_seen),
            iso_time(state.last_seen)};
}

struct JsonWriter {
    std::string operator()(std::monostate) const { return "null"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return json_number(value); }
    std::string operator()(const std::string &value) const { return json_string(value); }
};

} // namespace

std::vector<Row> rows_of(Host &host, const Advice &advice) {
    std::vector<Row> rows;
    for (const core::Recommendation &finding : advice.recommendations) {
        FindingState state = host.store().findings().find(finding.id).value_or(FindingState{});
        state.finding = finding;
        const bool from_analysis = finding.rule.starts_with("missing-index");
        rows.push_back(row_of(state, from_analysis ? Cell{advice.analysis.id} : Cell{}, "open"));
    }
    return rows;
}

std::string json_of(const Row &row, std::size_t column) {
    const std::string_view name = recommendation_columns[column];
    const auto *text = std::get_if<std::string>(&row[column]);
    if ((name == "evidence" || name == "fix_steps") && text != nullptr)
        return *text;
    return std::visit(JsonWriter{}, row[column]);
}

std::vector<Row> recommendation_rows(Host &host, std::span<const Cell>) {
    return rows_of(host, *prepared_advice(host));
}

// What is over, as far as anybody looked; nothing is looked for here.
std::vector<Row> history_rows(Host &host, std::span<const Cell>) {
    const std::int64_t now = now_ms();
    std::vector<Row> rows;
    for (const FindingState &state : host.store().findings().states()) {
        const bool dismissed = state.hidden(now);
        if (!dismissed && state.closed_at == 0)
            continue;
        Row row = row_of(state, {}, dismissed ? "dismissed" : "resolved");
        row.emplace_back(iso_time(dismissed ? state.decided_at : state.closed_at));
        row.emplace_back(!dismissed         ? std::string("no longer found")
                         : state.until == 0 ? state.reason
                                            : state.reason + " (until " + iso_time(state.until) + ")");
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace advisor::sqlite
