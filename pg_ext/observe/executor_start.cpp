// ExecutorStart_hook: from here on the statement is known by its key.
#include "pg_ext/observe/activity.h"
#include "pg_ext/observe/known_plan.h"
#include "pg_ext/observe/planner.h"

namespace advisor::pg::observe {
namespace {

ExecutorStart_hook_type previous = nullptr;

// Statements of referential integrity triggers are the only ones that row security is lifted for. What other
// triggers do in turn is not theirs.
bool serves_integrity(const Activity &enclosing) {
    return !enclosing.execution.integrity && InNoForceRLSOperation();
}

void open(QueryDesc *query, KnownPlan &plan, const Activity *enclosing) {
    const bool sampled = store::wants_sample(plan.place, plan.key, plan.planid);
    if (sampled)
        query->instrument_options |= INSTRUMENT_ROWS;
    Activity *activity = open_activity();
    if (!activity)
        return;
    const PlannedStmt *statement = query->plannedstmt;
    activity->query = query;
    activity->text = query->sourceText;
    activity->location = statement->stmt_location;
    activity->length = statement->stmt_len;
    activity->note_key = plan.source;
    store::Execution &execution = activity->execution;
    execution.key = plan.key;
    execution.planid = plan.planid;
    execution.place = plan.place;
    execution.sampled = sampled;
    execution.plan = statement;
    execution.server_queryid = statement->queryId;
    if (enclosing) {
        execution.nested_in = enclosing->execution.key.queryid;
        execution.integrity = serves_integrity(*enclosing);
    }
    const Planning planning = claim_planning(statement);
    execution.planning = planning.ticks;
    if (query->params && query->params->numParams > 0) {
        execution.custom = planning.custom;
        execution.generic = !planning.custom;
    }
}

// Opened first: what starting calls, say functions in its expressions, is nested in nothing yet, and an error
// in it leaves an activity that the end of the transaction closes.
[[gnu::noinline]] void start_observed(QueryDesc *query, int flags) {
    if (observing() && !(flags & EXEC_FLAG_EXPLAIN_ONLY)) {
        const Enclosing enclosing = look_around(__builtin_frame_address(0));
        if (!enclosing.nested || settings::track == settings::track_all)
            open(query, known_plan(query, GetUserId(), enclosing.nested), enclosing.activity);
    }
    previous(query, flags);
}

void start(QueryDesc *query, int flags) {
    if (settings::enabled) [[likely]]
        start_observed(query, flags);
    else
        previous(query, flags);
}

} // namespace

void install_executor_start() {
    previous = ExecutorStart_hook ? ExecutorStart_hook : standard_ExecutorStart;
    ExecutorStart_hook = start;
}

} // namespace advisor::pg::observe
