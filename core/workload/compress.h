// Makes a workload smaller than a search can afford: statements that ask the same of the same tables become
// one that stands for all their cost, and the lightest rest is left out. Says how much of the cost that
// touches.
#pragma once
#include "core/workload/workload.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace advisor::core {

// A statement, and those of which the search takes it for the measure.
struct Representative {
    std::size_t statement = 0;        // position
    double calls = 0;                 // at its own cost, these make the cost of all members
    std::vector<std::size_t> members; // positions, ascending, itself among them
};

struct CompressedWorkload {
    std::vector<Representative> representatives; // by position
    std::vector<std::size_t> left_out;           // positions, ascending
    // Shares of Σ calls × cost: searched as it is, judged by a representative, left out.
    double exact_share = 1, merged_share = 0, left_out_share = 0;

    // The relative cost of the whole workload differs from what the search says by no more than this as long
    // as no index makes a statement dearer.
    double error_bound() const { return merged_share + left_out_share; }
};

// What the statement asks of its tables: equal for statements that want the same indexes. Without constants,
// two statements that differ only in the values of their conditions are the same.
std::string access_signature(const Statement &statement, bool with_constants);

// costs: of one execution, by statement. Equal texts always become one; beyond that only as much is merged as
// it takes to come down to the limit: first the same signature with constants, then without, then the
// lightest are left out. Deterministic, whatever the order of the statements.
CompressedWorkload compress(std::span<const Statement> statements, std::span<const double> costs,
                            std::size_t limit);

} // namespace advisor::core
