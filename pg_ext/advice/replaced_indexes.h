// Existing indexes that a new one makes redundant.
#pragma once
#include "pg_ext/advice/planner_cost_model.h"

#include "core/selection/select.h"

#include <span>

namespace advisor::pg {

// Fills in ChosenIndex::replaces: existing indexes that hold nothing which the new one does not, are no
// constraint, and without which no statement on the table gets dearer. Statements, tables and candidates are
// those of the search. What there is no time for is left out.
void note_replaced(std::span<const core::Statement> statements, std::span<const core::Table> tables,
                   std::span<const core::Candidate> candidates, PlannerCostModel &model,
                   bool (*out_of_time)(), core::Selection &selection);

} // namespace advisor::pg
