// advisor.statement_history(): the time slices of the recorded plans, from which "before and after" is told.
#include "pg_ext/boundary.h"
#include "pg_ext/functions/rows.h"
#include "pg_ext/store/latency.h"

#include <algorithm>
#include <cmath>

namespace advisor::pg {
namespace {

const char *name_of(RecordedSlice::Span span) {
    switch (span) {
    case RecordedSlice::Span::hour: return "hour";
    case RecordedSlice::Span::day: return "day";
    case RecordedSlice::Span::ever: return "ever";
    }
    return "";
}

void put_times(ResultRow &row, const RecordedSlice &slice, const Counters &counters) {
    const auto calls = static_cast<double>(slice.calls);
    const double mean = slice.total_ms / calls;
    row.put(slice.calls);
    row.put(slice.total_ms);
    row.put(mean);
    row.put(std::sqrt(std::max(slice.sum_squares_ms / calls - mean * mean, 0.0)));
    for (const double share : {0.50, 0.95})
        row.put(store::latency_quantile(slice.histogram, share, counters.min_ms, counters.max_ms));
    row.put(slice.rows);
}

void put_slices(ReturnSetInfo *result, const RecordedStatement &statement, const RecordedPlan &plan) {
    for (const RecordedSlice &slice : plan.slices) {
        if (slice.calls == 0)
            continue;
        ResultRow row;
        row.put(statement.queryid);
        row.put(plan.planid);
        row.put(std::string(name_of(slice.span)));
        row.put_time(slice.from);
        row.put(slice.after_change);
        put_times(row, slice, plan.counters);
        row.add_to(result);
    }
}

} // namespace

ADVISOR_SQL_FUNCTION(db_advisor_statement_history) {
    ReturnSetInfo *result = begin_rows(fcinfo);
    for (const RecordedStatement &statement : visible_statements()) {
        for (const RecordedPlan &plan : statement.plans)
            put_slices(result, statement, plan);
        poll_interrupts();
    }
    return Datum{0};
}

} // namespace advisor::pg
