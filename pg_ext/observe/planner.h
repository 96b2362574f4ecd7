// Planning of the statement that is about to run, noted until its execution starts.
#pragma once
#include <cstdint>

struct PlannedStmt;

namespace advisor::pg::observe {

struct Planning {
    bool found;
    bool custom; // planned for the parameter values at hand
    std::uint64_t ticks;
};

extern int unclaimed_plannings;
Planning search_planning(const PlannedStmt *statement);

// The latest planning of this statement that was not yet claimed.
inline Planning claim_planning(const PlannedStmt *statement) {
    return unclaimed_plannings > 0 ? search_planning(statement) : Planning{};
}

} // namespace advisor::pg::observe
