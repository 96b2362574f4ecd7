// ProcessUtility_hook: everything that has no plan. Some of these only carry a statement that has one.
#include "pg_ext/compat.h"
#include "pg_ext/observe/activity.h"
#include "pg_ext/observe/identity.h"
#include "pg_ext/observe/schema_change.h"
#include "pg_ext/observe/statement_text.h"

namespace advisor::pg::observe {
namespace {

ProcessUtility_hook_type previous = nullptr;

// Statements below these are as near to the client as these are.
bool carries_statement(NodeTag utility) {
    switch (utility) {
    case T_ExecuteStmt:
    case T_PrepareStmt:
    case T_DeallocateStmt:
    case T_DeclareCursorStmt:
    case T_FetchStmt:
    case T_ClosePortalStmt:
    case T_ExplainStmt:
    case T_CreateTableAsStmt:
    case T_CopyStmt: return true;
    default: return false;
    }
}

// Prepared statements are recorded when they run; parts of a statement (the index of a primary key) are not,
// and what an extension's script makes is CREATE EXTENSION.
bool is_recorded(NodeTag utility, ProcessUtilityContext context, bool nested) {
    return settings::track_utility && !creating_extension && context != PROCESS_UTILITY_SUBCOMMAND &&
           utility != T_ExecuteStmt && utility != T_PrepareStmt && utility != T_DeallocateStmt &&
           (!nested || settings::track == settings::track_all);
}

// From the text; where the server has an id that tells as much, the text is read once.
std::int64_t utility_id(const PlannedStmt *statement, const char *text) {
    const bool has_id = statement->queryId != 0 && (compat::query_ids_tell_relations ||
                                                    !carries_statement(nodeTag(statement->utilityStmt)));
    const std::int64_t known = has_id ? known_identity(statement->queryId) : 0;
    if (known != 0)
        return known;
    const auto id = static_cast<std::int64_t>(
        text_fingerprint(cut_statement(text, statement->stmt_location, statement->stmt_len)));
    if (has_id)
        keep_identity(statement->queryId, id);
    return id;
}

// Before the statement runs: its tree may be gone afterwards (ROLLBACK).
Activity *open(const PlannedStmt *statement, const char *text, const Enclosing &enclosing) {
    Activity *activity = open_activity();
    if (!activity)
        return nullptr;
    activity->text = text;
    activity->location = statement->stmt_location;
    activity->length = statement->stmt_len;
    activity->utility = nodeTag(statement->utilityStmt);
    store::Execution &execution = activity->execution;
    execution.utility = true;
    execution.server_queryid = statement->queryId;
    if (enclosing.activity)
        execution.nested_in = enclosing.activity->execution.key.queryid;
    execution.key = {utility_id(statement, text), GetUserId(), MyDatabaseId, enclosing.nested};
    execution.place = store::place_of(execution.key, 0);
    return activity;
}

std::int64_t rows_of(const QueryCompletion *completion) {
    if (!completion)
        return 0;
    switch (completion->commandTag) {
    case CMDTAG_COPY:
    case CMDTAG_FETCH:
    case CMDTAG_SELECT:
    case CMDTAG_REFRESH_MATERIALIZED_VIEW: return static_cast<std::int64_t>(completion->nprocessed);
    default: return 0;
    }
}

[[gnu::noinline]] void process_observed(PlannedStmt *statement, const char *text, bool read_only_tree,
                                        ProcessUtilityContext context, ParamListInfo parameters,
                                        QueryEnvironment *environment, DestReceiver *receiver,
                                        QueryCompletion *completion) {
    if (!observing()) {
        previous(statement, text, read_only_tree, context, parameters, environment, receiver, completion);
        return;
    }
    const NodeTag utility = nodeTag(statement->utilityStmt);
    const Enclosing enclosing = look_around(__builtin_frame_address(0));
    Activity *activity =
        is_recorded(utility, context, enclosing.nested) ? open(statement, text, enclosing) : nullptr;
    const int frame = enter_frame(activity, carries_statement(utility), __builtin_frame_address(0));
    const bool watched = watch_schema_changes(utility);
    previous(statement, text, read_only_tree, context, parameters, environment, receiver, completion);
    leave_frame(frame);
    if (watched)
        note_schema_changes();
    if (!activity)
        return;
    activity->execution.rows = rows_of(completion);
    if (observing() && record(*activity).text)
        give_display_text(*activity);
    close_activity(*activity);
}

void process(PlannedStmt *statement, const char *text, bool read_only_tree, ProcessUtilityContext context,
             ParamListInfo parameters, QueryEnvironment *environment, DestReceiver *receiver,
             QueryCompletion *completion) {
    if (settings::enabled) [[likely]]
        process_observed(statement, text, read_only_tree, context, parameters, environment, receiver,
                         completion);
    else
        previous(statement, text, read_only_tree, context, parameters, environment, receiver, completion);
}

} // namespace

void install_process_utility() {
    previous = ProcessUtility_hook ? ProcessUtility_hook : standard_ProcessUtility;
    ProcessUtility_hook = process;
}

} // namespace advisor::pg::observe
