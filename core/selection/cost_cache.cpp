// The cache of planner answers and the set arithmetic that goes with it.
#include "core/selection/cost_cache.h"

#include <algorithm>
#include <iterator>

namespace advisor::core {

CandidateSet set_with(const CandidateSet &set, const CandidateSet &more) {
    CandidateSet result;
    std::set_union(set.begin(), set.end(), more.begin(), more.end(), std::back_inserter(result));
    return result;
}

CandidateSet set_without(const CandidateSet &set, std::size_t candidate) {
    CandidateSet result = set;
    std::erase(result, candidate);
    return result;
}

CandidateSet common(const CandidateSet &left, const CandidateSet &right) {
    CandidateSet result;
    std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(result));
    return result;
}

bool has(const CandidateSet &set, std::size_t candidate) {
    return std::binary_search(set.begin(), set.end(), candidate);
}

bool includes_all(const CandidateSet &larger, const CandidateSet &smaller) {
    return std::includes(larger.begin(), larger.end(), smaller.begin(), smaller.end());
}

const StatementCost *CostCache::cost(std::size_t statement, const CandidateSet &set) {
    std::vector<Entry> &known = entries_[statement];
    for (const Entry &entry : known)
        if (includes_all(entry.set, set) && includes_all(set, entry.answer.used))
            return &entry.answer;
    poll();
    stopped_ = stopped_ || (out_of_time_ != nullptr && out_of_time_());
    if (stopped_)
        return nullptr;
    ++planner_calls_;
    StatementCost answer = model_.statement_cost(statement, set);
    std::sort(answer.used.begin(), answer.used.end());
    known.push_back({set, std::move(answer)});
    return &known.back().answer;
}

} // namespace advisor::core
