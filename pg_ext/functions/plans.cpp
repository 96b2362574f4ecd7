// advisor.plans(): the plan shapes of the recorded statements.
#include "pg_ext/boundary.h"
#include "pg_ext/functions/rows.h"
#include "pg_ext/plan_findings.h"

#include <algorithm>

namespace advisor::pg {
namespace {

void put_plan(ResultRow &row, std::int64_t queryid, const RecordedPlan &plan,
              const std::vector<ReadNode> &nodes, const std::string &change) {
    const Counters &counters = plan.counters;
    row.put(queryid);
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
    row.put_text(plan_text(plan, nodes));
    row.put_text(worst_node(nodes));
    row.put(plan.estimated_rows);
    if (plan.actual_rows >= 0)
        row.put(plan.actual_rows);
    else
        row.null();
    row.put_text(change);
    row.put_time(counters.first_seen);
    row.put_time(counters.last_seen);
}

// In the order in which they were first seen, so that each is compared with the one before it.
void add_plans(ReturnSetInfo *result, RecordedStatement &statement) {
    std::sort(statement.plans.begin(), statement.plans.end(), [](const auto &a, const auto &b) {
        return std::pair(a.counters.first_seen, a.planid) < std::pair(b.counters.first_seen, b.planid);
    });
    std::vector<ReadNode> before;
    for (const RecordedPlan &plan : statement.plans) {
        std::vector<ReadNode> nodes = read_nodes(plan, statement.database);
        ResultRow row;
        put_plan(row, statement.queryid, plan, nodes, plan_change(before, nodes));
        row.add_to(result);
        before = std::move(nodes);
    }
}

} // namespace

ADVISOR_SQL_FUNCTION(db_advisor_plans) {
    ReturnSetInfo *result = begin_rows(fcinfo);
    for (RecordedStatement &statement : visible_statements()) {
        if (statement.utility)
            continue;
        add_plans(result, statement);
        poll_interrupts();
    }
    return Datum{0};
}

} // namespace advisor::pg
