// Estimators with the block as the sampling unit.
#include "pg_ext/what_if/group_estimate.h"

#include <algorithm>
#include <cmath>

namespace advisor::pg {
namespace {

// What ANALYZE would make of the rows: the first-order estimator, nulls left out.
double as_analyze(const BlockCounts &count, double share) {
    const bool has_null = count.null_pairs > 0;
    const double pairs = count.pairs - count.null_pairs, keys = count.keys - has_null;
    const double one_block = count.one_block - (count.null_pairs == 1);
    return pairs > 0 ? has_null + keys / (1 - (1 - share) * one_block / pairs) : count.keys;
}

} // namespace

// Haas and Stokes' estimator for uneven frequencies (Duj2a), on (key, block) pairs instead of rows: keys seen
// in many blocks are counted as they are, the others by the second-order jackknife. ANALYZE uses the first
// order (Duj1), several times too low where few keys hold most rows.
SampledGroups estimate_groups(const BlockCounts &count, double share) {
    SampledGroups result;
    result.groups = count.keys;
    result.repeated = count.keys - count.one_block;
    const double pairs = count.pairs - count.frequent_pairs, keys = count.keys - count.frequent_keys;
    if (pairs <= 0 || share >= 1)
        return result;
    const double missed = 1 - (1 - share) * count.one_block / pairs;
    const double first_order = keys / missed;
    const double variation =
        std::max(0.0, first_order / pairs / pairs * count.spread + first_order * share / pairs - 1);
    const double correction = count.one_block * (1 - share) * std::log1p(-share) * variation / share;
    const double most = std::max(count.keys, count.pairs / share);
    result.groups = std::clamp(count.frequent_keys + (keys - correction) / missed, count.keys, most);
    result.skew = std::max(1.0, result.groups / as_analyze(count, share));
    return result;
}

} // namespace advisor::pg
