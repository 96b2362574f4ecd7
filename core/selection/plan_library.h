// What the planner's answers say about sets that it was not asked about: a plan stays possible wherever the
// indexes that it uses are there. From this the search estimates thousands of sets without a planner call, as
// CoPhy (Dash, Polyzotis, Ailamaki: CoPhy, VLDB 2011) and INUM (Papadomanolakis, Dash, Ailamaki, VLDB 2007)
// do.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace advisor::core {

constexpr std::size_t max_relevant = 200; // candidates shown to the planner at once

// Positions in a statement's list of relevant candidates.
class IndexBits {
public:
    void set(std::size_t position, bool value = true) {
        const std::uint64_t bit = std::uint64_t{1} << (position % 64);
        std::uint64_t &word = words_[position / 64];
        word = value ? word | bit : word & ~bit;
    }
    bool test(std::size_t position) const { return (words_[position / 64] >> (position % 64) & 1U) != 0; }
    bool within(const IndexBits &whole) const {
        return ((words_[0] & ~whole.words_[0]) | (words_[1] & ~whole.words_[1]) |
                (words_[2] & ~whole.words_[2]) | (words_[3] & ~whole.words_[3])) == 0;
    }
    IndexBits operator|(const IndexBits &other) const {
        IndexBits both;
        for (std::size_t i = 0; i < words_.size(); ++i)
            both.words_[i] = words_[i] | other.words_[i];
        return both;
    }

private:
    std::array<std::uint64_t, 4> words_{};
};
static_assert(max_relevant <= 256);

// The items of a list that stand at these positions.
std::vector<std::size_t> at_positions(const std::vector<std::size_t> &list, const IndexBits &positions);

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
        bool erratic = false; // some answer was much dearer than a plan that was possible
    };

    static const KnownPlan *answer(const Knowledge &known, const IndexBits &there);
    static const KnownPlan *cheapest(const Knowledge &known, const IndexBits &there);

    std::vector<Knowledge> statements_;
};

} // namespace advisor::core
