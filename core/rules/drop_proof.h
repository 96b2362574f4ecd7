// What the recorded statements say about dropping an index: each was planned again with the index hidden.
#pragma once
#include "core/rules/recommendation.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace advisor::core {

// A statement whose plan costs more without the index.
struct DearerStatement {
    std::optional<std::int64_t> id; // none: not the reader's to see
    double calls = 0;
    double cost_before = 0;
    double cost_after = 0; // of its plan without the index: another good one, or no good one
};

struct DropProof {
    std::size_t statements = 0;          // that read or write the table and were planned without the index
    std::size_t not_planned = 0;         // that can't be planned again; their plans say nothing
    std::size_t ran_once = 0;            // of which no text is kept to plan again
    std::size_t not_reached = 0;         // for lack of time
    bool recorded = true;                // false: there is no workload to ask
    bool evicted = false;                // statements on the table, or on nobody knows what, were lost
    std::vector<DearerStatement> dearer; // the most, by ratio, first
    std::string instead_of; // it is what stays when this other index goes: not both at a time; empty: of none
    double good_plan = 1;   // no plan may cost more than so many times what it did
    double hot_updates = 0; // recorded updates that only this index kept from being HOT
    // Savings. Unknown where nothing was observed for an hour.
    std::optional<double> entries_per_day;
    std::optional<double> write_cost_per_day; // planner's cost
    std::optional<double> hot_updates_per_day;
};

// True where no statement gets dearer by more than noise or good_plan, and nothing else holds the index.
bool is_dispensable(const DropProof &proof);
// Why not; for the rule's coverage.
std::string reason_to_keep(const DropProof &proof);

// Adds to the detail what was proven and what is saved, and lowers severity and confidence where the proof
// has a hole that matters. repeated: another index holds the same, which takes over every scan of it.
void add_proof(const DropProof &proof, bool repeated, Recommendation &finding);
// The same for the evidence.
std::vector<Fact> proof_facts(const DropProof &proof);

} // namespace advisor::core
