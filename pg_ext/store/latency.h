// The histogram of latencies: 64 buckets on a logarithmic scale from one microsecond to 67 seconds, each up
// to half as wide again as it begins; the last one is open.
#pragma once
#include "pg_ext/store/layout.h"

#include <bit>
#include <span>

namespace advisor::pg::store {

// Eighths of an octave above a microsecond, read off the bits of the number.
inline std::uint32_t bucket_of_latency(double milliseconds) {
    constexpr std::int64_t one = std::int64_t{1023} << 3;
    constexpr std::int64_t last = 26 * 8 - 1;
    const auto eighths =
        static_cast<std::int64_t>(std::bit_cast<std::uint64_t>(milliseconds * 1000) >> 49) - one;
    return static_cast<std::uint32_t>(eighths < 0      ? 0
                                      : eighths > last ? histogram_buckets - 1
                                                       : eighths * 4 / 13);
}

// Milliseconds at which a bucket begins; of the one behind the last: where the last would end.
double start_of_bucket(std::uint32_t bucket);

// Milliseconds below which that share (0 to 1) of the executions lies, interpolated within its bucket and
// never outside of what was seen. The counts are not all zero.
double latency_quantile(std::span<const std::uint64_t> histogram, double share, double least, double most);

} // namespace advisor::pg::store
