// advisor.plans(): the plan shapes of the recorded statements.
#include "pg_ext/boundary.h"
#include "pg_ext/functions/rows.h"
#include "pg_ext/store/recorded.h"

namespace advisor::pg {
namespace {

void put_plan(ResultRow &row, const RecordedStatement &statement, const RecordedPlan &plan) {
    const Counters &counters = plan.counters;
    row.put(statement.queryid);
    row.put(plan.planid);
    row.put(counters.calls);
    row.put(counters.total_ms);
    if (counters.calls > 0) {
        row.put(counters.total_ms / static_cast<double>(counters.calls));
        row.put(counters.max_ms);
    } else {
        row.null();
        row.null();
    }
    row.put_text(plan.plan);
    row.null(); // worst_node
    row.put(plan.estimated_rows);
    if (plan.actual_rows >= 0)
        row.put(plan.actual_rows);
    else
        row.null();
    row.null(); // change
    row.put_time(counters.first_seen);
    row.put_time(counters.last_seen);
}

} // namespace

ADVISOR_SQL_FUNCTION(db_advisor_plans) {
    ReturnSetInfo *result = begin_rows(fcinfo);
    const bool all = may_read_all_statements();
    for (const RecordedStatement &statement : read_statements(all ? InvalidOid : MyDatabaseId)) {
        if (statement.utility || (!all && !may_read_statements_of(statement.role)))
            continue;
        for (const RecordedPlan &plan : statement.plans) {
            ResultRow row;
            put_plan(row, statement, plan);
            row.add_to(result);
        }
        poll_interrupts();
    }
    return Datum{0};
}

} // namespace advisor::pg
