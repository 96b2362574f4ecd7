// The part of a workload that a search has time for, and the way back from its result to the whole.
#pragma once
#include "core/workload/compress.h"
#include "pg_ext/advice/index_advice.h"
#include "pg_ext/advice/plannable_statement.h"

#include <string>
#include <vector>

namespace advisor::pg {

// The statements that could be planned, beside IndexAdvice::statements.
struct Prepared {
    std::vector<PlannableStatement> plannable;
    std::vector<double> base_costs;
    std::vector<Oid> relations;
};

// Statements that stand for the whole workload.
struct Searched {
    std::vector<core::Statement> statements;
    std::vector<PlannableStatement> plannable;
    std::vector<double> base_costs;
    core::CompressedWorkload workload;
};

// At most so many statements, and few enough to be searched in the time that is left, judged by how long
// preparing them took.
std::size_t affordable_statements(std::size_t prepared, TimestampTz started, TimestampTz deadline);

// Fills in advice.searched, and skips what is left out.
Searched searched_part(const Prepared &prepared, std::size_t limit, IndexAdvice &advice);

// By position in relations; of those that no searched statement reads only the OID.
std::vector<core::Table> searched_tables(const Searched &searched, const std::vector<Oid> &relations);

// From the searched statements' positions in candidates and selection back to those of all: who is
// represented gains as its representative does, and what was left out costs what it did.
void expand(const Prepared &prepared, const Searched &searched, IndexAdvice &advice);

} // namespace advisor::pg
