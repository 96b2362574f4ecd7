// Betters an index set by what is known of the plans, without a planner call: puts groups of indexes in,
// takes others out for them, and tries what else the space of each chosen index could hold.
#pragma once
#include "core/selection/cost_cache.h"
#include "core/selection/plan_library.h"
#include "core/selection/select.h"

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace advisor::core {

// One statement that a candidate could serve, and the candidate's position in that statement's list.
struct Served {
    std::size_t statement = 0;
    std::size_t position = 0;
};

struct ImproveProblem {
    const PlanLibrary *library = nullptr;
    std::span<const std::vector<Served>> served; // by candidate
    std::span<const CandidateSet> relevant;      // by statement
    std::span<const double> weights, before;     // by statement; before: negative where unknown
    std::span<const IndexCost> costs;            // by candidate
    std::span<const Candidate> candidates;
    std::span<const std::size_t> rank;         // by candidate: breaks ties
    const std::vector<bool> *banned = nullptr; // by candidate
    SelectionLimits limits;
};

// A set within the limits, by the known plans not worse than the given one, in which no statement gets
// dearer.
CandidateSet improved(const ImproveProblem &problem, const CandidateSet &start);

} // namespace advisor::core
