// The recorded workload of this database as statements to advise on.
#pragma once
#include "pg_ext/advice/statement_input.h"

#include <vector>

namespace advisor::pg {

// enough: at least 5 executions or 1 s of recorded time; any: everything that can be planned again.
enum class Evidence { enough, any };

// caller: without the statements that the caller may not see (pg_read_all_stats, or the caller's own roles);
// analysis: all of them, since each is planned as its own role and the findings are filtered when they are
// read.
enum class Reader { caller, analysis };

// A statement without a text to plan again, which is kept when it is seen for the second time.
struct NotPlannable {
    std::vector<Oid> relations;
    bool ran_once = false;
};

struct RecordedWorkload {
    std::vector<StatementInput> statements; // the most expensive first
    std::vector<SkippedStatement> skipped;  // cannot be looked at
    std::vector<NotPlannable> not_plannable;
    double recorded_ms = 0;     // exclusive time of all queries and writes recorded in this database
    TimestampTz first_seen = 0; // of the statements above; 0: none
};

// At least 5 executions or 1 s of recorded time.
bool has_evidence(double calls, double total_ms);

// With the planner settings of each role in this database, never the reader's.
RecordedWorkload recorded_workload(Evidence evidence, Reader reader);

// Exclusive time of all queries and writes recorded in this database.
double recorded_milliseconds();

} // namespace advisor::pg
