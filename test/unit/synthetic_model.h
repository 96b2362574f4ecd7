// A small cost model for tests, with a formula that can be checked by hand.
//
//   sequential scan   pages + 0.01 × rows
//   index scan        2 + 0.005 × m + m × (covering ? 0.02 : 1), m = entries that the matched leading keys
//   leave sort              0.01 × n × log2(n) unless the index gives the order; with LIMIT and the order
//   given, a tenth inner of a join   the cheaper of one scan without the join keys and one index scan per
//   outer row
//
// Selectivities: equality 1/distinct, any_of 3/distinct, range 1/20, prefix 1/50, other 1/2.
#pragma once
#include "core/candidates/generate.h"
#include "core/costing/cost_model.h"

#include <map>
#include <span>
#include <utility>
#include <vector>

namespace advisor::test {

class SyntheticModel : public core::CostModel {
public:
    SyntheticModel(std::span<const core::Candidate> candidates, std::span<const core::Statement> statements,
                   std::span<const core::Table> tables)
        : candidates_(candidates), statements_(statements), tables_(tables) {}

    core::StatementCost statement_cost(std::size_t statement,
                                       std::span<const std::size_t> candidates) override;
    core::IndexCost index_cost(std::size_t candidate) override;

    double write_cost_per_byte = 0;
    std::map<std::size_t, double> write_cost; // by candidate, goes before the general one
    std::map<std::pair<std::size_t, std::size_t>, double> penalty; // (statement, candidate used): added cost
    std::size_t calls = 0;

private:
    struct Scan {
        double cost = 0;
        double rows = 0;
        int index = -1; // candidate; -1: none
    };
    Scan best_scan(const core::TableAccess &access, std::span<const std::size_t> candidates,
                   bool with_joins) const;
    Scan index_scan(const core::TableAccess &access, const core::IndexDefinition &definition,
                    const std::vector<std::string> &conditions, bool with_joins, double rows_out) const;

    std::span<const core::Candidate> candidates_;
    std::span<const core::Statement> statements_;
    std::span<const core::Table> tables_;
};

} // namespace advisor::test
