// Compresses what was prepared to what can be searched, and expands the result.
#include "pg_ext/advice/searched_workload.h"

#include "pg_ext/catalog_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace advisor::pg {
namespace {

constexpr std::size_t least_searched = 100;   // statements
constexpr std::size_t most_searched = 5000;   // for the sake of memory
constexpr double plannings_per_statement = 4; // that a search needs to be worth its time

std::string percent(double share) {
    const auto tenths = static_cast<std::int64_t>(std::floor(share * 1000));
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

} // namespace

std::size_t affordable_statements(std::size_t prepared, TimestampTz started, TimestampTz deadline) {
    const TimestampTz now = GetCurrentTimestamp();
    const double each = static_cast<double>(now - started) / static_cast<double>(prepared + 1);
    const double left = static_cast<double>(deadline - now) / plannings_per_statement;
    return std::clamp(static_cast<std::size_t>(std::max(0.0, left / std::max(each, 1.0))), least_searched,
                      most_searched);
}

Searched searched_part(const Prepared &prepared, std::size_t limit, IndexAdvice &advice) {
    Searched searched;
    searched.workload = core::compress(advice.statements, prepared.base_costs, limit);
    for (const core::Representative &representative : searched.workload.representatives) {
        const std::size_t statement = representative.statement;
        searched.statements.push_back(advice.statements[statement]);
        searched.statements.back().calls = representative.calls;
        searched.plannable.push_back(prepared.plannable[statement]);
        searched.base_costs.push_back(prepared.base_costs[statement]);
    }
    for (const std::size_t statement : searched.workload.left_out)
        advice.skipped.push_back({advice.statements[statement].id, "too light for the time that there is"});
    const core::CompressedWorkload &workload = searched.workload;
    advice.searched.statements = searched.statements.size();
    advice.searched.exact = workload.exact_share;
    advice.searched.merged = workload.merged_share;
    advice.searched.left_out = workload.left_out_share;
    return searched;
}

std::vector<core::Table> searched_tables(const Searched &searched, const std::vector<Oid> &relations) {
    std::vector<bool> wanted(relations.size());
    for (const core::Statement &statement : searched.statements)
        for (const core::TableAccess &access : statement.accesses)
            wanted[access.table] = true;
    std::vector<Oid> read;
    std::vector<core::Table> tables(relations.size());
    for (std::size_t i = 0; i < relations.size(); ++i) {
        tables[i].id = relations[i];
        if (wanted[i])
            read.push_back(relations[i]);
    }
    std::vector<core::Table> found = read_tables(read);
    for (std::size_t i = 0, next = 0; i < relations.size(); ++i)
        if (wanted[i])
            tables[i] = std::move(found[next++]);
    return tables;
}

void expand(const Prepared &prepared, const Searched &searched, IndexAdvice &advice) {
    const auto &representatives = searched.workload.representatives;
    for (core::Candidate &candidate : advice.candidates)
        for (std::size_t &statement : candidate.statements)
            statement = representatives[statement].statement;
    double left_out = 0;
    for (const std::size_t statement : searched.workload.left_out)
        left_out += advice.statements[statement].calls * prepared.base_costs[statement];
    core::Selection &selection = advice.selection;
    for (core::CandidateVerdict &verdict : selection.verdicts)
        if (verdict.statement)
            verdict.statement = representatives[*verdict.statement].statement;
    selection.workload_cost_before += left_out;
    selection.workload_cost_after += left_out;
    for (core::ChosenIndex &chosen : selection.chosen) {
        chosen.workload_before += left_out;
        chosen.workload_after += left_out;
        std::vector<core::StatementEffect> effects;
        for (const core::StatementEffect &effect : chosen.effects)
            for (const std::size_t member : representatives[effect.statement].members) {
                const double before = prepared.base_costs[member];
                const double share = before / effect.cost_before;
                effects.push_back({member, before, share * effect.cost_after, effect.guarded});
                if (std::optional<core::Guarded> &guarded = effects.back().guarded) {
                    guarded->cost_before *= share;
                    guarded->cost_after *= share;
                }
            }
        std::sort(effects.begin(), effects.end(),
                  [](const auto &left, const auto &right) { return left.statement < right.statement; });
        chosen.effects = std::move(effects);
    }
}

std::string describe(const SearchedShare &searched, std::size_t statements) {
    std::string text;
    if (searched.statements != statements || searched.merged + searched.left_out > 0)
        text = std::to_string(searched.statements) + " of " + std::to_string(statements) +
               " statements searched: " + percent(searched.exact) + " of the cost as it is, " +
               percent(searched.merged) + " by a similar statement, " + percent(searched.left_out) +
               " left out";
    if (searched.not_reached > 0)
        text += (text.empty() ? "" : "; ") + std::to_string(searched.not_reached) + " more with " +
                percent(searched.not_reached_share) + " of the time or weight were not reached";
    return text;
}

} // namespace advisor::pg
