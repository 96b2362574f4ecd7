// A small generator for sampling: xorshift64* (Vigna 2016), seeded per backend. The server's own is not
// disturbed.
#pragma once
#include <cstdint>

namespace advisor::pg::store {

std::uint64_t random_bits();

// From 0 to 1, 1 excluded.
inline double random_share() {
    return static_cast<double>(random_bits() >> 11) * 0x1.0p-53;
}

} // namespace advisor::pg::store
