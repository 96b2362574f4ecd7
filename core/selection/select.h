// Chooses an index set for a workload under budgets, given a planner behind CostModel.
#pragma once
#include "core/candidates/generate.h"
#include "core/costing/cost_model.h"
#include "core/error.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace advisor::core {

struct SelectionLimits {
    std::optional<std::uint64_t> storage_budget; // bytes
    std::size_t max_indexes_per_table = 5;
    double min_saving = 0.5;  // an index must save this share of the cost of a statement that it helps …
    double min_share = 0.001; // … and, less its write cost, this share of what the workload costs by now
    // A smaller index with the same leading keys is taken instead when it gives up no more than this share of
    // the gain.
    double thrift = 0.1;
    // Asked between planner calls: true ends the search with the best answer so far.
    bool (*out_of_time)() = nullptr;
};

// One statement's cost of one execution before and after the chosen set.
struct StatementEffect {
    std::size_t statement = 0;
    double cost_before = 0;
    double cost_after = 0;
    std::optional<Guarded> guarded = {}; // what became of the new plan when it was checked
};

struct ChosenIndex {
    std::size_t candidate = 0;
    IndexCost cost;
    double workload_before = 0;           // Σ weight × cost with the indexes chosen before it
    double workload_after = 0;            // … and with this one too
    std::vector<StatementEffect> effects; // statements whose final plan uses it
    // Existing indexes, as positions in the table's list, that it leaves without a use: no statement's plan
    // gets dearer without them. Filled in by who can plan without an index.
    std::vector<std::size_t> replaces = {};
};

enum class Verdict {
    chosen,
    not_used,
    too_little_gain,
    write_cost,
    over_budget,
    table_limit,
    makes_worse,
    not_tried
};

struct CandidateVerdict {
    std::size_t candidate = 0;
    // Σ weight × cost saved: of a chosen one beside those chosen before it, of others when they were judged.
    double gain = 0;
    IndexCost cost;
    Verdict verdict = Verdict::not_tried;
    std::string reason;                   // one sentence for advisor.index_candidates
    std::optional<std::size_t> statement; // that the reason speaks of
};

struct Selection {
    std::vector<ChosenIndex> chosen;        // in order of choice: most gain for its size first
    std::vector<CandidateVerdict> verdicts; // one per candidate
    double workload_cost_before = 0;
    double workload_cost_after = 0;
    std::uint64_t planner_calls = 0;
    bool complete = true; // false: out of time
};

// weights[i] multiplies the cost of statements[i]: its calls. Begins with what the best plans of all
// statements use, grows a set by gain for size, and improves the better one by a local search over the plans
// that the planner has named so far; what comes out is checked by the planner on every statement. Never picks
// an index that makes a statement dearer.
Selection select_indexes(std::span<const Candidate> candidates, std::span<const Statement> statements,
                         std::span<const double> weights, CostModel &model, const SelectionLimits &limits,
                         Poll poll);

} // namespace advisor::core
