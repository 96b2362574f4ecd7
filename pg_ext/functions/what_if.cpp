// advisor.what_if: the planner's cost and plan of one statement, today and with indexes added or hidden.
#include "pg_ext/what_if/what_if.h"
#include "pg_ext/advice/index_advice.h"
#include "pg_ext/advice/recorded_workload.h"
#include "pg_ext/boundary.h"
#include "pg_ext/datum.h"
#include "pg_ext/what_if/environment.h"

namespace advisor::pg {
namespace {

// The arguments as plain data.
struct Question {
    const AnalysedStatement *statement;
    TextArray definitions;
    HypotheticalIndexes created;
    Oid *dropped;
    int dropped_count;
    ParamListInfo parameters; // null: a generic plan
    bool parameters_wanted;
};

// Every index that goes when this one is dropped: itself, and the partitions' for a partitioned one.
List *hidden_with(const char *name) {
    RangeVar *range = makeRangeVarFromNameList(textToQualifiedNameList(cstring_to_text(name)));
    const Oid index = RangeVarGetRelid(range, AccessShareLock, false);
    const char kind = get_rel_relkind(index);
    if (kind != RELKIND_INDEX && kind != RELKIND_PARTITIONED_INDEX)
        refuse_named(ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not an index", name);
    return kind == RELKIND_INDEX ? list_make1_oid(index)
                                 : find_all_inheritors(index, AccessShareLock, nullptr);
}

void read_dropped(Question *question, const TextArray &names) {
    List *hidden = NIL;
    for (int i = 0; i < names.count; ++i) {
        if (!names.items[i])
            refuse(ERRCODE_NULL_VALUE_NOT_ALLOWED, "an index name must not be null");
        hidden = list_concat(hidden, hidden_with(names.items[i]));
    }
    question->dropped_count = list_length(hidden);
    question->dropped =
        static_cast<Oid *>(palloc(sizeof(Oid) * static_cast<Size>(question->dropped_count + 1)));
    for (int i = 0; i < question->dropped_count; ++i)
        question->dropped[i] = list_nth_oid(hidden, i);
}

void require_argument(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0))
        refuse(ERRCODE_NULL_VALUE_NOT_ALLOWED, "the query must not be null");
}

Question read_question(FunctionCallInfo fcinfo) {
    require_argument(fcinfo);
    Question question{};
    AnalysedStatement *statement =
        analyse_statement(TextDatumGetCString(PG_GETARG_DATUM(0)), RAW_PARSE_DEFAULT, nullptr, 0);
    require_privileges(statement);
    question.statement = statement;
    if (!PG_ARGISNULL(1))
        question.definitions = text_array_of(PG_GETARG_DATUM(1));
    if (!PG_ARGISNULL(2))
        read_dropped(&question, text_array_of(PG_GETARG_DATUM(2)));
    const bool generic = !PG_ARGISNULL(4) && PG_GETARG_BOOL(4);
    question.parameters_wanted = !generic && statement->parameter_count > 0;
    if (!PG_ARGISNULL(3) && !generic) {
        const TextArray values = text_array_of(PG_GETARG_DATUM(3));
        question.parameters = bind_parameters(statement, values.items, values.count);
    }
    return question;
}

char *describe_indexes(const Question &question, const bool *used) {
    StringInfoData json;
    initStringInfo(&json);
    appendStringInfoChar(&json, '[');
    for (int position = 0; position < question.definitions.count; ++position) {
        const HypotheticalIndex *index = nullptr;
        for (int i = 0; !index && i < question.created.count; ++i)
            if (question.created.items[i]->position == position)
                index = question.created.items[i];
        appendStringInfo(&json, "%s{\"definition\": ", position > 0 ? ", " : "");
        append_json_string(&json, index ? index->definition : "");
        const IndexBytes size = bytes_of(question.created, position);
        appendStringInfo(&json, ", \"size_bytes\": " INT64_FORMAT, size.bytes);
        if (size.high > size.low)
            appendStringInfo(&json,
                             ", \"size_low_bytes\": " INT64_FORMAT ", \"size_high_bytes\": " INT64_FORMAT,
                             size.low, size.high);
        appendStringInfo(&json, ", \"used\": %s}", used[position] ? "true" : "false");
    }
    appendStringInfoChar(&json, ']');
    return json.data;
}

Datum make_row(FunctionCallInfo fcinfo, const Question &question, double cost_before, double cost_after,
               const char *plan_before, const char *plan_after, const bool *used) {
    TupleDesc description;
    if (get_call_result_type(fcinfo, nullptr, &description) != TYPEFUNC_COMPOSITE)
        refuse(ERRCODE_INTERNAL_ERROR, "the function must return a row");
    Datum values[5] = {Float8GetDatum(cost_before), Float8GetDatum(cost_after),
                       CStringGetTextDatum(plan_before), CStringGetTextDatum(plan_after),
                       jsonb_of(describe_indexes(question, used))};
    bool nulls[5] = {};
    return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(description), values, nulls));
}

// The example values with which a statement of the same text was recorded, where the caller may see them;
// null: none.
ParamListInfo recorded_parameters(const AnalysedStatement *statement) {
    for (const StatementInput &input : recorded_workload(Evidence::any, Reader::caller).statements) {
        if (!input.bound || input.text != statement->source ||
            static_cast<int>(input.parameter_values.size()) != statement->parameter_count)
            continue;
        std::vector<const char *> values;
        for (const auto &value : input.parameter_values)
            values.push_back(value ? value->c_str() : nullptr);
        const char *const *items = values.data();
        return pg_call([=] { return bind_parameters(statement, items, statement->parameter_count); });
    }
    return nullptr;
}

Datum answer(FunctionCallInfo fcinfo) {
    Question question = pg_call([=] { return read_question(fcinfo); });
    question.created =
        define_indexes(question.definitions.items, question.definitions.count, allowed_sampling());
    if (question.parameters_wanted && !question.parameters)
        question.parameters = recorded_parameters(question.statement);
    const PlannedCost before =
        plan_statement(question.statement, question.parameters, IndexSet{}, ExplainText::yes);
    const IndexSet set{question.created.items, question.created.count, question.dropped,
                       question.dropped_count};
    const PlannedCost after = plan_statement(question.statement, question.parameters, set, ExplainText::yes);
    const int *used = after.used.data();
    const auto used_count = after.used.size();
    const char *plan_before = before.plan.c_str();
    const char *plan_after = after.plan.c_str();
    const double cost_before = before.cost;
    const double cost_after = after.cost;
    const Question *asked = &question;
    return pg_call([=] {
        auto *flags = static_cast<bool *>(palloc0(static_cast<Size>(asked->definitions.count + 1)));
        for (Size i = 0; i < used_count; ++i)
            flags[asked->created.items[used[i]]->position] = true;
        return make_row(fcinfo, *asked, cost_before, cost_after, plan_before, plan_after, flags);
    });
}

} // namespace
} // namespace advisor::pg

ADVISOR_SQL_FUNCTION(db_advisor_what_if) {
    Datum row{};
    advisor::pg::quietly([&] { row = advisor::pg::answer(fcinfo); });
    return row;
}
