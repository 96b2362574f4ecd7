// advisor.statements(): what the reader may see of the recorded statements.
#include "pg_ext/advice/facts_json.h"
#include "pg_ext/boundary.h"
#include "pg_ext/functions/rows.h"
#include "pg_ext/store/latency.h"

#include <cmath>

namespace advisor::pg {
namespace {

double deviation(const Counters &counters) {
    const auto calls = static_cast<double>(counters.calls);
    const double mean = counters.total_ms / calls;
    return std::sqrt(std::max(counters.sum_squares_ms / calls - mean * mean, 0.0));
}

void put_key(ResultRow &row, const RecordedStatement &statement) {
    const Oid role = statement.role, database = statement.database;
    row.put(statement.queryid);
    row.put_name(pg_call([=] { return GetUserNameFromId(role, true); }));
    row.put(statement.toplevel);
    if (statement.server_queryid)
        row.put(static_cast<std::int64_t>(statement.server_queryid));
    else
        row.null();
    row.put_text(statement.query);
    row.put_name(pg_call([=] { return get_database_name(database); }));
}

// p50_ms, p95_ms, p99_ms
void put_quantiles(ResultRow &row, const RecordedStatement &statement) {
    const std::vector<std::uint64_t> histogram = latency_histogram(statement);
    const Counters &counters = statement.counters;
    for (const double share : {0.50, 0.95, 0.99}) {
        if (counters.calls == 0)
            row.null();
        else if (histogram.empty())
            row.put(counters.total_ms / static_cast<double>(counters.calls));
        else
            row.put(store::latency_quantile(histogram, share, counters.min_ms, counters.max_ms));
    }
}

void put_times(ResultRow &row, const RecordedStatement &statement) {
    const Counters &counters = statement.counters;
    row.put(counters.calls);
    row.put(counters.total_ms);
    row.put(counters.self_ms);
    if (counters.calls == 0) {
        for (int column = 0; column < 4; ++column)
            row.null();
    } else {
        row.put(counters.total_ms / static_cast<double>(counters.calls));
        row.put(counters.min_ms);
        row.put(counters.max_ms);
        row.put(deviation(counters));
    }
    put_quantiles(row, statement);
    row.put(counters.plan_ms);
}

void put_work(ResultRow &row, const Counters &counters) {
    row.put(counters.rows);
    for (const BlockCount which : {shared_hit, shared_read, shared_dirtied, shared_written, local_hit,
                                   local_read, temp_read, temp_written})
        row.put(counters.usage.blocks[which]);
    row.put(counters.usage.wal_bytes);
    row.put(counters.jit_ms);
    for (const std::int64_t count :
         {counters.workers_planned, counters.workers_launched, counters.generic_plans, counters.custom_plans})
        row.put(count);
}

// Each tag with its values.
void put_tags(ResultRow &row, const RecordedStatement &statement) {
    if (statement.tags.empty()) {
        row.null();
        return;
    }
    std::vector<core::Fact> facts;
    for (const auto &[name, values] : statement.tags)
        facts.push_back({name, values});
    row.put_json(facts_json(facts));
}

} // namespace

ADVISOR_SQL_FUNCTION(db_advisor_statements) {
    ReturnSetInfo *result = begin_rows(fcinfo);
    for (const RecordedStatement &statement : visible_statements()) {
        ResultRow row;
        put_key(row, statement);
        put_times(row, statement);
        put_work(row, statement.counters);
        row.put(static_cast<std::int64_t>(statement.utility ? 0 : statement.plans.size()));
        row.put(statement.counters.failed);
        row.put(statement.counters.cancelled);
        if (statement.nested_in)
            row.put(statement.nested_in);
        else
            row.null();
        put_tags(row, statement);
        row.put_time(statement.counters.first_seen);
        row.put_time(statement.counters.last_seen);
        row.put(statement.counters.failed_ms);
        row.put(statement.integrity);
        row.add_to(result);
        poll_interrupts();
    }
    return Datum{0};
}

} // namespace advisor::pg
