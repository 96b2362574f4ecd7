// Is the new plan of a statement better for certain? Adding an index never raises the planner's own minimal
// cost, so that what the planner says of it cannot warn. Here both plans are costed anew: with the rows that
// recorded executions counted, and with the rows of uncertain nodes ten times more and fewer.
#pragma once
#include "core/costing/recosting.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace advisor::core {

constexpr double contradiction = 2; // records and estimate are apart by this factor at least
constexpr double uncertainty = 10;  // estimates may be off by this factor

// What recorded executions counted: mean rows of one execution by the relations that a node covers.
class RecordedRows {
public:
    void add(const CostedPlan &plan); // with actual rows; nodes that were stopped early have no samples

    struct Counted {
        double rows = 0, estimated = 0, samples = 0;
        double error = 1; // the factor by which the estimate of some execution was off
    };
    const std::map<std::string, Counted> &by_relations() const { return counted_; }

private:
    std::map<std::string, Counted> counted_;
};

struct Guarded {
    enum class Outcome {
        holds,
        doubtful, // dearer if estimates are off that nothing backs up
        worse     // dearer with the rows that were recorded
    };
    Outcome outcome = Outcome::holds;
    bool corrected = false; // records contradict the estimates: the costs are with the recorded rows
    double cost_before = 0;
    double cost_after = 0;
    bool guessed = false; // rests on default selectivities or on parameters without a value
    std::string reason;   // one sentence on rows, without its full stop
    std::string estimate; // "customers: 10 rows estimated, 52,000 recorded", of the worst contradiction
};

// Another estimate for a table than the planner's own.
struct AssumedEstimate {
    std::string relation;
    double factor = 1;
};

// Estimates that the planner may come to for other parameters: as far off as those of recorded executions,
// with room to spare, in both directions. Of tables whose estimates were not good.
std::vector<AssumedEstimate> doubtful_estimates(std::span<const CostedPlan> plans,
                                                const RecordedRows &records);

// Of one statement; several plans where a rule makes several queries of it.
Guarded guard_change(std::span<const CostedPlan> before, std::span<const CostedPlan> after,
                     const RecordedRows &records);

} // namespace advisor::core
