// What a save file or an argument may say is cut to this: then sums over all statements stay numbers.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>

namespace advisor::sqlite {

constexpr std::int64_t largest_count = 1'000'000'000'000'000;
constexpr std::int64_t latest_time = 253'402'300'799'999; // the end of the year 9999, in milliseconds

inline std::int64_t bounded_count(std::int64_t count) {
    return std::clamp(count, std::int64_t{0}, largest_count);
}

inline double bounded_amount(double amount) {
    return std::isnan(amount) ? 0 : std::clamp(amount, 0.0, static_cast<double>(largest_count));
}

inline std::int64_t bounded_time(std::int64_t milliseconds) {
    return std::clamp(milliseconds, std::int64_t{0}, latest_time);
}

} // namespace advisor::sqlite
