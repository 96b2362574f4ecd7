// Runs the operator classes' extractValue functions over the sampled rows. Where documents are long, over a
// part of the sampled blocks, spread over all of them.
#include "pg_ext/what_if/entry_measurement.h"

#include "pg_ext/boundary.h"
#include "pg_ext/what_if/access_method.h"
#include "pg_ext/what_if/row_evaluation.h"

#include <algorithm>

namespace advisor::pg {
namespace {

constexpr int most_entries = 600000;
constexpr long most_milliseconds = 1500;
constexpr uint64 no_key_hash = 0x656d707479;
constexpr Size bare_entry = 16;
constexpr int stride = 7919; // prime: visits the sampled blocks in a spread order

// How one column's values become keys.
struct Extractor {
    FmgrInfo function;
    Oid collation;
    TupleDesc entry; // of one key; of the column's number and a key where there are several columns
    bool by_value;
    int16 length;
};

struct Entry {
    uint64 hash;
    uint32 block;
    uint16 bytes;
};

// Gathered by plain code inside a pg_try; everything lies in `memory`.
struct Gathered {
    MemoryContext memory;
    Extractor *extractors;
    int columns;
    Entry *entries;
    int count;
    int rows;
    int visited_blocks;
    int sampled_blocks;
    bool full;
};

// The type that an operator class keeps its keys in.
Oid key_type(Oid opclass, Oid column_type) {
    HeapTuple tuple = SearchSysCache1(CLAOID, ObjectIdGetDatum(opclass));
    const Oid declared = reinterpret_cast<Form_pg_opclass>(GETSTRUCT(tuple))->opckeytype;
    ReleaseSysCache(tuple);
    if (declared == ANYELEMENTOID)
        return get_base_element_type(column_type);
    return OidIsValid(declared) ? declared : column_type;
}

Extractor describe_column(const HypotheticalKeys &keys, int column, Oid column_type) {
    Extractor extractor{};
    const auto at = static_cast<std::size_t>(column);
    const Oid type = key_type(keys.opclasses[at], column_type);
    fmgr_info(support_function(keys.opclasses[at], GIN_EXTRACTVALUE_PROC), &extractor.function);
    extractor.collation = OidIsValid(keys.collations[at]) ? keys.collations[at] : DEFAULT_COLLATION_OID;
    const int columns = keys.key_count > 1 ? 2 : 1;
    extractor.entry = CreateTemplateTupleDesc(columns);
    if (columns == 2)
        TupleDescInitEntry(extractor.entry, 1, nullptr, INT2OID, -1, 0);
    TupleDescInitEntry(extractor.entry, static_cast<AttrNumber>(columns), nullptr, type, -1, 0);
    get_typlenbyval(type, &extractor.length, &extractor.by_value);
    return extractor;
}

void add_entry(Gathered *gathered, uint64 hash, uint32 block, Size bytes) {
    gathered->entries[gathered->count++] = {hash, block,
                                            static_cast<uint16>(std::min<Size>(bytes, PG_UINT16_MAX))};
    gathered->full = gathered->full || gathered->count >= most_entries;
}

Size entry_bytes(const Extractor &extractor, int column, Datum key) {
    Datum values[2] = {Int16GetDatum(static_cast<int16>(column + 1)), key};
    bool nulls[2] = {false, false};
    const int columns = extractor.entry->natts;
    return IndexTupleSize(index_form_tuple(extractor.entry, values + 2 - columns, nulls));
}

// A row has each of its keys once.
void add_keys(Gathered *gathered, int column, uint32 block, const Datum *found, const bool *nulls,
              int count) {
    const Extractor &extractor = gathered->extractors[column];
    auto *hashes = static_cast<uint64 *>(palloc(static_cast<Size>(count) * sizeof(uint64)));
    const uint64 salt = static_cast<uint64>(column) << 33;
    for (int i = 0; i < count; ++i)
        hashes[i] = nulls && nulls[i]
                        ? no_key_hash
                        : datum_image_hash(found[i], extractor.by_value, extractor.length) + salt;
    for (int i = 0; i < count && !gathered->full; ++i) {
        bool repeated = false;
        for (int j = std::max(0, i - 64); j < i && !repeated; ++j)
            repeated = hashes[j] == hashes[i];
        if (!repeated)
            add_entry(gathered, hashes[i], block,
                      hashes[i] == no_key_hash ? bare_entry : entry_bytes(extractor, column, found[i]));
    }
}

void add_value(Gathered *gathered, int column, uint32 block, Datum value, bool is_null) {
    int32 count = 0;
    bool *nulls = nullptr;
    Datum *found = nullptr;
    Extractor &extractor = gathered->extractors[column];
    if (!is_null)
        found = reinterpret_cast<Datum *>(
            DatumGetPointer(FunctionCall3Coll(&extractor.function, extractor.collation, value,
                                              PointerGetDatum(&count), PointerGetDatum(&nulls))));
    if (!found || count <= 0)
        add_entry(gathered, no_key_hash + static_cast<uint64>(column), block, bare_entry);
    else
        add_keys(gathered, column, block, found, nulls, count);
}

void add_rows(const EvaluatedRows &rows, int first, int last, Gathered *gathered, MemoryContext scratch) {
    for (int i = first; i < last && !gathered->full; ++i) {
        CHECK_FOR_INTERRUPTS();
        MemoryContext before = MemoryContextSwitchTo(scratch);
        const Size cell = static_cast<Size>(i) * static_cast<Size>(rows.column_count);
        for (int column = 0; column < gathered->columns && !gathered->full; ++column)
            add_value(gathered, column, rows.block_of[i], rows.values[cell + static_cast<Size>(column)],
                      rows.nulls[cell + static_cast<Size>(column)]);
        MemoryContextSwitchTo(before);
        MemoryContextReset(scratch);
    }
}

// Block by block in a spread order, until there is enough or time is up. A block that was not finished does
// not count.
void extract_rows(const EvaluatedRows &rows, void *argument) {
    auto *gathered = static_cast<Gathered *>(argument);
    gathered->entries = static_cast<Entry *>(
        palloc_extended(static_cast<Size>(most_entries + 1) * sizeof(Entry), MCXT_ALLOC_HUGE));
    const auto blocks = static_cast<Size>(gathered->sampled_blocks);
    int *first = static_cast<int *>(palloc((blocks + 1) * sizeof(int)));
    Size block = 0;
    for (int i = 0; i <= rows.row_count; ++i)
        while (block <= (i < rows.row_count ? rows.block_of[i] : blocks))
            first[block++] = i;
    MemoryContext scratch =
        AllocSetContextCreate(CurrentMemoryContext, "db_advisor row", ALLOCSET_DEFAULT_SIZES);
    const TimestampTz started = GetCurrentTimestamp();
    for (Size visit = 0; visit < blocks && !gathered->full; ++visit) {
        const Size at = visit * stride % blocks;
        const int before = gathered->count;
        add_rows(rows, first[at], first[at + 1], gathered, scratch);
        if (gathered->full && visit > 0) {
            gathered->count = before;
            break;
        }
        gathered->rows += first[at + 1] - first[at];
        ++gathered->visited_blocks;
        gathered->full =
            gathered->full || TimestampDifferenceExceeds(started, GetCurrentTimestamp(), most_milliseconds);
    }
}

// From here on plain C++ without the server.

EntryMeasurement conclude(const Gathered &gathered, const SampledRows &rows) {
    EntryMeasurement result;
    result.rows = rows;
    const std::span<Entry> seen{gathered.entries, static_cast<std::size_t>(gathered.count)};
    std::sort(seen.begin(), seen.end(), [](const Entry &a, const Entry &b) {
        return a.hash != b.hash ? a.hash < b.hash : a.block < b.block;
    });
    const bool whole = rows.whole_table() && gathered.visited_blocks == gathered.sampled_blocks;
    BlockCounts count;
    double bytes = 0;
    for (std::size_t first = 0, last = 0; first < seen.size(); first = last) {
        double blocks = 0;
        for (last = first; last < seen.size() && seen[last].hash == seen[first].hash; ++last)
            blocks += last == first || seen[last].block != seen[last - 1].block;
        count.add(blocks, false);
        bytes += seen[first].bytes;
        const auto met = static_cast<double>(last - first);
        if ((whole && met > 1) || (met >= least_heavy_rows && blocks >= least_heavy_blocks))
            result.frequent_keys.push_back(met / gathered.rows);
    }
    const double share = whole ? 1 : gathered.visited_blocks / std::max(rows.total_blocks, 1.0);
    result.keys = std::max(count.keys, estimate_groups(count, share).groups);
    result.entry_bytes = count.keys > 0 ? bytes / count.keys : bare_entry;
    result.keys_per_row = gathered.rows > 0 ? static_cast<double>(gathered.count) / gathered.rows : 0;
    return result;
}

struct Outcome {
    Gathered *gathered;
    SampledRows *rows;
    const RowSample *sample;
};

void use_rows(const EvaluatedRows &rows, void *argument) {
    auto *outcome = static_cast<Outcome *>(argument);
    *outcome->rows = sampled_rows(*outcome->sample, rows.block_of, rows.row_count);
    extract_rows(rows, outcome->gathered);
}

} // namespace

std::optional<EntryMeasurement> measure_entries(Relation heap, const HypotheticalKeys &keys) {
    const RowSample *sample = sample_rows(heap);
    if (sample == nullptr)
        return std::nullopt;
    if (sample->row_count == 0)
        return EntryMeasurement{sampled_rows(*sample, nullptr, 0), 1, 0, bare_entry, {}};
    Gathered gathered{};
    gathered.memory = pg_call([] {
        return AllocSetContextCreate(CurrentMemoryContext, "db_advisor entries", ALLOCSET_DEFAULT_SIZES);
    });
    gathered.columns = keys.key_count;
    gathered.sampled_blocks = sample->sampled_blocks;
    SampledRows rows;
    Outcome outcome{&gathered, &rows, sample};
    bool complete = false;
    const auto failed = pg_try([&] {
        MemoryContext caller = MemoryContextSwitchTo(gathered.memory);
        gathered.extractors =
            static_cast<Extractor *>(palloc0(sizeof(Extractor) * static_cast<Size>(keys.key_count)));
        for (int column = 0; column < keys.key_count; ++column)
            gathered.extractors[column] = describe_column(keys, column, key_column_type(heap, keys, column));
        complete = evaluate_rows(heap, *sample, keys, use_rows, &outcome);
        MemoryContextSwitchTo(caller);
    });
    std::optional<EntryMeasurement> result;
    if (!failed && complete && gathered.rows > 0)
        result = conclude(gathered, rows);
    pg_call([&] { MemoryContextDelete(gathered.memory); });
    return result;
}

} // namespace advisor::pg
