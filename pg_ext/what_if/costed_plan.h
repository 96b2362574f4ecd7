// The plans of a statement as values that can be re-costed.
#pragma once
#include "core/costing/costed_plan.h"
#include "pg_ext/what_if/analysed_statement.h"
#include "pg_ext/what_if/planner_call.h"

#include <vector>

namespace advisor::pg {

// Plans every query of the statement once, in the caller's surroundings and in the current memory context.
std::vector<core::CostedPlan> costed_plans(const AnalysedStatement *statement, ParamListInfo parameters,
                                           const IndexSet &set);

} // namespace advisor::pg
