// Shapes of indexes that hold something else than a key per row.
#include "pg_ext/what_if/other_shapes.h"

#include "core/costing/brin_size.h"
#include "core/costing/gin_size.h"
#include "core/costing/tree_size.h"
#include "pg_ext/boundary.h"
#include "pg_ext/what_if/access_method.h"
#include "pg_ext/what_if/column_statistics.h"
#include "pg_ext/what_if/entry_measurement.h"
#include "pg_ext/what_if/entry_statistics.h"
#include "pg_ext/what_if/key_statistics.h"
#include "pg_ext/what_if/tuple_measurement.h"

#include <algorithm>

namespace advisor::pg {
namespace {

// How far nine of ten builds are off: with a sample, and without.
constexpr double sampled_error = 1.6, unsampled_error = 3;

void set_range(IndexShape &shape) {
    const double factor = shape.sampled ? sampled_error : unsampled_error;
    shape.pages_low = std::max(1.0, std::floor(shape.pages / factor));
    shape.pages_high = std::ceil(shape.pages * factor);
}

double bytes_of(char alignment) {
    switch (alignment) {
    case TYPALIGN_SHORT: return 2;
    case TYPALIGN_INT: return 4;
    case TYPALIGN_DOUBLE: return 8;
    }
    return 1;
}

struct StoredType {
    Oid type;
    int16 length;
    char alignment;
    int32 usual_width;
};

constexpr int most_stored = 3; // of one key: minmax has two, inclusion three

struct StoredTypes {
    StoredType items[most_stored];
    int count;
};

// What the operator class says it keeps of a range.
StoredTypes stored_types(Relation heap, const HypotheticalKeys *keys, int key) {
    const Oid function =
        support_function(keys->opclasses[static_cast<std::size_t>(key)], BRIN_PROCNUM_OPCINFO);
    const Oid type = key_column_type(heap, *keys, key);
    const auto *info =
        reinterpret_cast<BrinOpcInfo *>(DatumGetPointer(OidFunctionCall1(function, ObjectIdGetDatum(type))));
    StoredTypes result{};
    for (int i = 0; i < info->oi_nstored && i < most_stored; ++i) {
        const TypeCacheEntry *entry = info->oi_typcache[i];
        result.items[result.count++] = {entry->type_id, entry->typlen, entry->typalign,
                                        get_typavgwidth(entry->type_id, -1)};
    }
    return result;
}

std::vector<core::SummaryValue> summary_values(Relation heap, const HypotheticalKeys &keys) {
    std::vector<core::SummaryValue> values;
    for (int key = 0; key < keys.key_count; ++key) {
        const HypotheticalKeys *borrowed = &keys;
        const StoredTypes types = pg_call([=] { return stored_types(heap, borrowed, key); });
        const AttrNumber column = keys.columns[static_cast<std::size_t>(key)];
        const auto known = column > 0 ? read_column_statistics(RelationGetRelid(heap), column) : std::nullopt;
        for (int i = 0; i < types.count; ++i) {
            const StoredType &type = types.items[i];
            if (type.length > 0) {
                values.push_back({static_cast<double>(type.length), bytes_of(type.alignment)});
                continue;
            }
            const double width = known ? known->width : type.usual_width;
            values.push_back({width, width > 127 ? bytes_of(type.alignment) : 1});
        }
    }
    return values;
}

double tuple_bytes_by_statistics(Relation heap, const HypotheticalKeys &keys, double rows) {
    const KeyStatistics statistics = read_key_statistics(heap, keys, rows);
    double sum = 0, weight = 0;
    for (const core::TupleSizeShare &share : statistics.sizes_by_row) {
        sum += share.bytes * share.share;
        weight += share.share;
    }
    return weight > 0 ? sum / weight : 0;
}

} // namespace

IndexShape brin_shape(Relation heap, const HypotheticalKeys &keys, const ShapeOptions &) {
    core::BrinContents model;
    model.table_pages = pg_call([=] { return RelationGetNumberOfBlocks(heap); });
    model.pages_per_range = keys.pages_per_range;
    model.values = summary_values(heap, keys);
    model.page_bytes = BLCKSZ;
    const core::BrinSize size = core::brin_size(model);
    IndexShape shape;
    shape.tuples = size.ranges;
    shape.pages = shape.pages_low = shape.pages_high = size.total_pages;
    shape.map_pages = size.map_pages;
    return shape;
}

IndexShape gin_shape(Relation heap, const HypotheticalKeys &keys, const ShapeOptions &options) {
    const auto sample = options.allow_sample ? measure_entries(heap, keys) : std::nullopt;
    const SampledRows *sampled = sample ? &sample->rows : nullptr;
    const double rows = table_rows(heap, sampled, options);
    const double tuples = std::round(rows * index_share(keys, sampled, options));
    core::GinContents model;
    model.table_pages = pg_call([=] { return RelationGetNumberOfBlocks(heap); });
    model.page_bytes = BLCKSZ;
    if (sample) {
        model.postings = sample->keys_per_row * tuples;
        model.keys = groups_among_rows(sample->keys, tuples, std::max(1.0, sample->rows.in_index()));
        model.entry_bytes = sample->entry_bytes;
        model.frequent_keys = sample->frequent_keys;
    } else {
        const EntryStatistics known = read_entry_statistics(heap, keys, rows);
        model.postings = known.keys_per_row * tuples;
        model.keys = known.keys;
        model.entry_bytes = known.entry_bytes;
        model.frequent_keys = known.frequent_keys;
    }
    for (double &share : model.frequent_keys)
        share *= tuples;
    model.keys = std::min(model.keys, model.postings);
    const core::GinSize size = core::gin_size(model);
    IndexShape shape;
    shape.tuples = tuples;
    shape.pages = size.total_pages;
    shape.entries = size.entries;
    shape.entry_pages = size.entry_pages;
    shape.data_pages = size.data_pages;
    shape.distinct_keys = size.entries;
    shape.entries_per_row = tuples > 0 ? model.postings / tuples : 1;
    shape.sampled = sample.has_value();
    set_range(shape);
    return shape;
}

IndexShape tree_shape(Relation heap, const HypotheticalKeys &keys, const ShapeOptions &options) {
    const auto sample = options.allow_sample ? measure_tuples(heap, keys) : std::nullopt;
    const SampledRows *sampled = sample ? &sample->rows : nullptr;
    const double rows = table_rows(heap, sampled, options);
    core::TreeContents model;
    model.kind = keys.method == GIST_AM_OID ? core::TreeKind::gist : core::TreeKind::spgist;
    model.tuples = std::round(rows * index_share(keys, sampled, options));
    model.tuple_bytes = sample ? sample->tuple_bytes : tuple_bytes_by_statistics(heap, keys, rows);
    model.fillfactor = keys.fillfactor;
    model.page_bytes = BLCKSZ;
    IndexShape shape;
    shape.tuples = model.tuples;
    shape.pages = core::tree_size(model).total_pages;
    shape.sampled = sample.has_value();
    set_range(shape);
    return shape;
}

} // namespace advisor::pg
