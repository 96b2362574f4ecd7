// Statements that ask the same of the same tables and differ in constants only: the search takes one of each
// family for all, and the others have their say about the result.
#pragma once
#include "core/candidates/generate.h"
#include "core/costing/cost_model.h"

#include <span>
#include <vector>

namespace advisor::core {

class Families {
public:
    Families(std::span<const Candidate> candidates, std::span<const Statement> statements,
             std::span<const double> weights, CostModel &model);

    // By family: the position of the statement that stands for it, whose cost is in the middle.
    const std::vector<std::size_t> &heads() const { return heads_; }
    const std::vector<Statement> &statements() const { return statements_; }
    // With these the heads' costs make those of the families.
    const std::vector<double> &weights() const { return weights_; }
    // Their askers are families.
    const std::vector<Candidate> &candidates() const { return candidates_; }

private:
    std::vector<std::size_t> heads_;
    std::vector<Statement> statements_;
    std::vector<double> weights_;
    std::vector<Candidate> candidates_;
};

// The model as the heads see it.
class HeadModel : public CostModel {
public:
    HeadModel(CostModel &model, const Families &families) : model_(model), families_(families) {}

    StatementCost statement_cost(std::size_t family, std::span<const std::size_t> candidates) override {
        return model_.statement_cost(families_.heads()[family], candidates);
    }
    IndexCost index_cost(std::size_t candidate) override { return model_.index_cost(candidate); }
    bool measure(std::span<const std::size_t> candidates) override { return model_.measure(candidates); }

private:
    CostModel &model_;
    const Families &families_;
};

} // namespace advisor::core
