// One planner call with hypothetical indexes added and real ones hidden. The set belongs to that call alone:
// planner calls nested in it (functions folded while planning, whose SQL is executed) never see it.
#pragma once
#include "pg_ext/what_if/access_capture.h"
#include "pg_ext/what_if/hypothetical_index.h"
#include "pg_ext/what_if/path_facts.h"

namespace advisor::pg {

// As if the planner had estimated another number of rows of a table; what its scans cost stays.
struct AssumedRows {
    const char *table; // the name by which the statement knows it
    double factor;     // of its own estimate
};

// Plain data, borrowed for the call.
struct IndexSet {
    const HypotheticalIndex *const *added = nullptr;
    int added_count = 0;
    const Oid *hidden = nullptr;
    int hidden_count = 0;
    const AssumedRows *assumed = nullptr;
};

// Installed once by _PG_init, also when the library is loaded in the middle of a session.
void install_planner_call_hooks();

// Plans a copy of the analysed and rewritten query through planner(), so that other extensions' planner hooks
// run as usual, with query id 0. capture: null, or what the planner asks of each table is added to it. facts:
// null, or what it knew of the scans is added.
PlannedStmt *plan_with_indexes(const Query *query, const char *source, int cursor_options,
                               ParamListInfo parameters, const IndexSet &set, AccessCapture *capture,
                               PathFacts *facts = nullptr);

// The index that the planner is being shown under this OID; for the cost estimates of its access method.
const HypotheticalIndex *active_index(Oid oid);

// EXPLAIN text of a plan made by plan_with_indexes with the same set.
char *explain_plan(PlannedStmt *plan, const char *source, ParamListInfo parameters, const IndexSet &set);

} // namespace advisor::pg
