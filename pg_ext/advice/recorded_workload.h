// The recorded workload of this database as statements to advise on.
#pragma once
#include "pg_ext/advice/statement_input.h"

#include <vector>

namespace advisor::pg {

// enough: at least 5 executions or 1 s of recorded time; any: everything that can be planned again.
enum class Evidence { enough, any };

// Without those that the reader may not see (pg_read_all_stats, or the role's own). With the planner settings
// of each role in this database, never the reader's.
std::vector<StatementInput> recorded_statements(Evidence evidence);

} // namespace advisor::pg
