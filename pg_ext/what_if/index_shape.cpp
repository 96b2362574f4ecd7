// Which source is believed for what: unique indexes and CREATE STATISTICS first, the server's statistics for
// single columns unless the sample contradicts, the sample for everything else.
#include "pg_ext/what_if/index_shape.h"

#include "core/costing/btree_size.h"
#include "core/costing/hash_size.h"
#include "pg_ext/boundary.h"
#include "pg_ext/what_if/key_measurement.h"
#include "pg_ext/what_if/key_statistics.h"
#include "pg_ext/what_if/other_shapes.h"

#include <algorithm>

namespace advisor::pg {
namespace {

constexpr double tolerated_deviations = 2;
constexpr double analysed_rows_per_target = 300; // by ANALYZE; the more of the table, the less it is mistaken
constexpr double outdated_factor = 5; // between statistics and sample: the table has changed since ANALYZE

// Groups left when only a share of the rows, chosen independently of the key, is in the index.
double groups_in_share(double groups, double rows, double share) {
    if (share >= 1 || groups <= 0)
        return groups;
    return groups * -std::expm1(rows / groups * std::log1p(-std::min(share, 1 - 1e-12)));
}

struct Sources {
    const KeyStatistics &statistics;
    const KeyMeasurement *measured; // null: no sample, or no row in it that the index would hold
    double rows;                    // in the table
    double share;                   // of them in the index
};

// A column's own statistics come from more blocks than the sample, yet ANALYZE's estimator is far too low
// where few values hold most rows: the sample tells by how much. Where equal values lie together, or the
// sample finds more than chance would explain, it decides; finding fewer is its own weakness, unless by far.
double column_groups(const Sources &from, std::size_t column) {
    const KeyStatistics::Column &known = from.statistics.columns[column];
    const double tuples = from.rows * from.share;
    const double by_statistics = groups_in_share(known.groups, from.rows, from.share);
    if (from.measured == nullptr)
        return std::min(by_statistics, tuples);
    const SampledGroups &sampled = from.measured->columns[column];
    const double by_sample = from.measured->groups_among(sampled, tuples);
    if (!known.known || from.measured->rows.whole_table() || sampled.clustered)
        return by_sample;
    const double unread = 1 - std::min(1.0, analysed_rows_per_target * default_statistics_target / from.rows);
    const double corrected = std::min(by_statistics * std::pow(sampled.skew, unread * unread), tuples);
    const double by_chance = std::exp(tolerated_deviations / std::sqrt(sampled.repeated + 1));
    const bool more = by_sample > corrected * by_chance;
    const bool far_fewer = by_sample * outdated_factor < corrected;
    return more || far_fewer ? by_sample : corrected;
}

// Per leading part of the key.
std::vector<double> choose_groups(const Sources &from) {
    const double tuples = from.rows * from.share;
    std::vector<double> groups;
    double product = 1, most = 1;
    for (std::size_t i = 0; i < from.statistics.columns.size(); ++i) {
        const double own = std::max(1.0, column_groups(from, i));
        product *= own;
        most = std::max(most, own);
        double chosen = own;
        if (const auto exact = from.statistics.exact[i])
            chosen = groups_in_share(*exact, from.rows, from.share);
        else if (i > 0 && from.measured != nullptr)
            chosen = std::clamp(from.measured->groups_among(from.measured->parts[i], tuples), most, product);
        else if (i > 0)
            chosen = product * -std::expm1(-tuples / product); // as many as independent columns would meet
        groups.push_back(std::min(chosen, tuples));
    }
    return groups;
}

std::vector<double> choose_heavy_groups(const Sources &from, double tuples) {
    std::vector<double> heavy;
    if (from.measured != nullptr) {
        for (double count : from.measured->heavy_groups)
            heavy.push_back(count * tuples / from.measured->rows.matching_rows);
        return heavy;
    }
    for (double share : from.statistics.heavy_shares)
        heavy.push_back(share * tuples);
    return heavy;
}

core::BtreeContents contents(const Sources &from, const HypotheticalKeys &keys) {
    core::BtreeContents result;
    result.tuples = std::max(0.0, std::round(from.rows * from.share));
    result.merges_duplicates = merges_duplicates(keys);
    result.fillfactor = keys.fillfactor;
    result.page_bytes = BLCKSZ;
    const bool sampled = from.measured != nullptr;
    const std::vector<double> groups = choose_groups(from);
    const std::vector<double> &bytes = sampled ? from.measured->part_bytes : from.statistics.part_bytes;
    for (std::size_t part = 0; part < groups.size(); ++part)
        result.prefixes.push_back({groups[part], bytes[part]});
    result.groups = std::min(result.prefixes.back().groups, result.tuples);
    if (sampled)
        result.tuple_sizes =
            result.merges_duplicates ? from.measured->sizes_by_group : from.measured->sizes_by_row;
    else
        result.tuple_sizes =
            result.merges_duplicates ? from.statistics.sizes_by_group : from.statistics.sizes_by_row;
    if (result.merges_duplicates)
        result.heavy_groups = choose_heavy_groups(from, result.tuples);
    return result;
}

void add_btree_shape(const Sources &from, const HypotheticalKeys &keys, IndexShape &shape) {
    const core::BtreeContents model = contents(from, keys);
    const core::BtreeSize size = core::btree_size(model);
    shape.tuples = model.tuples;
    shape.pages = size.total_pages;
    shape.height = size.height;
    shape.distinct_keys = model.groups;
}

void add_hash_shape(const Sources &from, const HypotheticalKeys &keys, IndexShape &shape) {
    core::HashContents model;
    model.table_rows = from.rows;
    model.tuples = std::max(0.0, std::round(from.rows * from.share));
    model.groups = std::min(choose_groups(from).back(), model.tuples);
    model.heavy_groups = choose_heavy_groups(from, model.tuples);
    model.fillfactor = keys.fillfactor;
    model.page_bytes = BLCKSZ;
    shape.tuples = model.tuples;
    shape.pages = core::hash_size(model).total_pages;
    shape.distinct_keys = model.groups;
}

// What the estimate allocates on the server's side goes at its end: there may be hundreds of candidates.
class ScratchContext {
public:
    ScratchContext()
        : own_(pg_call([] {
              return AllocSetContextCreate(CurrentMemoryContext, "db_advisor shape", ALLOCSET_DEFAULT_SIZES);
          })) {
        CurrentMemoryContext = own_;
    }
    ScratchContext(const ScratchContext &) = delete;
    ScratchContext &operator=(const ScratchContext &) = delete;
    ~ScratchContext() { CurrentMemoryContext = before_; }

    void free() {
        CurrentMemoryContext = before_;
        pg_call([this] { MemoryContextDelete(own_); });
    }

private:
    MemoryContext before_ = CurrentMemoryContext;
    MemoryContext own_;
};

// Of the methods that hold one item per row and its key as it is.
IndexShape shape_by_keys(Relation heap, const HypotheticalKeys &keys, const ShapeOptions &options) {
    std::optional<KeyMeasurement> sample;
    if (options.allow_sample)
        sample = measure_keys(heap, keys);
    const KeyMeasurement *measured = sample && !sample->parts.empty() ? &*sample : nullptr;
    const SampledRows *sampled = measured ? &measured->rows : nullptr;
    const double rows = table_rows(heap, sampled, options);
    const KeyStatistics statistics = read_key_statistics(heap, keys, rows);
    const bool rows_met = measured != nullptr && measured->rows.matching_rows > 0;
    const Sources from{statistics, rows_met ? measured : nullptr, rows, index_share(keys, sampled, options)};
    IndexShape shape;
    if (keys.method == HASH_AM_OID)
        add_hash_shape(from, keys, shape);
    else
        add_btree_shape(from, keys, shape);
    shape.pages_low = shape.pages_high = shape.pages;
    shape.sampled = measured != nullptr;
    shape.oversized = sample && sample->oversized;
    return shape;
}

} // namespace

IndexShape estimate_index_shape(Relation heap, const HypotheticalKeys &keys, const ShapeOptions &options) {
    ScratchContext scratch;
    IndexShape shape;
    switch (keys.method) {
    case BRIN_AM_OID: shape = brin_shape(heap, keys, options); break;
    case GIN_AM_OID: shape = gin_shape(heap, keys, options); break;
    case GIST_AM_OID:
    case SPGIST_AM_OID: shape = tree_shape(heap, keys, options); break;
    default: shape = shape_by_keys(heap, keys, options); break;
    }
    scratch.free();
    return shape;
}

} // namespace advisor::pg
