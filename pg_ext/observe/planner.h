// Planning of the statement that is about to run, noted until its execution starts.
#pragma once
#include <cstdint>

struct PlannedStmt;

namespace advisor::pg::observe {

struct Planning {
    bool found;
    bool custom; // planned for the parameter values at hand
    double milliseconds;
};

// The latest planning of this statement that was not yet claimed.
Planning claim_planning(const PlannedStmt *statement);

} // namespace advisor::pg::observe
