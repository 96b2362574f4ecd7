// Scan costs of hypothetical indexes of the methods whose own estimate opens the index or makes up its
// insides. Called by the planner as IndexOptInfo.amcostestimate: plain frames.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg {

void estimate_brin_cost(PlannerInfo *root, IndexPath *path, double loop_count, Cost *startup_cost,
                        Cost *total_cost, Selectivity *selectivity, double *correlation, double *pages);

void estimate_gin_cost(PlannerInfo *root, IndexPath *path, double loop_count, Cost *startup_cost,
                       Cost *total_cost, Selectivity *selectivity, double *correlation, double *pages);

} // namespace advisor::pg
