// Seeded from the process id and the clock at first use.
#include "pg_ext/store/random.h"

#include "pg_ext/pg.h"
#include "pg_ext/store/clock.h"

namespace advisor::pg::store {

std::uint64_t random_bits() {
    static std::uint64_t state = 0;
    static int owner = 0;
    if (owner != MyProcPid) { // after a fork, too
        owner = MyProcPid;
        state = (monotonic_ns() ^ static_cast<std::uint64_t>(owner) * 0x9E3779B97F4A7C15ULL) | 1;
    }
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 0x2545F4914F6CDD1DULL;
}

} // namespace advisor::pg::store
