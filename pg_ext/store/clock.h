// The clock of the recorder: the processor's counter where that runs steadily, else the system's monotonic
// clock. A system call or even a call into libc at each turn of a statement would be most of what recording
// costs.
#pragma once
#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace advisor::pg::store {

// Set once before the first reading, inherited by all backends.
extern bool counter_is_steady;

std::uint64_t monotonic_ns();

inline std::uint64_t ticks() {
    if (counter_is_steady) [[likely]] {
#if defined(__x86_64__)
        return __rdtsc();
#elif defined(__aarch64__)
        std::uint64_t count;
        asm volatile("mrs %0, cntvct_el0" : "=r"(count));
        return count;
#endif
    }
    return monotonic_ns();
}

// Chooses the clock and measures it; takes some milliseconds. Gives milliseconds per tick.
double choose_clock();

} // namespace advisor::pg::store
