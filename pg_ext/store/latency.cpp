// Quantiles from the histogram, by interpolation on the logarithmic scale.
#include "pg_ext/store/latency.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace advisor::pg::store {

double start_of_bucket(std::uint32_t bucket) {
    const std::uint32_t eighths = (bucket * 13 + 3) / 4; // the first one of the bucket
    const double mantissa = 1 + (eighths % 8) / 8.0;
    return std::ldexp(mantissa, static_cast<int>(eighths / 8)) / 1000;
}

double latency_quantile(std::span<const std::uint64_t> histogram, double share, double least, double most) {
    const auto all =
        static_cast<double>(std::accumulate(histogram.begin(), histogram.end(), std::uint64_t{0}));
    const double wanted = share * all;
    double below = 0;
    for (std::uint32_t bucket = 0; bucket < histogram.size(); ++bucket) {
        const auto count = static_cast<double>(histogram[bucket]);
        if (count == 0 || below + count < wanted) {
            below += count;
            continue;
        }
        const double from = std::max(start_of_bucket(bucket), least);
        const bool open = bucket + 1 == histogram.size();
        const double to = std::max(open ? most : std::min(start_of_bucket(bucket + 1), most), from);
        if (from <= 0)
            return to;
        return std::clamp(from * std::pow(to / from, (wanted - below) / count), least, std::max(least, most));
    }
    return most;
}

} // namespace advisor::pg::store
