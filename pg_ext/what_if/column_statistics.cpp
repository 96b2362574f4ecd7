// Reads pg_statistic and pg_statistic_ext_data through the server's own accessors.
#include "pg_ext/what_if/column_statistics.h"

#include "pg_ext/boundary.h"

#include <algorithm>

namespace advisor::pg {
namespace {

// One slot of a pg_statistic row as plain data; the arrays lie in the current context, null where not wanted.
struct Slot {
    float4 *frequencies;
    int frequency_count;
    double *widths; // data bytes of each value
    int width_count;
};

double data_bytes(Datum value, Oid type, int16 length) {
    if (type == NAMEOID)
        return static_cast<double>(strlen(NameStr(*DatumGetName(value))));
    return length == -1 ? VARSIZE_ANY_EXHDR(DatumGetPointer(value)) : strlen(DatumGetCString(value));
}

// `slot` belongs to a syscache tuple and is not freed: the pieces are few and the context is short-lived.
Slot read_slot(HeapTuple statistics, int kind) {
    Slot result{};
    AttStatsSlot slot;
    const int wanted = ATTSTATSSLOT_VALUES | (kind == STATISTIC_KIND_MCV ? ATTSTATSSLOT_NUMBERS : 0);
    if (!get_attstatsslot(&slot, statistics, kind, InvalidOid, wanted))
        return result;
    result.frequencies = slot.numbers;
    result.frequency_count = slot.nnumbers;
    const int16 length = get_typlen(slot.valuetype);
    if (length > 0 && slot.valuetype != NAMEOID)
        return result;
    result.width_count = slot.nvalues;
    result.widths = static_cast<double *>(palloc(slot.nvalues * sizeof(double) + 1));
    for (int i = 0; i < slot.nvalues; ++i)
        result.widths[i] = data_bytes(slot.values[i], slot.valuetype, length);
    return result;
}

struct Row {
    bool found;
    float4 null_fraction, distinct;
    int32 width;
    Slot common, histogram;
};

Row read_row(Oid relation, AttrNumber column) {
    Row row{};
    HeapTuple tuple = SearchSysCache3(STATRELATTINH, ObjectIdGetDatum(relation), Int16GetDatum(column),
                                      BoolGetDatum(false));
    if (!HeapTupleIsValid(tuple))
        return row;
    const auto form = (Form_pg_statistic)GETSTRUCT(tuple);
    row.found = true;
    row.null_fraction = form->stanullfrac;
    row.distinct = form->stadistinct;
    row.width = form->stawidth;
    row.common = read_slot(tuple, STATISTIC_KIND_MCV);
    row.histogram = read_slot(tuple, STATISTIC_KIND_HISTOGRAM);
    ReleaseSysCache(tuple);
    return row;
}

template <class T>
std::vector<double> copied(const T *values, int count) {
    return values == nullptr ? std::vector<double>{} : std::vector<double>(values, values + count);
}

// The combination's value in one statistics object; -1 if it has none, or was never filled.
double distinct_in_object(Oid object, const Bitmapset *wanted) {
    HeapTuple data = SearchSysCache2(STATEXTDATASTXOID, ObjectIdGetDatum(object), BoolGetDatum(false));
    if (!HeapTupleIsValid(data))
        return -1;
    bool missing;
    SysCacheGetAttr(STATEXTDATASTXOID, data, Anum_pg_statistic_ext_data_stxdndistinct, &missing);
    ReleaseSysCache(data);
    if (missing)
        return -1;
    const MVNDistinct *items = statext_ndistinct_load(object, false);
    for (uint32 i = 0; i < items->nitems; ++i) {
        Bitmapset *columns = nullptr;
        for (int j = 0; j < items->items[i].nattributes; ++j)
            if (items->items[i].attributes[j] > 0)
                columns = bms_add_member(columns, items->items[i].attributes[j]);
        if (bms_num_members(columns) == items->items[i].nattributes && bms_equal(columns, wanted))
            return items->items[i].ndistinct;
    }
    return -1;
}

} // namespace

std::optional<ColumnStatistics> read_column_statistics(Oid relation, AttrNumber column) {
    const Row row = pg_call([&] { return read_row(relation, column); });
    if (!row.found)
        return std::nullopt;
    ColumnStatistics result;
    result.null_fraction = row.null_fraction;
    result.distinct = row.distinct;
    result.width = row.width;
    result.common = copied(row.common.frequencies, row.common.frequency_count);
    result.common_widths = copied(row.common.widths, row.common.width_count);
    result.histogram_widths = copied(row.histogram.widths, row.histogram.width_count);
    return result;
}

std::optional<double> read_combined_distinct(Relation heap, std::span<const AttrNumber> columns) {
    const double distinct = pg_call([&] {
        Bitmapset *wanted = nullptr;
        for (const AttrNumber column : columns)
            wanted = bms_add_member(wanted, column);
        List *objects = RelationGetStatExtList(heap);
        double found = -1;
        for (int i = 0; i < list_length(objects) && found < 0; ++i)
            found = distinct_in_object(list_nth_oid(objects, i), wanted);
        return found;
    });
    return distinct > 0 ? std::optional(distinct) : std::nullopt;
}

} // namespace advisor::pg
