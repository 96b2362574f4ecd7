// advisor.recommend_indexes: the best index set for given statements, which need never have run, or for the
// recorded workload.
#include "pg_ext/advice/index_advice.h"
#include "pg_ext/advice/literals.h"
#include "pg_ext/advice/workload.h"
#include "pg_ext/datum.h"
#include "pg_ext/functions/rows.h"
#include "pg_ext/settings.h"

#include "core/catalog/ddl.h"

namespace advisor::pg {
namespace {

constexpr std::size_t most_asked_for = 10; // of one table

struct Arguments {
    TextArray statements;
    bool given;
    double *weights;
    int weight_count;
    std::int64_t storage_budget; // -1: none
    int max_columns;             // 0: default
    std::int64_t time_budget_ms;
};

void read_weights(Arguments *arguments, Datum array) {
    Datum *elements;
    bool *nulls;
    deconstruct_array(DatumGetArrayTypeP(array), FLOAT8OID, 8, true, TYPALIGN_DOUBLE, &elements, &nulls,
                      &arguments->weight_count);
    arguments->weights =
        static_cast<double *>(palloc(sizeof(double) * static_cast<Size>(arguments->weight_count + 1)));
    for (int i = 0; i < arguments->weight_count; ++i) {
        arguments->weights[i] = nulls[i] ? 1 : DatumGetFloat8(elements[i]);
        if (!(arguments->weights[i] >= 0) || std::isinf(arguments->weights[i]))
            refuse(ERRCODE_INVALID_PARAMETER_VALUE, "a weight must be a finite number that is not negative");
    }
}

std::int64_t milliseconds_of(const Interval *interval) {
    const std::int64_t days = static_cast<std::int64_t>(interval->month) * DAYS_PER_MONTH + interval->day;
    return days * (USECS_PER_DAY / 1000) + interval->time / 1000;
}

Arguments read_arguments(FunctionCallInfo fcinfo) {
    Arguments arguments{};
    arguments.given = !PG_ARGISNULL(0);
    if (arguments.given)
        arguments.statements = text_array_of(PG_GETARG_DATUM(0));
    if (!PG_ARGISNULL(1))
        read_weights(&arguments, PG_GETARG_DATUM(1));
    if (arguments.weight_count > 0 && arguments.weight_count != arguments.statements.count)
        refuse(ERRCODE_INVALID_PARAMETER_VALUE, "the numbers of weights and statements differ",
               "Pass one weight per statement, or none.");
    arguments.storage_budget = PG_ARGISNULL(2) ? -1 : PG_GETARG_INT64(2);
    if (!PG_ARGISNULL(2) && arguments.storage_budget < 0)
        refuse(ERRCODE_INVALID_PARAMETER_VALUE, "the storage budget must not be negative");
    arguments.max_columns = PG_ARGISNULL(3) ? 0 : PG_GETARG_INT32(3);
    if (!PG_ARGISNULL(3) && (arguments.max_columns < 1 || arguments.max_columns > INDEX_MAX_KEYS))
        refuse(ERRCODE_INVALID_PARAMETER_VALUE, "an index has between 1 and 32 columns");
    arguments.time_budget_ms =
        PG_ARGISNULL(4) ? settings::analysis_time_budget : milliseconds_of(PG_GETARG_INTERVAL_P(4));
    if (arguments.time_budget_ms < 0)
        refuse(ERRCODE_INVALID_PARAMETER_VALUE, "the time budget must not be negative");
    return arguments;
}

std::vector<StatementInput> given_statements(const Arguments &arguments) {
    std::vector<StatementInput> inputs;
    for (int i = 0; i < arguments.statements.count; ++i) {
        if (!arguments.statements.items[i])
            throw core::Error(core::ErrorCode::invalid_input, "a statement must not be null");
        StatementInput input;
        input.id = i + 1;
        input.text = arguments.statements.items[i];
        input.literals = given_literals(input.text);
        input.calls = i < arguments.weight_count ? arguments.weights[i] : 1;
        input.rows = input.calls;
        inputs.push_back(std::move(input));
    }
    return inputs;
}

void put_index(ReturnSetInfo *result, const IndexAdvice &advice, std::size_t rank, bool given) {
    const core::ChosenIndex &chosen = advice.selection.chosen[rank];
    const double all = advice.selection.workload_cost_before;
    std::vector<std::int64_t> ids;
    std::vector<int> positions;
    for (const core::StatementEffect &effect : chosen.effects) {
        const std::int64_t id = advice.statements[effect.statement].id;
        ids.push_back(id);
        positions.push_back(static_cast<int>(id));
    }
    ResultRow row;
    row.put_int(static_cast<int>(rank) + 1);
    row.put(
        core::create_index_sql(advice.candidates[chosen.candidate].definition, core::Dialect::postgresql));
    row.put(static_cast<std::int64_t>(chosen.cost.bytes));
    row.put(all > 0 ? (chosen.workload_before - chosen.workload_after) / all : 0.0);
    row.put(all > 0 ? chosen.workload_after / all : 1.0);
    if (given) {
        row.put_ints(positions);
        row.null();
    } else {
        row.null();
        row.put_bigints(ids);
    }
    row.add_to(result);
}

void recommend(FunctionCallInfo fcinfo) {
    const Arguments arguments = pg_call([=] { return read_arguments(fcinfo); });
    ReturnSetInfo *result = begin_rows(fcinfo);
    const std::vector<StatementInput> inputs =
        arguments.given ? given_statements(arguments)
                        : current_workload(Evidence::any, Reader::caller).statements;
    AdviceLimits limits;
    // The caller asked for the best set, not for what is worth a finding.
    limits.min_saving = limits.thrift = 0;
    limits.min_share = 0.0005;
    limits.max_indexes_per_table = most_asked_for;
    limits.raise_failures = arguments.given;
    limits.sampling = allowed_sampling();
    limits.time_budget_ms = arguments.time_budget_ms;
    if (arguments.storage_budget >= 0)
        limits.storage_budget = static_cast<std::uint64_t>(arguments.storage_budget);
    if (arguments.max_columns > 0)
        limits.max_columns = static_cast<std::size_t>(arguments.max_columns);
    const IndexAdvice advice = advise_indexes(inputs, limits);
    for (std::size_t rank = 0; rank < advice.selection.chosen.size(); ++rank)
        put_index(result, advice, rank, arguments.given);
}

} // namespace
} // namespace advisor::pg

ADVISOR_SQL_FUNCTION(db_advisor_recommend_indexes) {
    advisor::pg::quietly([=] { advisor::pg::recommend(fcinfo); });
    return Datum{0};
}
