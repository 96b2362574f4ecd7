// advisor.executions_around(): statements on a table before and after a change of one of its indexes.
// advisor.compare_executions(): whether such two periods differ. advisor.index_changed_at(): when it was.
#include "pg_ext/advice/periods.h"
#include "pg_ext/boundary.h"
#include "pg_ext/functions/rows.h"
#include "pg_ext/store/layout.h"
#include "pg_ext/store/slices.h"

namespace advisor::pg {
namespace {

// Plain frames.

struct Elements {
    Datum *values;
    int count;
};

Elements elements_of(Datum array, Oid type, int length, bool by_value, char alignment) {
    Elements result{};
    bool *nulls;
    deconstruct_array(DatumGetArrayTypeP(array), type, length, by_value, alignment, &result.values, &nulls,
                      &result.count);
    return result;
}

std::string text_argument(FunctionCallInfo call, int position) {
    return pg_call([=] { return text_to_cstring(DatumGetTextPP(call->args[position].value)); });
}

std::vector<Oid> oids_argument(FunctionCallInfo call, int position) {
    const Elements elements = pg_call(
        [=] { return elements_of(call->args[position].value, OIDOID, sizeof(Oid), true, TYPALIGN_INT); });
    std::vector<Oid> oids;
    for (int i = 0; i < elements.count; ++i)
        oids.push_back(DatumGetObjectId(elements.values[i]));
    return oids;
}

IndexChange change_argument(FunctionCallInfo call) {
    IndexChange change;
    change.relations = oids_argument(call, 0);
    change.indexes = oids_argument(call, 1);
    change.schema = text_argument(call, 2);
    change.name = text_argument(call, 3);
    change.since = DatumGetTimestampTz(call->args[4].value);
    change.changed = DatumGetTimestampTz(call->args[5].value);
    change.settled = DatumGetTimestampTz(call->args[6].value);
    change.until = DatumGetTimestampTz(call->args[7].value);
    change.exact = DatumGetBool(call->args[8].value);
    return change;
}

std::int64_t whole(double number) {
    return static_cast<std::int64_t>(number);
}

void put_plans(ResultRow &row, const Period &period) {
    std::vector<std::int64_t> ids, calls;
    for (const PlanShare &share : period.plans) {
        ids.push_back(share.planid);
        calls.push_back(whole(share.calls));
    }
    row.put_bigints(ids);
    row.put_bigints(calls);
}

void put_period(ReturnSetInfo *result, const StatementPeriods &statement, const Period &period,
                const char *name, const core::Drift &drift) {
    const core::Executions &executions = period.executions;
    if (executions.calls <= 0)
        return;
    ResultRow row;
    row.put(statement.queryid);
    row.put_name(name);
    row.put(statement.writes);
    row.put(statement.inserts);
    row.put(whole(executions.calls));
    row.put(executions.total_ms);
    row.put(executions.sum_squares_ms);
    row.put(period.p95_ms);
    row.put(whole(period.rows));
    row.put(whole(period.blocks));
    row.put(whole(period.wal_bytes));
    row.put_bigints({executions.histogram.begin(), executions.histogram.end()});
    put_plans(row, period);
    row.put(whole(period.index_calls));
    row.put_optional(period.found_rows);
    row.put(drift.center);
    row.put(drift.spread);
    row.add_to(result);
}

void give_executions(FunctionCallInfo call) {
    ReturnSetInfo *result = begin_rows(call);
    const PeriodsAround around = periods_around(change_argument(call));
    for (const StatementPeriods &statement : around.statements) {
        put_period(result, statement, statement.before, "before", around.drift);
        put_period(result, statement, statement.after, "after", around.drift);
    }
}

// Five arguments of compare_executions: calls, total_ms, squares, histogram.
core::Executions executions_argument(FunctionCallInfo call, int first) {
    core::Executions executions;
    executions.calls = static_cast<double>(DatumGetInt64(call->args[first].value));
    executions.total_ms = DatumGetFloat8(call->args[first + 1].value);
    executions.sum_squares_ms = DatumGetFloat8(call->args[first + 2].value);
    const Datum histogram = call->args[first + 3].value;
    const Elements counts =
        pg_call([=] { return elements_of(histogram, INT8OID, 8, true, TYPALIGN_DOUBLE); });
    for (int i = 0; i < counts.count; ++i)
        executions.histogram.push_back(static_cast<std::uint64_t>(DatumGetInt64(counts.values[i])));
    return executions;
}

const char *name_of(core::Effect effect) {
    switch (effect) {
    case core::Effect::faster: return "faster";
    case core::Effect::slower: return "slower";
    case core::Effect::alike: return "alike";
    case core::Effect::unclear: return "unclear";
    }
    return "";
}

void give_comparison(FunctionCallInfo call) {
    ReturnSetInfo *result = begin_rows(call);
    const core::Executions before = executions_argument(call, 0), after = executions_argument(call, 4);
    const core::Drift drift{DatumGetFloat8(call->args[8].value), DatumGetFloat8(call->args[9].value)};
    const core::Comparison comparison =
        core::compare(before, after, latency_bounds(), drift, DatumGetFloat8(call->args[10].value));
    ResultRow row;
    row.put_name(name_of(comparison.effect));
    row.put(comparison.mean_ratio);
    row.put(comparison.typical_ratio);
    row.put(comparison.typical_ratio_low);
    row.put(comparison.typical_ratio_high);
    row.put(comparison.probability);
    row.add_to(result);
}

} // namespace

ADVISOR_SQL_FUNCTION(db_advisor_executions_around) {
    give_executions(fcinfo);
    return Datum{0};
}

ADVISOR_SQL_FUNCTION(db_advisor_compare_executions) {
    give_comparison(fcinfo);
    return Datum{0};
}

ADVISOR_SQL_FUNCTION(db_advisor_index_changed_at) {
    const TimestampTz changed =
        store::block ? store::change_of_index(MyDatabaseId, DatumGetObjectId(fcinfo->args[0].value)) : 0;
    fcinfo->isnull = changed == 0;
    return TimestampTzGetDatum(changed);
}

} // namespace advisor::pg
