// Plans for tests, node by node as EXPLAIN prints them.
#pragma once
#include "core/costing/costed_plan.h"

#include <string>
#include <utility>

namespace advisor::test {

struct PlanBuilder {
    core::CostedPlan plan;

    // Gives the position of the new node.
    std::size_t add(core::PlanNodeKind kind, std::size_t parent, double rows, double startup, double total,
                    std::string relation = "");
    core::PlanNode &operator[](std::size_t node) { return plan.nodes[node]; }
    // What one recorded execution gave.
    void count(std::size_t node, double rows, double loops = 1);
};

// parcels p (a filter), joined with items i: a hash join of two sequential scans, or a nested loop that looks
// for the items of each parcel through an index.
core::CostedPlan hash_plan(double parcels, double recorded_parcels = -1);
core::CostedPlan loop_plan(double parcels);

// The first ten events with a filter in an order: sorted, or read in the order of an index.
core::CostedPlan sorted_plan(double matches, double recorded_matches = -1);
core::CostedPlan ordered_plan(double matches);

} // namespace advisor::test
