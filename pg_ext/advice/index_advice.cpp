// The best index set for a list of statements: prepare, generate, cost, select.
#include "pg_ext/advice/index_advice.h"

#include "core/candidates/literals.h"
#include "pg_ext/advice/planner_cost_model.h"
#include "pg_ext/advice/planning_memory.h"
#include "pg_ext/advice/progress.h"
#include "pg_ext/advice/replaced_indexes.h"
#include "pg_ext/advice/searched_workload.h"
#include "pg_ext/advice/write_costs.h"
#include "pg_ext/settings.h"

#include <algorithm>
#include <utility>

namespace advisor::pg {
namespace {

// The search asks through plain function pointers; one analysis at a time per backend.
TimestampTz deadline = 0;
Progress *progress = nullptr;
const PlannerCostModel *asked = nullptr;

constexpr std::size_t most_kept_trees = 3000; // of some ten kilobytes each
constexpr std::size_t least_candidates = 200;
constexpr std::int64_t milliseconds_per_candidate = 2; // with what else is to be done in the time

std::optional<SearchEffort> effort;

double milliseconds_since(TimestampTz start) {
    return static_cast<double>(GetCurrentTimestamp() - start) / 1000;
}

bool out_of_time() {
    return GetCurrentTimestamp() >= deadline;
}

void poll() {
    poll_interrupts();
    progress->reach(std::to_string(asked->planner_calls()) + " planner calls");
}

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
        progress->reach(std::to_string(advice.statements.size()) + " of " + std::to_string(inputs.size()));
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

void select(const AdviceLimits &limits, const Prepared &prepared, Searched &searched, IndexAdvice &advice,
            SearchEffort &spent) {
    const TimestampTz started = GetCurrentTimestamp();
    PlannerCostModel model(searched.plannable, searched.base_costs, advice.candidates, limits.sampling,
                           deadline, out_of_time);
    model.set_write_costs(write_costs(prepared.plannable, advice.statements, advice.tables, advice.candidates,
                                      model.index_rows()));
    spent.define_ms = milliseconds_since(started);
    std::vector<double> weights;
    for (const core::Statement &statement : searched.statements)
        weights.push_back(statement.calls);
    core::SelectionLimits selection;
    selection.storage_budget = limits.storage_budget;
    selection.min_saving = limits.min_saving;
    selection.min_share = limits.min_share;
    selection.thrift = limits.thrift;
    selection.max_indexes_per_table = limits.max_indexes_per_table;
    selection.out_of_time = out_of_time;
    const bool all_prepared = advice.selection.complete;
    progress->begin("searching among " + std::to_string(advice.candidates.size()) + " indexes");
    asked = &model;
    advice.selection =
        core::select_indexes(advice.candidates, searched.statements, weights, model, selection, poll);
    advice.selection.complete = advice.selection.complete && all_prepared;
    note_replaced(searched.statements, advice.tables, advice.candidates, model, out_of_time,
                  advice.selection);
    spent.select_ms = milliseconds_since(started) - spent.define_ms;
    spent.planner_calls = advice.selection.planner_calls;
    advice.confidence_caps = model.confidence_caps();
    for (const std::size_t statement : model.failed())
        advice.skipped.push_back(
            {searched.statements[statement].id, "could not be planned with new indexes"});
}

} // namespace

const std::optional<SearchEffort> &last_search() {
    return effort;
}

Sampling allowed_sampling() {
    return settings::expression_statistics ? Sampling::sizes_and_expressions : Sampling::sizes;
}

IndexAdvice advise_indexes(const std::vector<StatementInput> &inputs, const AdviceLimits &limits) {
    const TimestampTz started = GetCurrentTimestamp();
    deadline = started + limits.time_budget_ms * 1000;
    IndexAdvice advice;
    const PlanningMemory memory("db_advisor analysis");
    Progress shown;
    progress = &shown;
    shown.begin("preparing statements");
    Prepared prepared;
    prepare_all(inputs, limits, started, prepared, advice);
    advice.base_costs = prepared.base_costs;
    SearchEffort spent;
    spent.prepare_ms = milliseconds_since(started);
    const std::size_t limit = affordable_statements(prepared.plannable.size(), started, deadline);
    Searched searched = searched_part(prepared, limit, advice);
    advice.tables = searched_tables(searched, prepared.relations);
    core::settle_literals(searched.statements, advice.tables);
    advice.candidates =
        core::generate_candidates(searched.statements, advice.tables, candidate_options(limits));
    shown.begin("sizing " + std::to_string(advice.candidates.size()) + " indexes");
    select(limits, prepared, searched, advice, spent);
    expand(prepared, searched, advice);
    advice.milliseconds = milliseconds_since(started);
    spent.statements = advice.statements.size();
    spent.candidates = advice.candidates.size();
    spent.searched = advice.searched;
    spent.complete = advice.selection.complete;
    effort = spent;
    return advice;
}

} // namespace advisor::pg
