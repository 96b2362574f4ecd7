// What the planner's answers say about sets that it was not asked about: a plan stays possible wherever the
// indexes that it uses are there. From this the search estimates thousands of sets without a planner call, as
// CoPhy (Dash, Polyzotis, Ailamaki: CoPhy, VLDB 2011) and INUM (Papadomanolakis, Dash, Ailamaki, VLDB 2007) do.
#pragma once
#include <bitset>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace advisor::core {

constexpr std::size_t max_relevant = 200; // candidates shown to the planner at once

// Positions in a statement's list of relevant candidates.
using IndexBits = std::bitset<256>;

struct KnownPlan {
    double cost = 0;
    IndexBits used;
    IndexBits there; // the indexes it was chosen among
};

class PlanLibrary {
public:
    explicit PlanLibrary(std::size_t statements) : statements_(statements) {}

    void learn(std::size_t statement, const KnownPlan &plan);
    // With this index there the planner takes a plan so many times dearer than the best it knows.
    void learn_error(std::size_t statement, std::size_t position, double factor);

    // Of the cheapest known plan that these indexes allow: too high where the planner knows a better one.
    // Infinite when nothing is known.
    double estimate(std::size_t statement, const IndexBits &there) const;
    bool is_exact(std::size_t statement, const IndexBits &there) const;
    // Without those that cost more than another one that needs less; cheapest first.
    std::span<const KnownPlan> useful_plans(std::size_t statement) const {
        return statements_[statement].useful;
    }

private:
    struct Error {
        std::size_t position = 0;
        double factor = 1;
    };
    struct Knowledge {
        std::vector<KnownPlan> plans, useful; // cheapest first
        std::vector<Error> errors;
        bool erratic = false; // some answer was dearer than a plan that was possible
    };

    static const KnownPlan *answer(const Knowledge &known, const IndexBits &there);
    static const KnownPlan *cheapest(const Knowledge &known, const IndexBits &there);

    std::vector<Knowledge> statements_;
};

} // namespace advisor::core
