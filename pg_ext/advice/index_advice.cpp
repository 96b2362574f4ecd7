// The best index set for a list of statements: prepare, generate, cost, select.
#include "pg_ext/advice/index_advice.h"

#include "core/workload/compress.h"
#include "pg_ext/advice/planner_cost_model.h"
#include "pg_ext/advice/planning_memory.h"
#include "pg_ext/advice/write_costs.h"
#include "pg_ext/catalog_reader.h"
#include "pg_ext/settings.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace advisor::pg {
namespace {

// The search asks through a plain function pointer; one analysis at a time per backend.
TimestampTz deadline = 0;
LastSearch last;

constexpr std::size_t most_kept_trees = 3000; // of some ten kilobytes each
constexpr std::size_t least_searched = 100;   // statements
constexpr std::size_t most_searched = 5000;   // for the sake of memory
constexpr std::size_t least_candidates = 200;
constexpr std::int64_t milliseconds_per_candidate = 2; // with what else is to be done in the time
constexpr double plannings_per_statement = 4;          // that a search needs to be worth its time

constexpr std::int64_t share_for_sampling = 4; // of the time that is left after preparing

bool out_of_time() {
    return GetCurrentTimestamp() >= deadline;
}

struct Prepared {
    std::vector<PlannableStatement> plannable;
    std::vector<double> base_costs;
    std::vector<Oid> relations;
};

// What the search works on: statements that stand for the whole workload.
struct Searched {
    std::vector<core::Statement> statements;
    std::vector<PlannableStatement> plannable;
    std::vector<double> base_costs;
    core::CompressedWorkload workload;
};

void prepare_one(const StatementInput &input, const AdviceLimits &limits, Prepared &prepared,
                 IndexAdvice &advice) {
    core::Statement statement;
    PlannableStatement plannable(input);
    const PlanOutcome outcome = plannable.prepare(prepared.relations, statement.accesses);
    if (outcome.failure) {
        if (limits.raise_failures)
            rethrow(*outcome.failure);
        advice.skipped.push_back({input.id, outcome.failure->message});
        return;
    }
    statement.id = input.id;
    statement.text = input.text;
    statement.kind = plannable.kind();
    statement.calls = input.calls;
    statement.total_ms = input.total_ms;
    advice.statements.push_back(std::move(statement));
    prepared.base_costs.push_back(outcome.planned.cost);
    if (prepared.plannable.size() >= most_kept_trees)
        plannable.keep_no_trees();
    prepared.plannable.push_back(plannable);
}

// Half of the time may go into preparing: an answer for the first statements is worth more than none for all.
void prepare_all(const std::vector<StatementInput> &inputs, const AdviceLimits &limits, TimestampTz started,
                 Prepared &prepared, IndexAdvice &advice) {
    const TimestampTz enough = started + (deadline - started) / 2;
    double all = 0, not_reached = 0;
    for (const StatementInput &input : inputs) {
        poll_interrupts();
        const double weight = input.total_ms > 0 ? input.total_ms : input.calls;
        all += weight;
        if ((!limits.raise_failures || !prepared.plannable.empty()) && GetCurrentTimestamp() >= enough) {
            advice.skipped.push_back({input.id, "the analysis ran out of time"});
            advice.selection.complete = false;
            ++advice.searched.not_reached;
            not_reached += weight;
            continue;
        }
        prepare_one(input, limits, prepared, advice);
    }
    advice.searched.not_reached_share = all > 0 ? not_reached / all : 0;
}

// As many as can be searched in the time that is left, judged by how long preparing them took.
std::size_t affordable_statements(std::size_t prepared, TimestampTz started) {
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

// Each candidate has to be defined and sized before the search can begin.
core::CandidateOptions candidate_options(const AdviceLimits &limits) {
    core::CandidateOptions options;
    const std::int64_t left = std::max<std::int64_t>(0, deadline - GetCurrentTimestamp()) / 1000;
    options.max_candidates = std::clamp(static_cast<std::size_t>(left / milliseconds_per_candidate),
                                        least_candidates, options.max_candidates);
    options.max_columns = limits.max_columns;
    options.min_table_rows = limits.min_table_rows;
    return options;
}

void select(const AdviceLimits &limits, const Prepared &prepared, Searched &searched, IndexAdvice &advice) {
    const TimestampTz now = GetCurrentTimestamp();
    const TimestampTz sample_until = now + std::max<std::int64_t>(0, deadline - now) / share_for_sampling;
    PlannerCostModel model(searched.plannable, searched.base_costs, advice.candidates, limits.sampling,
                           sample_until, out_of_time);
    model.set_write_costs(write_costs(prepared.plannable, advice.statements, advice.tables, advice.candidates,
                                      model.index_rows()));
    std::vector<double> weights;
    for (const core::Statement &statement : searched.statements)
        weights.push_back(statement.calls);
    core::SelectionLimits selection;
    selection.storage_budget = limits.storage_budget;
    selection.out_of_time = out_of_time;
    const bool all_prepared = advice.selection.complete;
    advice.selection = core::select_indexes(advice.candidates, searched.statements, weights, model, selection,
                                            poll_interrupts);
    advice.selection.complete = advice.selection.complete && all_prepared;
    advice.confidence_caps = model.confidence_caps();
    for (const std::size_t statement : model.failed())
        advice.skipped.push_back(
            {searched.statements[statement].id, "could not be planned with new indexes"});
}

// From what was searched back to the whole workload: who is represented gains as its representative does, and
// what was left out costs what it did.
void expand(const Prepared &prepared, const Searched &searched, IndexAdvice &advice) {
    const auto &representatives = searched.workload.representatives;
    for (core::Candidate &candidate : advice.candidates)
        for (std::size_t &statement : candidate.statements)
            statement = representatives[statement].statement;
    double left_out = 0;
    for (const std::size_t statement : searched.workload.left_out)
        left_out += advice.statements[statement].calls * prepared.base_costs[statement];
    core::Selection &selection = advice.selection;
    selection.workload_cost_before += left_out;
    selection.workload_cost_after += left_out;
    for (core::ChosenIndex &chosen : selection.chosen) {
        chosen.workload_before += left_out;
        chosen.workload_after += left_out;
        std::vector<core::StatementEffect> effects;
        for (const core::StatementEffect &effect : chosen.effects)
            for (const std::size_t member : representatives[effect.statement].members) {
                const double before = prepared.base_costs[member];
                effects.push_back({member, before, before * effect.cost_after / effect.cost_before});
            }
        std::sort(effects.begin(), effects.end(),
                  [](const auto &left, const auto &right) { return left.statement < right.statement; });
        chosen.effects = std::move(effects);
    }
}

// By position in relations; of those that no searched statement reads only the OID.
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

std::string percent(double share) {
    const auto tenths = static_cast<std::int64_t>(std::floor(share * 1000));
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

} // namespace

Sampling allowed_sampling() {
    return settings::expression_statistics ? Sampling::sizes_and_expressions : Sampling::sizes;
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

const LastSearch &last_search() {
    return last;
}

IndexAdvice advise_indexes(const std::vector<StatementInput> &inputs, const AdviceLimits &limits) {
    const TimestampTz started = GetCurrentTimestamp();
    deadline = started + limits.time_budget_ms * 1000;
    IndexAdvice advice;
    const PlanningMemory memory("db_advisor analysis");
    Prepared prepared;
    prepare_all(inputs, limits, started, prepared, advice);
    Searched searched =
        searched_part(prepared, affordable_statements(prepared.plannable.size(), started), advice);
    advice.tables = searched_tables(searched, prepared.relations);
    advice.candidates =
        core::generate_candidates(searched.statements, advice.tables, candidate_options(limits));
    select(limits, prepared, searched, advice);
    expand(prepared, searched, advice);
    advice.milliseconds = static_cast<double>(GetCurrentTimestamp() - started) / 1000;
    last = {true,
            advice.selection.planner_calls,
            advice.statements.size(),
            advice.milliseconds,
            advice.selection.complete,
            advice.searched};
    return advice;
}

} // namespace advisor::pg
