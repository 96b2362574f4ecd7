// The seam between the search for indexes and the engine's planner.
#pragma once
#include "core/costing/plan_guard.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace advisor::core {

// Planner's cost of one execution, with the positions of the candidates that the plan uses.
struct StatementCost {
    double cost = 0;
    std::vector<std::size_t> used; // ascending
};

struct IndexCost {
    std::uint64_t bytes = 0;
    double write_cost = 0; // maintenance over the whole workload, in the unit of StatementCost × calls
    // Nine builds of ten lie between them; 0: as `bytes`.
    std::uint64_t bytes_low = 0, bytes_high = 0;

    // What counts against a budget: the estimate and its error bound.
    std::uint64_t budgeted_bytes() const { return bytes_high > bytes ? bytes_high : bytes; }
};

// A plan that the planner may take for other parameters, to the harm of the statement.
struct PlanFlip {
    std::vector<std::size_t> used; // candidates, ascending
    std::string reason;            // as Guarded's
};

// More than the planner's rounding and than the noise between two equal plans.
inline bool is_dearer(double cost, double reference) {
    return cost > reference * 1.01 + 1;
}

// Statements and candidates are positions in the lists that the model was built for. May throw.
class CostModel {
public:
    CostModel() = default;
    CostModel(const CostModel &) = delete;
    CostModel &operator=(const CostModel &) = delete;
    virtual ~CostModel() = default;

    // Cost with the existing indexes plus these candidates (ascending, no duplicates).
    virtual StatementCost statement_cost(std::size_t statement, std::span<const std::size_t> candidates) = 0;
    virtual IndexCost index_cost(std::size_t candidate) = 0;

    // Looks closer at the sizes of these candidates (ascending). True: sizes and costs given before no longer
    // hold.
    virtual bool measure(std::span<const std::size_t> /*candidates*/) { return false; }

    // Is the statement's plan with these candidates better for certain than the one without any? None: it
    // can't be looked at. An engine whose costs are measured has no doubts.
    virtual bool can_recheck() const { return false; }
    virtual std::optional<Guarded> recheck(std::size_t /*statement*/,
                                           std::span<const std::size_t> /*candidates*/) {
        return std::nullopt;
    }
    // Would the planner, with estimates as far off as recorded ones were, take a plan with these candidates
    // that the recorded rows make dearer than the one it would take without any?
    virtual std::optional<PlanFlip> find_flip(std::size_t /*statement*/,
                                              std::span<const std::size_t> /*candidates*/) {
        return std::nullopt;
    }
    // False: nothing was recorded that could speak against a plan, which leaves doubt at the most.
    virtual bool has_records(std::size_t /*statement*/) const { return false; }
    // Planner calls for recheck() and find_flip() so far.
    virtual std::uint64_t guard_calls() const { return 0; }
};

} // namespace advisor::core
