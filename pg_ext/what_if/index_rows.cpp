// How many rows a table has, and how many of them an index would hold.
#include "pg_ext/what_if/index_rows.h"

#include "pg_ext/boundary.h"

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

} // namespace

SampledRows sampled_rows(const RowSample &sample, const uint32 *block_of, int matching) {
    SampledRows result;
    result.sampled_rows = sample.row_count;
    result.matching_rows = matching;
    result.sampled_blocks = sample.sampled_blocks;
    result.total_blocks = sample.total_blocks;
    for (int i = 0; i < matching; ++i)
        result.matching_blocks += i == 0 || block_of[i] != block_of[i - 1];
    return result;
}

double table_rows(Relation heap, const SampledRows *sampled, const ShapeOptions &options) {
    if (sampled != nullptr && sampled->whole_table())
        return sampled->sampled_rows;
    if (sampled != nullptr && heap->rd_rel->reltuples < 0)
        return sampled->sampled_rows * sampled->total_blocks / sampled->sampled_blocks;
    return options.table_rows ? *options.table_rows : usual_row_estimate(heap);
}

double index_share(const HypotheticalKeys &keys, const SampledRows *sampled, const ShapeOptions &options) {
    if (keys.predicate == nullptr)
        return 1;
    if (sampled != nullptr && sampled->sampled_rows > 0 &&
        (sampled->matching_blocks >= enough_blocks || sampled->whole_table()))
        return sampled->matching_rows / sampled->sampled_rows;
    return options.predicate_selectivity.value_or(default_predicate_share);
}

} // namespace advisor::pg
