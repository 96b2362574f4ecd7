// The server's own type-specific analysis runs over the sample, so that common values, histogram, correlation
// and element statistics come out as after CREATE INDEX and ANALYZE. Only the number of distinct values is
// ours: the server's estimator expects rows drawn one by one, not whole blocks.
#include "pg_ext/what_if/sampled_statistics.h"

#include "pg_ext/boundary.h"
#include "pg_ext/what_if/key_measurement.h"
#include "pg_ext/what_if/row_evaluation.h"

#include <algorithm>

namespace advisor::pg {
namespace {

constexpr double share_rather_than_number =
    0.1; // as ANALYZE: above it the number is taken to grow with the table

// What goes into and comes out of the analysis inside pg_try; plain data.
struct Analysis {
    Relation heap;
    const HypotheticalKeys *keys;
    int key;
    double rows;
    MemoryContext memory;
    FormData_pg_attribute attribute;
    VacAttrStats statistics;
};

// Up to 16 the target hangs on a copy of the pg_attribute row, later it is a field of its own.
template <class Statistics, class Attribute>
void use_default_target(Statistics &statistics, Attribute &attribute) {
    if constexpr (requires { statistics.attstattarget; }) {
        statistics.attstattarget = -1;
    } else {
        attribute.attstattarget = -1;
        statistics.attr = &attribute;
    }
}

Form_pg_type copy_type(Oid type, MemoryContext memory) {
    HeapTuple tuple = SearchSysCacheCopy1(TYPEOID, ObjectIdGetDatum(type));
    if (!HeapTupleIsValid(tuple))
        return nullptr;
    auto *copy = static_cast<Form_pg_type>(MemoryContextAlloc(memory, sizeof(FormData_pg_type)));
    memcpy(copy, GETSTRUCT(tuple), sizeof(FormData_pg_type));
    heap_freetuple(tuple);
    return copy;
}

Node *key_expression(const HypotheticalKeys &keys, int key) {
    int position = 0;
    for (int i = 0; i < key; ++i)
        position += keys.columns[i] == 0;
    return static_cast<Node *>(list_nth(keys.expressions, position));
}

// Called by the type's analysis for each row.
Datum fetch_value(VacAttrStatsP statistics, int row, bool *is_null) {
    const Size cell = static_cast<Size>(row) * statistics->rowstride;
    *is_null = statistics->exprnulls[cell];
    return statistics->exprvals[cell];
}

bool prepare(Analysis *analysis) {
    VacAttrStats &statistics = analysis->statistics;
    Node *expression = key_expression(*analysis->keys, analysis->key);
    statistics.attrtypid = exprType(expression);
    statistics.attrtypmod = exprTypmod(expression);
    const Oid collation = analysis->keys->collations[analysis->key];
    statistics.attrcollid = OidIsValid(collation) ? collation : exprCollation(expression);
    statistics.attrtype = copy_type(statistics.attrtypid, analysis->memory);
    statistics.anl_context = analysis->memory;
    statistics.tupattnum = 1;
    use_default_target(statistics, analysis->attribute);
    if (statistics.attrtype == nullptr)
        return false;
    for (int i = 0; i < STATISTIC_NUM_SLOTS; ++i) {
        statistics.statypid[i] = statistics.attrtypid;
        statistics.statyplen[i] = statistics.attrtype->typlen;
        statistics.statypbyval[i] = statistics.attrtype->typbyval;
        statistics.statypalign[i] = statistics.attrtype->typalign;
    }
    if (OidIsValid(statistics.attrtype->typanalyze))
        return DatumGetBool(OidFunctionCall1(statistics.attrtype->typanalyze, PointerGetDatum(&statistics)));
    return std_typanalyze(&statistics);
}

void analyse_rows(const EvaluatedRows &rows, void *argument) {
    auto *analysis = static_cast<Analysis *>(argument);
    VacAttrStats &statistics = analysis->statistics;
    if (rows.row_count == 0 || !prepare(analysis))
        return;
    statistics.exprvals = rows.values + analysis->key;
    statistics.exprnulls = rows.nulls + analysis->key;
    statistics.rowstride = rows.column_count;
    statistics.compute_stats(&statistics, fetch_value, rows.row_count, analysis->rows);
}

void put(Datum *values, bool *nulls, int column, Datum value) {
    values[column - 1] = value;
    nulls[column - 1] = false;
}

void put_slot(const VacAttrStats &statistics, int slot, Datum *values, bool *nulls) {
    put(values, nulls, Anum_pg_statistic_stakind1 + slot, Int16GetDatum(statistics.stakind[slot]));
    put(values, nulls, Anum_pg_statistic_staop1 + slot, ObjectIdGetDatum(statistics.staop[slot]));
    put(values, nulls, Anum_pg_statistic_stacoll1 + slot, ObjectIdGetDatum(statistics.stacoll[slot]));
    if (statistics.numnumbers[slot] > 0) {
        const int count = statistics.numnumbers[slot];
        auto *numbers = static_cast<Datum *>(palloc(count * sizeof(Datum)));
        for (int i = 0; i < count; ++i)
            numbers[i] = Float4GetDatum(statistics.stanumbers[slot][i]);
        put(values, nulls, Anum_pg_statistic_stanumbers1 + slot,
            PointerGetDatum(construct_array(numbers, count, FLOAT4OID, sizeof(float4), true, TYPALIGN_INT)));
    }
    if (statistics.numvalues[slot] > 0)
        put(values, nulls, Anum_pg_statistic_stavalues1 + slot,
            PointerGetDatum(construct_array(statistics.stavalues[slot], statistics.numvalues[slot],
                                            statistics.statypid[slot], statistics.statyplen[slot],
                                            statistics.statypbyval[slot], statistics.statypalign[slot])));
}

HeapTuple form_row(const Analysis &analysis, MemoryContext target) {
    Datum values[Natts_pg_statistic] = {};
    bool nulls[Natts_pg_statistic];
    memset(nulls, true, sizeof nulls);
    const VacAttrStats &statistics = analysis.statistics;
    put(values, nulls, Anum_pg_statistic_starelid, ObjectIdGetDatum(RelationGetRelid(analysis.heap)));
    put(values, nulls, Anum_pg_statistic_staattnum, Int16GetDatum(static_cast<int16>(analysis.key + 1)));
    put(values, nulls, Anum_pg_statistic_stainherit, BoolGetDatum(false));
    put(values, nulls, Anum_pg_statistic_stanullfrac, Float4GetDatum(statistics.stanullfrac));
    put(values, nulls, Anum_pg_statistic_stawidth, Int32GetDatum(statistics.stawidth));
    put(values, nulls, Anum_pg_statistic_stadistinct, Float4GetDatum(statistics.stadistinct));
    for (int slot = 0; slot < STATISTIC_NUM_SLOTS; ++slot)
        put_slot(statistics, slot, values, nulls);
    Relation catalog = table_open(StatisticRelationId, AccessShareLock);
    MemoryContext caller = MemoryContextSwitchTo(target);
    HeapTuple row = heap_form_tuple(RelationGetDescr(catalog), values, nulls);
    MemoryContextSwitchTo(caller);
    table_close(catalog, AccessShareLock);
    return row;
}

// The number of distinct values with the block as sampling unit, in pg_statistic's form. Nulls are no value
// there.
float4 distinct_statistic(double groups, double rows, double null_fraction) {
    const double values = std::max(1.0, groups - (null_fraction > 0));
    const double share = values / std::max(rows, 1.0);
    return static_cast<float4>(share > share_rather_than_number ? -std::min(1.0, share) : std::round(values));
}

HypotheticalKeys only_key(const HypotheticalKeys &keys, int key, List *expressions) {
    const auto at = static_cast<std::size_t>(key);
    HypotheticalKeys single = keys;
    single.columns = keys.columns.subspan(at, 1);
    single.key_count = 1;
    single.expressions = expressions;
    // Of the value itself, not of what another method makes of it.
    if (keys.method == BTREE_AM_OID)
        single.opclasses = keys.opclasses.subspan(at, 1);
    else
        single.opclasses = {};
    single.collations = keys.collations.subspan(at, 1);
    single.unique = false;
    return single;
}

} // namespace

HeapTuple sample_statistics(Relation heap, const HypotheticalKeys &keys, int key, double rows,
                            MemoryContext target) {
    if (keys.columns[static_cast<std::size_t>(key)] != 0)
        return nullptr;
    List *expressions = pg_call([&] { return list_make1(key_expression(keys, key)); });
    const HypotheticalKeys single = only_key(keys, key, expressions);
    const auto measured = measure_keys(heap, single);
    const RowSample *sample = measured ? sample_rows(heap) : nullptr;
    if (sample == nullptr || measured->parts.empty())
        return nullptr;

    Analysis analysis{};
    analysis.heap = heap;
    analysis.keys = &single;
    analysis.rows = std::max(rows, measured->rows.matching_rows);
    const double groups = measured->groups_among(measured->parts[0], analysis.rows);
    analysis.memory = pg_call([] {
        return AllocSetContextCreate(CurrentMemoryContext, "db_advisor statistics", ALLOCSET_DEFAULT_SIZES);
    });
    HeapTuple row = nullptr;
    const auto failed = pg_try([&] {
        MemoryContext caller = MemoryContextSwitchTo(analysis.memory);
        evaluate_rows(heap, *sample, single, analyse_rows, &analysis);
        VacAttrStats &statistics = analysis.statistics;
        if (statistics.stats_valid) {
            if (statistics.stadistinct != 0)
                statistics.stadistinct = distinct_statistic(groups, analysis.rows, statistics.stanullfrac);
            row = form_row(analysis, target);
        }
        MemoryContextSwitchTo(caller);
    });
    pg_call([&] { MemoryContextDelete(analysis.memory); });
    return failed ? nullptr : row;
}

} // namespace advisor::pg
