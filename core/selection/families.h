// What the search works on. Statements that ask the same of the same tables and differ in constants only are
// one family, and one of them is searched for all; the others have their say about the result. Statements and
// candidates stand in an order of their own, so that the result does not hang on that of the input.
#pragma once
#include "core/selection/select.h"

#include <span>
#include <vector>

namespace advisor::core {

class Families {
public:
    Families(std::span<const Candidate> candidates, std::span<const Statement> statements,
             std::span<const double> weights, CostModel &model, bool (*out_of_time)());

    // By family: the position of the statement that stands for it, whose cost is in the middle; any one when
    // there was no time to ask.
    const std::vector<std::size_t> &heads() const { return heads_; }
    const std::vector<Statement> &statements() const { return statements_; }
    // With these the heads' costs make those of the families.
    const std::vector<double> &weights() const { return weights_; }
    std::uint64_t planner_calls() const { return planner_calls_; } // that finding the middle took
    // Their askers are families.
    const std::vector<Candidate> &candidates() const { return candidates_; }
    // A result with the input's positions; effects are those on the heads.
    Selection restored(Selection selection) const;

    std::vector<std::size_t> input_positions(std::span<const std::size_t> candidates) const;
    std::vector<std::size_t> own_positions(std::span<const std::size_t> candidates) const;
    std::size_t input_position(std::size_t candidate) const { return order_[candidate]; }

private:
    std::vector<std::size_t> heads_;
    std::vector<Statement> statements_;
    std::vector<double> weights_;
    std::uint64_t planner_calls_ = 0;
    std::vector<Candidate> candidates_;
    std::vector<std::size_t> order_, place_; // of candidates: own to input position, and back
};

// The model as the heads see it.
class HeadModel : public CostModel {
public:
    HeadModel(CostModel &model, const Families &families) : model_(model), families_(families) {}

    StatementCost statement_cost(std::size_t family, std::span<const std::size_t> candidates) override {
        StatementCost cost =
            model_.statement_cost(families_.heads()[family], families_.input_positions(candidates));
        cost.used = families_.own_positions(cost.used);
        return cost;
    }
    IndexCost index_cost(std::size_t candidate) override {
        return model_.index_cost(families_.input_position(candidate));
    }
    bool measure(std::span<const std::size_t> candidates) override {
        return model_.measure(families_.input_positions(candidates));
    }
    bool can_recheck() const override { return model_.can_recheck(); }
    std::optional<Guarded> recheck(std::size_t family, std::span<const std::size_t> candidates) override {
        return model_.recheck(families_.heads()[family], families_.input_positions(candidates));
    }
    std::optional<PlanFlip> find_flip(std::size_t family, std::span<const std::size_t> candidates) override {
        std::optional<PlanFlip> flip =
            model_.find_flip(families_.heads()[family], families_.input_positions(candidates));
        if (flip)
            flip->used = families_.own_positions(flip->used);
        return flip;
    }
    std::uint64_t guard_calls() const override { return model_.guard_calls(); }
    bool has_records(std::size_t family) const override {
        return model_.has_records(families_.heads()[family]);
    }

private:
    CostModel &model_;
    const Families &families_;
};

} // namespace advisor::core
