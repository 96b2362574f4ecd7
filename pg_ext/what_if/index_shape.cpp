// Which source is believed for what: single plain columns to the server's statistics (they come from more
// blocks), combinations, expressions and partial indexes to the sample, within what the statistics allow.
#include "pg_ext/what_if/index_shape.h"

#include "core/costing/btree_size.h"
#include "pg_ext/boundary.h"
#include "pg_ext/what_if/key_measurement.h"
#include "pg_ext/what_if/key_statistics.h"
#include "pg_ext/what_if/storage_headers.h"

#include <algorithm>

namespace advisor::pg {
namespace {

constexpr double default_predicate_share = 1.0 / 3;
constexpr double enough_blocks = 30; // with a matching row, to believe the sampled share of a predicate

double usual_row_estimate(Relation heap) {
    return pg_call([&] {
        BlockNumber pages;
        double rows, visible;
        estimate_rel_size(heap, nullptr, &pages, &rows, &visible);
        return rows;
    });
}

double table_rows(Relation heap, const KeyMeasurement *measured, const ShapeOptions &options) {
    if (measured != nullptr && measured->whole_table())
        return measured->sampled_rows;
    if (measured != nullptr && heap->rd_rel->reltuples < 0)
        return measured->sampled_rows * measured->total_blocks / measured->sampled_blocks;
    return options.table_rows ? *options.table_rows : usual_row_estimate(heap);
}

double index_share(const HypotheticalKeys &keys, const KeyMeasurement *measured,
                   const ShapeOptions &options) {
    if (keys.predicate == nullptr)
        return 1;
    if (measured != nullptr && measured->sampled_rows > 0 &&
        (measured->matching_blocks >= enough_blocks || measured->whole_table()))
        return measured->matching_rows / measured->sampled_rows;
    return options.predicate_selectivity.value_or(default_predicate_share);
}

// Groups left when only a share of the rows, chosen independently of the key, is in the index.
double groups_in_share(double groups, double rows, double share) {
    if (share >= 1 || groups <= 0)
        return groups;
    return groups * -std::expm1(rows / groups * std::log1p(-std::min(share, 1 - 1e-12)));
}

struct Sources {
    const KeyStatistics &statistics;
    const KeyMeasurement *measured; // null: no sample
    double rows;                    // in the table
    double share;                   // of them in the index
};

double choose_groups(const Sources &from, std::size_t part, bool plain_column) {
    const KeyStatistics::Part &known = from.statistics.parts[part];
    const double tuples = from.rows * from.share;
    const double by_statistics = groups_in_share(known.groups, from.rows, from.share);
    if (from.measured == nullptr || known.exact)
        return std::min(by_statistics, tuples);
    double groups = from.measured->groups_among(part, tuples);
    if (from.measured->whole_table())
        return groups;
    if (plain_column && known.known && from.share >= 1)
        return std::min(by_statistics, tuples);
    if (known.known) {
        groups = std::max(groups, groups_in_share(known.least_groups, from.rows, from.share));
        groups = std::min(groups, groups_in_share(known.most_groups, from.rows, from.share));
    }
    return std::min(groups, tuples);
}

std::vector<double> choose_heavy_groups(const Sources &from, double tuples) {
    std::vector<double> heavy;
    if (from.measured != nullptr && from.measured->matching_rows > 0) {
        for (double count : from.measured->heavy_groups)
            heavy.push_back(count * tuples / from.measured->matching_rows);
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
    for (std::size_t part = 0; part < from.statistics.parts.size(); ++part) {
        const double groups = choose_groups(from, part, part == 0 && keys.columns[0] != 0);
        const double bytes = from.measured != nullptr && from.measured->matching_rows > 0
                                 ? from.measured->prefixes[part].bytes
                                 : from.statistics.parts[part].bytes;
        result.prefixes.push_back({groups, bytes});
    }
    result.groups = std::min(result.prefixes.back().groups, result.tuples);
    if (from.measured != nullptr && from.measured->matching_rows > 0)
        result.tuple_sizes =
            result.merges_duplicates ? from.measured->sizes_by_group : from.measured->sizes_by_row;
    else
        result.tuple_sizes =
            result.merges_duplicates ? from.statistics.sizes_by_group : from.statistics.sizes_by_row;
    if (result.merges_duplicates)
        result.heavy_groups = choose_heavy_groups(from, result.tuples);
    return result;
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

} // namespace

IndexShape estimate_index_shape(Relation heap, const HypotheticalKeys &keys, const ShapeOptions &options) {
    ScratchContext scratch;
    std::optional<KeyMeasurement> sample;
    if (options.allow_sample)
        sample = measure_keys(heap, keys);
    const KeyMeasurement *measured = sample && !sample->prefixes.empty() ? &*sample : nullptr;
    const double rows = table_rows(heap, measured, options);
    const KeyStatistics statistics = read_key_statistics(heap, keys, rows);
    const Sources from{statistics, measured, rows, index_share(keys, measured, options)};
    const core::BtreeContents model = contents(from, keys);
    scratch.free();

    const core::BtreeSize size = core::btree_size(model);
    IndexShape shape;
    shape.tuples = model.tuples;
    shape.pages = size.total_pages;
    shape.height = size.height;
    shape.bytes = size.bytes;
    shape.distinct_keys = model.groups;
    shape.sampled = measured != nullptr;
    shape.oversized = sample && sample->oversized;
    return shape;
}

} // namespace advisor::pg
