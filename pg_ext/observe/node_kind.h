// The server's node types in our stable numbers.
#pragma once
#include "pg_ext/pg.h"
#include "pg_ext/store/plan_nodes.h"

namespace advisor::pg::observe {

// Fills kind, variant, flags, relation and index.
void classify_node(const Plan *plan, const PlannedStmt *statement, store::NodeRecord &record);

} // namespace advisor::pg::observe
