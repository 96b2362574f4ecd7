// Which clock, and how fast it ticks.
#include "pg_ext/store/clock.h"

#include <ctime>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace advisor::pg::store {

bool counter_is_steady = false;

namespace {

constexpr std::uint64_t span_ns = 4'000'000;
constexpr double tolerance = 0.001;

// The same rate in all power states and on all processors, says the processor.
bool promises_steadiness() {
#if defined(__x86_64__)
    unsigned a, b, c, d;
    return __get_cpuid(0x80000007, &a, &b, &c, &d) != 0 && (d & (1U << 8)) != 0;
#elif defined(__aarch64__)
    return true;
#else
    return false;
#endif
}

double measured_ns_per_tick() {
    const std::uint64_t clock_before = monotonic_ns();
    const std::uint64_t before = ticks();
    std::uint64_t clock = clock_before;
    while (clock - clock_before < span_ns)
        clock = monotonic_ns();
    const std::uint64_t after = ticks();
    return after > before ? static_cast<double>(clock - clock_before) / static_cast<double>(after - before)
                          : 0;
}

} // namespace

std::uint64_t monotonic_ns() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

double choose_clock() {
    constexpr double milliseconds_per_ns = 1e-6;
    counter_is_steady = promises_steadiness();
    if (!counter_is_steady)
        return milliseconds_per_ns;
    const double first = measured_ns_per_tick();
    const double second = measured_ns_per_tick();
    if (first <= 0 || second < first * (1 - tolerance) || second > first * (1 + tolerance)) {
        counter_is_steady = false; // under an emulator or after a migration
        return milliseconds_per_ns;
    }
    return (first + second) / 2 * milliseconds_per_ns;
}

} // namespace advisor::pg::store
