// Visits every node of a finished plan, subplans included. Plain frames.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg {

using PlanVisitor = void (*)(Plan *node, void *context);

void walk_plan(PlannedStmt *statement, PlanVisitor visit, void *context);

// The children of one node in the order of EXPLAIN: these, each null if there is none, then the members.
struct ChildPlans {
    Plan *outer, *inner, *subquery;
    List *members;
};
ChildPlans children_of(const Plan *node);

// The index that a scan node reads, or InvalidOid.
Oid scanned_index(const Plan *node);

} // namespace advisor::pg
