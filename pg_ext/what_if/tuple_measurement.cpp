// Runs the operator classes' compress functions over some of the sampled rows.
#include "pg_ext/what_if/tuple_measurement.h"

#include "pg_ext/boundary.h"
#include "pg_ext/what_if/access_method.h"
#include "pg_ext/what_if/row_evaluation.h"

namespace advisor::pg {
namespace {

constexpr int most_rows = 3000;
constexpr double bare_tuple = 16;
constexpr Size spgist_header = 8; // more than an index tuple's

// Worked on by plain code inside a pg_try.
struct Gathered {
    const HypotheticalKeys *keys;
    TupleDesc row_type;
    FmgrInfo *compress; // per key column; without a function: stored as it is
    const RowSample *sample;
    SampledRows *rows;
    double bytes;
    int measured;
};

Datum stored_value(Gathered *gathered, int key, Datum value) {
    FmgrInfo &function = gathered->compress[key];
    if (!OidIsValid(function.fn_oid))
        return value;
    const Oid collation = gathered->keys->collations[static_cast<std::size_t>(key)];
    if (gathered->keys->method == SPGIST_AM_OID)
        return FunctionCall1Coll(&function, collation, value);
    GISTENTRY entry;
    gistentryinit(entry, value, nullptr, nullptr, 0, true);
    return reinterpret_cast<GISTENTRY *>(
               DatumGetPointer(FunctionCall1Coll(&function, collation, PointerGetDatum(&entry))))
        ->key;
}

void measure_row(Gathered *gathered, Datum *values, bool *nulls) {
    for (int key = 0; key < gathered->keys->key_count; ++key)
        if (!nulls[key])
            values[key] = stored_value(gathered, key, values[key]);
    const Size bytes = IndexTupleSize(index_form_tuple(gathered->row_type, values, nulls));
    gathered->bytes +=
        static_cast<double>(bytes + (gathered->keys->method == SPGIST_AM_OID ? spgist_header : Size{0}));
    ++gathered->measured;
}

void measure_rows(const EvaluatedRows &rows, void *argument) {
    auto *gathered = static_cast<Gathered *>(argument);
    *gathered->rows = sampled_rows(*gathered->sample, rows.block_of, rows.row_count);
    MemoryContext scratch =
        AllocSetContextCreate(CurrentMemoryContext, "db_advisor row", ALLOCSET_DEFAULT_SIZES);
    for (int i = 0; i < rows.row_count; i += 1 + rows.row_count / most_rows) {
        CHECK_FOR_INTERRUPTS();
        MemoryContext before = MemoryContextSwitchTo(scratch);
        const Size cell = static_cast<Size>(i) * static_cast<Size>(rows.column_count);
        measure_row(gathered, rows.values + cell, rows.nulls + cell);
        MemoryContextSwitchTo(before);
        MemoryContextReset(scratch);
    }
}

void prepare(Gathered *gathered) {
    const HypotheticalKeys &keys = *gathered->keys;
    const int number = keys.method == GIST_AM_OID ? GIST_COMPRESS_PROC : SPGIST_COMPRESS_PROC;
    gathered->compress =
        static_cast<FmgrInfo *>(palloc0(sizeof(FmgrInfo) * static_cast<Size>(keys.key_count)));
    for (int key = 0; key < keys.key_count; ++key) {
        const Oid function = support_function(keys.opclasses[static_cast<std::size_t>(key)], number);
        if (OidIsValid(function))
            fmgr_info(function, &gathered->compress[key]);
    }
}

} // namespace

std::optional<TupleMeasurement> measure_tuples(Relation heap, const HypotheticalKeys &keys) {
    const RowSample *sample = sample_rows(heap);
    if (sample == nullptr)
        return std::nullopt;
    if (sample->row_count == 0)
        return TupleMeasurement{sampled_rows(*sample, nullptr, 0), bare_tuple};
    TupleMeasurement result;
    Gathered gathered{};
    gathered.keys = &keys;
    gathered.sample = sample;
    gathered.rows = &result.rows;
    MemoryContext memory = pg_call([] {
        return AllocSetContextCreate(CurrentMemoryContext, "db_advisor tuples", ALLOCSET_DEFAULT_SIZES);
    });
    gathered.row_type = hypothetical_row_type(heap, keys, static_cast<int>(keys.columns.size()));
    bool complete = false;
    const auto failed = pg_try([&] {
        MemoryContext caller = MemoryContextSwitchTo(memory);
        prepare(&gathered);
        complete = evaluate_rows(heap, *sample, keys, measure_rows, &gathered);
        MemoryContextSwitchTo(caller);
    });
    pg_call([&] { MemoryContextDelete(memory); });
    if (failed || !complete || gathered.measured == 0)
        return std::nullopt;
    result.tuple_bytes = gathered.bytes / gathered.measured;
    return result;
}

} // namespace advisor::pg
