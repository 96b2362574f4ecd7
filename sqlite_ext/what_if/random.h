// Numbers that look random and are the same for the same table as long as it does not change: advice must not
// flicker. xorshift64 (Marsaglia, 2003).
#pragma once
#include <cstdint>

namespace advisor::sqlite {

class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed * 2 + 1) {}

    std::int64_t between(std::int64_t low, std::int64_t high) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        const std::uint64_t span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) +
                                         (span == 0 ? state_ : state_ % span));
    }
    // Below count, which must not be 0.
    std::size_t below(std::size_t count) {
        return static_cast<std::size_t>(between(0, static_cast<std::int64_t>(count) - 1));
    }

private:
    std::uint64_t state_;
};

} // namespace advisor::sqlite
