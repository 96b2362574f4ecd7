// What the recorded writes would pay for each candidate index.
#pragma once
#include "core/candidates/generate.h"
#include "core/catalog/table.h"
#include "core/workload/workload.h"
#include "pg_ext/advice/plannable_statement.h"

#include <span>
#include <vector>

namespace advisor::pg {

// By candidate, in planner cost units over the whole workload. index_rows: by candidate, entries in the
// index.
std::vector<double> write_costs(std::span<const PlannableStatement> plannable,
                                std::span<const core::Statement> statements,
                                std::span<const core::Table> tables,
                                std::span<const core::Candidate> candidates,
                                std::span<const double> index_rows);

} // namespace advisor::pg
