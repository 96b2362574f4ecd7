// Widths are drawn from the values that pg_statistic keeps (they are a sample of the column), so that padding
// and short values are counted as they fall; columns are taken to be independent of each other.
#include "pg_ext/what_if/key_statistics.h"

#include "pg_ext/boundary.h"
#include "pg_ext/what_if/column_statistics.h"

#include <algorithm>
#include <array>
#include <map>

namespace advisor::pg {
namespace {

constexpr int draws = 120;
constexpr std::array<int, 8> strides{1, 7, 11, 13, 17, 19, 23, 29}; // without a common divisor with `draws`
constexpr double bare_tuple = 8, tuple_with_nulls = 16, longest_short_value = 127;

double aligned(double bytes, double to) {
    return std::ceil(bytes / to) * to;
}

// How a column lies in an index tuple, and what is known of its values.
struct Column {
    int length = 0; // attlen
    double alignment = 1;
    bool may_be_short = false; // a one-byte header where the value fits
    bool known = false;
    ColumnStatistics statistics;
    double default_width = 0;
};

struct PlainColumn {
    int16 length;
    char alignment, storage;
    int32 width;
};

double bytes_of(char alignment) {
    switch (alignment) {
    case TYPALIGN_SHORT: return 2;
    case TYPALIGN_INT: return 4;
    case TYPALIGN_DOUBLE: return 8;
    }
    return 1;
}

std::vector<Column> read_columns(Relation heap, const HypotheticalKeys &keys) {
    TupleDesc row_type = hypothetical_row_type(heap, keys, static_cast<int>(keys.columns.size()));
    std::vector<Column> columns;
    for (std::size_t i = 0; i < keys.columns.size(); ++i) {
        const PlainColumn plain = pg_call([&] {
            const Form_pg_attribute attribute = TupleDescAttr(row_type, static_cast<int>(i));
            return PlainColumn{attribute->attlen, attribute->attalign, attribute->attstorage,
                               get_typavgwidth(attribute->atttypid, attribute->atttypmod)};
        });
        Column column;
        column.length = plain.length;
        column.alignment = bytes_of(plain.alignment);
        column.may_be_short = plain.length == -1 && plain.storage != TYPSTORAGE_PLAIN;
        column.default_width = plain.width;
        if (keys.columns[i] > 0) {
            const auto statistics = read_column_statistics(RelationGetRelid(heap), keys.columns[i]);
            column.known = statistics.has_value();
            column.statistics = statistics.value_or(ColumnStatistics{});
        }
        columns.push_back(std::move(column));
    }
    return columns;
}

double distinct_values(const Column &column, double rows) {
    const double distinct = column.statistics.distinct;
    const double all = distinct < 0 ? -distinct * rows : distinct > 0 ? distinct : DEFAULT_NUM_DISTINCT;
    const double nulls = column.statistics.null_fraction;
    return std::max(1.0, std::min(all, rows * (1 - nulls)) + (nulls > 0));
}

// Data bytes of the value at `place` (0–1) of the column's values, nulls first, then the common ones:
// weighted by rows or by distinct values. Negative for null.
double value_at(const Column &column, double place, bool by_group, double groups) {
    const ColumnStatistics &known = column.statistics;
    const auto common = static_cast<double>(known.common_widths.size());
    double nulls = known.null_fraction, common_share = 0;
    if (by_group) {
        nulls = nulls > 0 ? 1 / groups : 0;
        common_share = known.histogram_widths.empty() ? 1 - nulls : common / groups;
    } else {
        for (double frequency : known.common)
            common_share += frequency;
    }
    if (place < nulls)
        return -1;
    if (column.length > 0)
        return column.length;
    place -= nulls;
    if (common > 0 && (place < common_share || known.histogram_widths.empty())) {
        std::size_t i = 0;
        for (double upto = 0; i + 1 < known.common_widths.size(); ++i) {
            upto += by_group ? common_share / common : known.common[i];
            if (place < upto)
                break;
        }
        return known.common_widths[i];
    }
    if (!known.histogram_widths.empty()) {
        const double rest = std::max(1e-9, 1 - nulls - common_share);
        const double count = static_cast<double>(known.histogram_widths.size());
        const double i = std::clamp(std::floor((place - common_share) / rest * count), 0.0, count - 1);
        return known.histogram_widths[static_cast<std::size_t>(i)];
    }
    // Only a mean: spread it over one step of alignment.
    const double mean = column.known ? known.width : column.default_width;
    return std::max(0.0, mean - (mean <= longest_short_value ? 1 : 4) + std::fmod(place * draws, 8.0) - 3.5);
}

double add_value(double offset, const Column &column, double data_bytes) {
    if (column.length > 0)
        return aligned(offset, column.alignment) + column.length;
    if (column.length == -2)
        return offset + data_bytes + 1;
    if (column.may_be_short && data_bytes + 1 <= longest_short_value)
        return offset + data_bytes + 1;
    return aligned(offset, column.alignment) + data_bytes + 4;
}

// A drawn row: bytes of its index tuple if that ended with the first, second ... column.
using Draw = std::vector<double>;

std::vector<Draw> draw_rows(const std::vector<Column> &columns, bool by_group, double rows) {
    std::vector<Draw> result(draws);
    for (int draw = 0; draw < draws; ++draw) {
        double bytes = 0;
        bool has_null = false;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const double place = (draw * strides[i % strides.size()] % draws + 0.5) / draws;
            const double value = value_at(columns[i], place, by_group, distinct_values(columns[i], rows));
            has_null |= value < 0;
            if (value >= 0)
                bytes = add_value(bytes, columns[i], value);
            result[draw].push_back(aligned(bytes, 8) + (has_null ? tuple_with_nulls : bare_tuple));
        }
    }
    return result;
}

std::vector<core::TupleSizeShare> shares(const std::vector<Draw> &rows) {
    std::map<double, double> sizes;
    for (const Draw &row : rows)
        sizes[row.back()] += 1;
    std::vector<core::TupleSizeShare> result;
    for (const auto &[bytes, count] : sizes)
        result.push_back({bytes, count});
    return result;
}

// Mean up to a column, weighted by the whole tuple: a wide one is at a page's border more often.
double mean_bytes(const std::vector<Draw> &rows, std::size_t column) {
    double sum = 0, weight = 0;
    for (const Draw &row : rows) {
        sum += row[column] * row.back();
        weight += row.back();
    }
    return sum / weight;
}

struct UniqueKey {
    int count;
    AttrNumber columns[INDEX_MAX_KEYS];
};

struct UniqueKeys {
    UniqueKey *keys;
    int count;
};

UniqueKeys list_unique_keys(Relation heap) {
    List *indexes = RelationGetIndexList(heap);
    UniqueKeys result{static_cast<UniqueKey *>(palloc0((list_length(indexes) + 1) * sizeof(UniqueKey))), 0};
    for (int i = 0; i < list_length(indexes); ++i) {
        HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(list_nth_oid(indexes, i)));
        if (!HeapTupleIsValid(tuple))
            continue;
        const auto index = (Form_pg_index)GETSTRUCT(tuple);
        bool usable =
            index->indisunique && index->indisvalid && heap_attisnull(tuple, Anum_pg_index_indpred, nullptr);
        UniqueKey &key = result.keys[result.count];
        key.count = index->indnkeyatts;
        for (int j = 0; j < index->indnkeyatts; ++j) {
            key.columns[j] = index->indkey.values[j];
            usable = usable && key.columns[j] > 0;
        }
        result.count += usable;
        ReleaseSysCache(tuple);
    }
    return result;
}

bool covers_unique_key(std::span<const AttrNumber> columns, const UniqueKeys &unique) {
    for (int i = 0; i < unique.count; ++i) {
        const UniqueKey &key = unique.keys[i];
        if (std::all_of(key.columns, key.columns + key.count, [&](AttrNumber column) {
                return std::find(columns.begin(), columns.end(), column) != columns.end();
            }))
            return true;
    }
    return false;
}

// Rows without a null in the key are all different in a unique one; those with nulls count as one value.
double unique_groups(const std::vector<Column> &columns, std::size_t count, double rows) {
    double without_null = 1;
    for (std::size_t i = 0; i < count; ++i)
        without_null *= 1 - columns[i].statistics.null_fraction;
    return rows * without_null + (without_null < 1);
}

// Distinct combinations of the first key columns where something in the catalogs settles their number.
std::optional<double> exact_groups(Relation heap, const HypotheticalKeys &keys, std::size_t count,
                                   const std::vector<Column> &columns, const UniqueKeys &unique,
                                   double rows) {
    const auto leading = keys.columns.first(count);
    const bool whole_unique = keys.unique && count == static_cast<std::size_t>(keys.key_count);
    if (whole_unique || covers_unique_key(leading, unique))
        return unique_groups(columns, count, rows);
    const bool plain = std::find(leading.begin(), leading.end(), 0) == leading.end();
    return plain && count > 1 ? read_combined_distinct(heap, leading) : std::nullopt;
}

} // namespace

KeyStatistics read_key_statistics(Relation heap, const HypotheticalKeys &keys, double table_rows) {
    const std::vector<Column> columns = read_columns(heap, keys);
    const std::vector<Draw> drawn = draw_rows(columns, false, table_rows);
    const UniqueKeys unique = pg_call([&] { return list_unique_keys(heap); });
    KeyStatistics result;
    for (std::size_t i = 0; i < static_cast<std::size_t>(keys.key_count); ++i) {
        result.columns.push_back({distinct_values(columns[i], table_rows), columns[i].known});
        result.exact.push_back(exact_groups(heap, keys, i + 1, columns, unique, table_rows));
        result.part_bytes.push_back(mean_bytes(drawn, i));
    }
    result.sizes_by_row = shares(drawn);
    result.sizes_by_group = shares(draw_rows(columns, true, table_rows));
    if (keys.key_count == 1) {
        result.heavy_shares = columns[0].statistics.common;
        if (columns[0].statistics.null_fraction > 0 && keys.method == BTREE_AM_OID)
            result.heavy_shares.push_back(columns[0].statistics.null_fraction);
    }
    return result;
}

} // namespace advisor::pg
