// ExecutorStart_hook: from here on the statement is known by its key.
#include "pg_ext/observe/activity.h"
#include "pg_ext/observe/identity.h"
#include "pg_ext/observe/parse_notes.h"
#include "pg_ext/observe/planner.h"
#include "pg_ext/observe/replannable_text.h"
#include "pg_ext/plan_fingerprint.h"

namespace advisor::pg::observe {
namespace {

ExecutorStart_hook_type previous = nullptr;

// From the server where it has one. Texts that the server leaves without an id are fingerprinted here.
std::uint64_t source_id(const QueryDesc *query) {
    const PlannedStmt *statement = query->plannedstmt;
    if (statement->queryId != 0)
        return statement->queryId;
    const TextCut text =
        inner_statement(cut_statement(query->sourceText, statement->stmt_location, statement->stmt_len));
    return text.length > 0 ? text_fingerprint(text) : textless_key(statement);
}

// Ours. What was analysed while nobody recorded, or too long ago, has one made of the server's.
std::int64_t statement_id(const PlannedStmt *statement, std::uint64_t source) {
    const std::int64_t known = statement->queryId != 0 ? known_identity(statement->queryId) : 0;
    return known != 0 ? known : identity_from(source);
}

// Of the rows that es_processed counts: the changed ones, not what RETURNING gives.
double estimated_rows(const PlannedStmt *statement) {
    const Plan *plan = statement->planTree;
    return IsA(plan, ModifyTable) && outerPlan(plan) ? outerPlan(plan)->plan_rows : plan->plan_rows;
}

void open(QueryDesc *query, bool nested) {
    Activity *activity = open_activity();
    if (!activity)
        return;
    const PlannedStmt *statement = query->plannedstmt;
    activity->query = query;
    activity->text = query->sourceText;
    activity->location = statement->stmt_location;
    activity->length = statement->stmt_len;
    activity->note_key = source_id(query);
    store::Execution &execution = activity->execution;
    execution.planid = plan_fingerprint(statement);
    execution.key = {statement_id(statement, activity->note_key), GetUserId(), MyDatabaseId, nested};
    execution.server_queryid = statement->queryId;
    execution.nested_in = enclosing_queryid();
    execution.estimated_cost = statement->planTree->total_cost;
    execution.estimated_rows = estimated_rows(statement);
    const Planning planning = claim_planning(statement);
    execution.planning = planning.milliseconds;
    const bool has_parameters = query->params && query->params->numParams > 0;
    execution.custom = has_parameters && planning.custom;
    execution.generic = has_parameters && !planning.custom;
}

void start(QueryDesc *query, int flags) {
    previous(query, flags);
    if (!observing() || (flags & EXEC_FLAG_EXPLAIN_ONLY))
        return;
    const bool nested = is_nested(__builtin_frame_address(0));
    if (!nested || settings::track == settings::track_all)
        open(query, nested);
}

} // namespace

void install_executor_start() {
    previous = ExecutorStart_hook ? ExecutorStart_hook : standard_ExecutorStart;
    ExecutorStart_hook = start;
}

} // namespace advisor::pg::observe
