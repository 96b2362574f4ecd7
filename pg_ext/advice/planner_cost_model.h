// The core's cost model on top of the server's planner.
#pragma once
#include "core/candidates/generate.h"
#include "core/costing/cost_model.h"
#include "pg_ext/advice/plannable_statement.h"

#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace advisor::pg {

class PlannerCostModel final : public core::CostModel {
public:
    // base_costs: by statement, with no candidate. All spans are borrowed. Sizes rest on statistics until
    // they are measured; only expression keys are sampled at once, since nothing else is known of them. What
    // there was no time to define is not usable.
    PlannerCostModel(std::span<PlannableStatement> statements, std::span<const double> base_costs,
                     std::span<const core::Candidate> candidates, Sampling sampling, TimestampTz deadline,
                     bool (*out_of_time)());

    // By a sample, those that most statements asked for first, while there is time.
    bool measure(std::span<const std::size_t> candidates) override;

    core::StatementCost statement_cost(std::size_t statement,
                                       std::span<const std::size_t> candidates) override;
    core::IndexCost index_cost(std::size_t candidate) override;
    // With these candidates and without an existing index. None: it can't be planned.
    std::optional<double> cost_without(std::size_t statement, std::span<const std::size_t> candidates,
                                       Oid existing);
    bool can_recheck() const override { return true; }
    bool has_records(std::size_t statement) const override {
        return !statements_[statement].input().plans.empty();
    }
    std::optional<core::Guarded> recheck(std::size_t statement,
                                         std::span<const std::size_t> candidates) override;
    std::optional<core::PlanFlip> find_flip(std::size_t statement,
                                            std::span<const std::size_t> candidates) override;
    std::uint64_t guard_calls() const override { return guard_calls_; }

    std::uint64_t planner_calls() const { return calls_ + guard_calls_; }
    void set_write_costs(std::vector<double> costs) { write_costs_ = std::move(costs); }
    // By candidate: entries in the index, several per row in a GIN.
    std::vector<double> index_rows() const;
    // At most this sure: 0.3 where an expression key has no statistics.
    std::vector<double> confidence_caps() const;
    // Statements that could not be planned with candidates (a lock, a dropped table), by position.
    const std::vector<std::size_t> &failed() const { return failed_; }

private:
    struct Entry {
        HypotheticalIndexes indexes;
        std::uint64_t generation = 0;
        IndexBytes bytes;
        Sampling sampling = Sampling::none;
        bool usable = false;
    };

    // The indexes of several candidates, and of each the candidate that it belongs to.
    struct Added {
        std::vector<const HypotheticalIndex *> indexes;
        std::vector<std::size_t> owners;
        IndexSet set() const;
    };
    // What does not change from one question about a statement to the next.
    struct Checked {
        std::vector<core::CostedPlan> before;
        core::RecordedRows records;
        std::vector<core::AssumedEstimate> assumptions;
        std::vector<std::vector<core::CostedPlan>> before_assumed; // by assumption; empty: not planned yet
        std::map<std::vector<std::size_t>, core::Guarded> answers; // by candidates
        std::map<std::vector<std::size_t>, std::optional<core::PlanFlip>> flips;
    };

    TimestampTz end_of_sampling() const;
    void define(std::size_t candidate);
    Added added(std::span<const std::size_t> candidates);
    std::vector<std::size_t> owners_of(const Added &added, const std::vector<int> &used) const;
    Checked &checked(std::size_t statement);
    std::vector<core::CostedPlan> costed(std::size_t statement, const IndexSet &set);
    std::optional<core::PlanFlip> flip_of(std::size_t statement, const Added &there, Checked &known,
                                          std::size_t assumption);
    core::StatementCost cheapest_known(std::size_t statement, std::span<const std::size_t> candidates,
                                       core::StatementCost cost);

    std::span<PlannableStatement> statements_;
    std::span<const double> base_costs_;
    std::span<const core::Candidate> candidates_;
    Sampling sampling_;
    TimestampTz deadline_;
    std::vector<Entry> entries_;
    std::vector<double> write_costs_;
    std::vector<std::size_t> failed_;
    std::map<std::size_t, Checked> checked_;    // by statement
    std::uint64_t calls_ = 0, guard_calls_ = 0; // to the planner
    std::vector<std::vector<core::StatementCost>>
        known_; // by statement: plans that were the cheapest of their set
};

} // namespace advisor::pg
