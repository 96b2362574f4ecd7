// The one place with PG_VERSION_NUM: gives the newer server's names on the older ones (15 to 18).
#pragma once
#include "pg_ext/pg.h"

#if PG_VERSION_NUM < 150000
#error "db_advisor needs PostgreSQL 15 or newer"
#endif

extern "C" {
#if PG_VERSION_NUM >= 160000
#include "nodes/queryjumble.h"
#else
#include "utils/queryjumble.h"
#endif
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif
}

namespace advisor::pg::compat {

// The backend's number, from 0, below MaxBackends + auxiliary processes; -1 outside of a backend.
inline int backend_number() {
#if PG_VERSION_NUM >= 170000
    return MyProc ? MyProcNumber : -1;
#else
    return MyProc ? MyProc->pgprocno : -1;
#endif
}

// Until 15 walkers are declared without parameters.
#if PG_VERSION_NUM >= 160000
#define ADVISOR_WALKER(walker) (walker)
#else
#define ADVISOR_WALKER(walker) reinterpret_cast<bool (*)()>(walker)
#endif

inline bool walk_expression(Node *node, bool (*walker)(Node *, void *), void *context) {
    return expression_tree_walker(node, ADVISOR_WALKER(walker), context);
}
inline bool walk_query(Query *query, bool (*walker)(Node *, void *), void *context) {
    return query_tree_walker(query, ADVISOR_WALKER(walker), context, 0);
}
inline bool walk_plan_state(PlanState *state, bool (*walker)(PlanState *, void *), void *context) {
    return planstate_tree_walker(state, ADVISOR_WALKER(walker), context);
}
#undef ADVISOR_WALKER

}  // namespace advisor::pg::compat

// Until 17 the executor's run hook has a fourth parameter.
#if PG_VERSION_NUM >= 180000
#define ADVISOR_RUN_ONCE_PARAMETER
#define ADVISOR_RUN_ONCE_ARGUMENT
#else
#define ADVISOR_RUN_ONCE_PARAMETER , bool once
#define ADVISOR_RUN_ONCE_ARGUMENT , once
#endif
