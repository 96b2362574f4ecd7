// Visits every node of a finished plan, subplans included. Plain frames.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg {

using PlanVisitor = void (*)(Plan *node, void *context);

void walk_plan(PlannedStmt *statement, PlanVisitor visit, void *context);

// The index that a scan node reads, or InvalidOid.
Oid scanned_index(const Plan *node);

} // namespace advisor::pg
