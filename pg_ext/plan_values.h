// Plans as the core's values, for re-costing.
#pragma once
#include "core/costing/costed_plan.h"
#include "pg_ext/plan_text.h"

namespace advisor::pg {

// With what sampled executions counted. Facts that only the planner knows are left out.
core::CostedPlan plan_values(const std::vector<ReadNode> &nodes);

// Rows of all workers ÷ rows of one, as the planner takes it.
double parallel_divisor(int workers);

} // namespace advisor::pg
