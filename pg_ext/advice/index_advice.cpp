// The best index set for a list of statements: prepare, generate, cost, select.
#include "pg_ext/advice/index_advice.h"

#include "pg_ext/advice/planner_cost_model.h"
#include "pg_ext/advice/planning_memory.h"
#include "pg_ext/advice/write_costs.h"
#include "pg_ext/catalog_reader.h"
#include "pg_ext/settings.h"

#include <algorithm>
#include <utility>

namespace advisor::pg {
namespace {

// The search asks through a plain function pointer; one analysis at a time per backend.
TimestampTz deadline = 0;

constexpr std::int64_t share_for_sampling = 4; // of the time that is left after preparing

std::optional<SearchEffort> effort;

double milliseconds_since(TimestampTz start) {
    return static_cast<double>(GetCurrentTimestamp() - start) / 1000;
}

bool out_of_time() {
    return GetCurrentTimestamp() >= deadline;
}

struct Prepared {
    std::vector<PlannableStatement> plannable;
    std::vector<double> base_costs;
    std::vector<Oid> relations;
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
    prepared.plannable.push_back(plannable);
}

core::CandidateOptions candidate_options(const AdviceLimits &limits) {
    core::CandidateOptions options;
    options.max_columns = limits.max_columns;
    options.min_table_rows = limits.min_table_rows;
    return options;
}

void select(const AdviceLimits &limits, Prepared &prepared, IndexAdvice &advice, SearchEffort &spent) {
    const TimestampTz started = GetCurrentTimestamp();
    PlannerCostModel model(prepared.plannable, prepared.base_costs, advice.candidates, limits.sampling,
                           started + std::max<std::int64_t>(0, deadline - started) / share_for_sampling);
    model.set_write_costs(write_costs(prepared.plannable, advice.statements, advice.tables, advice.candidates,
                                      model.index_rows()));
    spent.define_ms = milliseconds_since(started);
    std::vector<double> weights;
    for (const core::Statement &statement : advice.statements)
        weights.push_back(statement.calls);
    core::SelectionLimits selection;
    selection.storage_budget = limits.storage_budget;
    selection.min_saving = limits.min_saving;
    selection.out_of_time = out_of_time;
    advice.selection = core::select_indexes(advice.candidates, advice.statements, weights, model, selection,
                                            poll_interrupts);
    spent.select_ms = milliseconds_since(started) - spent.define_ms;
    spent.planner_calls = advice.selection.planner_calls;
    advice.confidence_caps = model.confidence_caps();
    for (const std::size_t statement : model.failed())
        advice.skipped.push_back({advice.statements[statement].id, "could not be planned with new indexes"});
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
    Prepared prepared;
    for (const StatementInput &input : inputs) {
        poll_interrupts();
        if (!limits.raise_failures && out_of_time()) {
            advice.skipped.push_back({input.id, "the analysis ran out of time"});
            advice.selection.complete = false;
            continue;
        }
        prepare_one(input, limits, prepared, advice);
    }
    advice.base_costs = prepared.base_costs;
    SearchEffort spent;
    spent.prepare_ms = milliseconds_since(started);
    advice.tables = read_tables(prepared.relations);
    advice.candidates =
        core::generate_candidates(advice.statements, advice.tables, candidate_options(limits));
    select(limits, prepared, advice, spent);
    advice.milliseconds = milliseconds_since(started);
    spent.statements = advice.statements.size();
    spent.candidates = advice.candidates.size();
    effort = spent;
    return advice;
}

} // namespace advisor::pg
