// ExecutorEnd_hook: the execution goes to the store, with the texts that the store still wants.
#include "pg_ext/compat.h"
#include "pg_ext/observe/activity.h"
#include "pg_ext/observe/capture.h"
#include "pg_ext/observe/observer.h"
#include "pg_ext/observe/parameter_sample.h"
#include "pg_ext/observe/plan_nodes.h"
#include "pg_ext/observe/statement_text.h"
#include "pg_ext/observe/tags.h"
#include "pg_ext/observe/written_relations.h"

namespace advisor::pg::observe {
namespace {

ExecutorEnd_hook_type previous = nullptr;

double jit_milliseconds(const JitInstrumentation &jit) {
    instr_time sum = jit.generation_counter;
    INSTR_TIME_ADD(sum, jit.inlining_counter);
    INSTR_TIME_ADD(sum, jit.optimization_counter);
    INSTR_TIME_ADD(sum, jit.emission_counter);
    return INSTR_TIME_GET_MILLISEC(sum);
}

bool count_workers(PlanState *state, void *execution) {
    auto *counts = static_cast<store::Execution *>(execution);
    if (IsA(state, GatherState)) {
        counts->workers_planned += reinterpret_cast<Gather *>(state->plan)->num_workers;
        counts->workers_launched += reinterpret_cast<GatherState *>(state)->nworkers_launched;
    } else if (IsA(state, GatherMergeState)) {
        counts->workers_planned += reinterpret_cast<GatherMerge *>(state->plan)->num_workers;
        counts->workers_launched += reinterpret_cast<GatherMergeState *>(state)->nworkers_launched;
    }
    return compat::walk_plan_state(state, count_workers, execution);
}

void note_rare(QueryDesc *query, store::Execution &execution) {
    execution.rare = true;
    execution.jit_ms = query->estate->es_jit ? jit_milliseconds(query->estate->es_jit->instr) : 0;
    execution.workers_planned = execution.workers_launched = 0;
    if (query->plannedstmt->parallelModeNeeded && query->planstate)
        count_workers(query->planstate, &execution);
}

void end_observed(QueryDesc *query, Activity &activity) {
    store::Execution &execution = activity.execution;
    if (query->estate->es_jit || query->plannedstmt->parallelModeNeeded) [[unlikely]]
        note_rare(query, execution);
    const store::Wanted wanted = record(activity);
    if (!wanted.any()) [[likely]]
        return;
    if (wanted.text)
        give_display_text(activity);
    if (wanted.sample) {
        give_nodes(query, activity);
        note_written_relations(query);
    }
    if (wanted.values) {
        sample_parameters(query, activity);
        give_tags(activity);
    }
    if (wanted.example || wanted.slowest || wanted.description)
        capture(query, activity, wanted);
}

[[gnu::noinline]] void close(QueryDesc *query) {
    if (Activity *activity = find_activity(query)) {
        if (observing() && activity->advice_requests == advice_requests)
            end_observed(query, *activity);
        close_activity(*activity);
    }
}

void end(QueryDesc *query) {
    if (open_activities > 0) [[likely]]
        close(query);
    previous(query);
}

} // namespace

void install_executor_end() {
    previous = ExecutorEnd_hook ? ExecutorEnd_hook : standard_ExecutorEnd;
    ExecutorEnd_hook = end;
}

} // namespace advisor::pg::observe
