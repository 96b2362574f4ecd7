// Remembers what the planner said, and answers from that what it can.
#pragma once
#include "core/costing/cost_model.h"
#include "core/error.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace advisor::core {

using CandidateSet = std::vector<std::size_t>; // ascending, no duplicates

CandidateSet set_with(const CandidateSet &set, const CandidateSet &more);
CandidateSet set_without(const CandidateSet &set, std::size_t candidate);
CandidateSet common(const CandidateSet &left, const CandidateSet &right);
bool has(const CandidateSet &set, std::size_t candidate);
bool includes_all(const CandidateSet &larger, const CandidateSet &smaller);

// A plan chosen among the indexes S that uses only U is also the plan for every set between U and S: one call
// answers many questions.
class CostCache {
public:
    CostCache(CostModel &model, std::size_t statements, bool (*out_of_time)(), Poll interrupt)
        : model_(model), entries_(statements), out_of_time_(out_of_time), interrupt_(interrupt) {}

    // nullptr: not known, and no time left to ask. Valid until the next call for the same statement.
    const StatementCost *cost(std::size_t statement, const CandidateSet &set);

    struct Entry {
        CandidateSet set;
        StatementCost answer;
    };
    using Answers = std::vector<std::vector<Entry>>;

    // The planner's answers no longer hold; recall() takes them for true again.
    Answers forget() { return std::exchange(entries_, Answers(entries_.size())); }
    void recall(Answers answers) { entries_ = std::move(answers); }

    std::uint64_t planner_calls() const { return planner_calls_; }
    bool stopped() const { return stopped_; } // time ran out: only what is known is answered
    void poll() const {
        if (interrupt_ != nullptr)
            interrupt_();
    }

private:
    CostModel &model_;
    Answers entries_;
    bool (*out_of_time_)();
    Poll interrupt_;
    std::uint64_t planner_calls_ = 0;
    bool stopped_ = false;
};

} // namespace advisor::core
