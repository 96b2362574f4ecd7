// Looks for better sets around the best one so far: asks the planner for the next best plans of each
// statement, lets improve.cpp work on what is known by then, and has the planner check what comes out.
#include "core/selection/search.h"

#include <algorithm>
#include <queue>
#include <set>
#include <tuple>
#include <utility>

namespace advisor::core {

namespace {

constexpr std::size_t most_rounds = 6;
constexpr std::uint64_t least_explored = 350; // planner calls, whatever the number of statements

} // namespace

ImproveProblem Search::problem() const {
    ImproveProblem problem;
    problem.library = &library_;
    problem.served = served_;
    problem.relevant = relevant_;
    problem.weights = weights_;
    problem.before = before_;
    problem.costs = index_costs_;
    problem.candidates = candidates_;
    problem.rank = rank_;
    problem.banned = &state_.banned;
    problem.limits = limits_;
    return problem;
}

// The k best plans of a statement without asking for every set: the next best one is missing some index of a
// better one (Lawler, Management Science 18, 1972). Those come first whose statement has most to gain.
void Search::explore() {
    struct Node {
        double potential;
        std::size_t place; // of the statement in order_
        double cost;
        CandidateSet set, used;
        bool operator<(const Node &other) const {
            return std::tie(potential, other.place, other.set) < std::tie(other.potential, place, set);
        }
    };
    std::priority_queue<Node> open;
    const auto push = [&](std::size_t place, const CandidateSet &set, const StatementCost &answer) {
        const std::size_t statement = order_[place];
        const double before = before_[statement];
        // A plan that is dearer with the indexes than without: which of them does it?
        const double cost = is_dearer(answer.cost, before) ? 0 : answer.cost;
        const double potential = weights_[statement] * (before - cost);
        if (potential > 0 && potential >= least_gain() && !answer.used.empty())
            open.push({potential, place, answer.cost, set, common(answer.used, relevant_[statement])});
    };
    for (std::size_t place = 0; place < order_.size(); ++place)
        if (before_[order_[place]] >= 0 && !relevant_[order_[place]].empty())
            if (const StatementCost *all = cost(order_[place], relevant_[order_[place]]))
                push(place, relevant_[order_[place]], *all);
    const std::uint64_t last_call = cache_.planner_calls() + least_explored;
    std::set<std::pair<std::size_t, CandidateSet>> seen;
    while (!open.empty() && cache_.planner_calls() < last_call && !cache_.stopped()) {
        const Node node = open.top();
        open.pop();
        for (const std::size_t candidate : node.used) {
            CandidateSet set = set_without(node.set, candidate);
            if (!seen.emplace(node.place, set).second)
                continue;
            const std::size_t statement = order_[node.place];
            const StatementCost *answer = cost(statement, set);
            if (answer == nullptr)
                return;
            if (is_dearer(node.cost, answer->cost))
                library_.learn_error(statement, position(statement, candidate), node.cost / answer->cost);
            push(node.place, set, *answer);
        }
    }
}

// Of the best plan of each statement when all candidates are there, but for what the guard has refused.
CandidateSet Search::everything_used() const {
    CandidateSet all;
    for (const std::size_t statement : order_)
        if (before_[statement] > floor_[statement])
            all = set_with(all, best_[statement]);
    std::erase_if(all, [&](std::size_t candidate) { return refused_[candidate]; });
    return all;
}

void Search::refine() {
    if (!explored_)
        explore();
    explored_ = true;
    std::vector<CandidateSet> starts{state_.chosen, {}, everything_used()};
    for (std::size_t start = 0; start < starts.size() && !cache_.stopped(); ++start) {
        CandidateSet set = starts[start];
        verify(set);
        for (std::size_t round = 0; round < most_rounds && !cache_.stopped(); ++round) {
            cache_.poll();
            CandidateSet better = improved(problem(), set);
            const std::uint64_t calls = cache_.planner_calls();
            const bool sound = verify(better);
            if (sound)
                adopt(better);
            if (calls == cache_.planner_calls() || (sound && better == set))
                break;
            set = std::move(better);
        }
    }
}

// Asks the planner about every statement that the set could serve. False: a statement gets dearer, or time
// ran out.
bool Search::verify(const CandidateSet &set) {
    bool sound = true;
    for (const std::size_t statement : served_by(set)) {
        const StatementCost *answer = cost(statement, set);
        if (answer == nullptr)
            return false;
        if (is_dearer(answer->cost, before_[statement])) {
            find_error(statement, set, *answer);
            sound = false;
        }
    }
    return sound;
}

// Which of the indexes leads the planner astray?
void Search::find_error(std::size_t statement, const CandidateSet &set, const StatementCost &answer) {
    const CandidateSet used = answer.used;
    const double dear = answer.cost;
    for (const std::size_t candidate : used)
        if (const StatementCost *without = cost(statement, set_without(set, candidate)))
            if (without->cost > 0 && is_dearer(dear, without->cost))
                library_.learn_error(statement, position(statement, candidate), dear / without->cost);
}

// Makes the set the chosen one if the planner finds it better.
void Search::adopt(const CandidateSet &set) {
    State other = state_;
    other.chosen = set;
    for (const std::size_t statement : served_by(set_with(state_.chosen, set)))
        if (const StatementCost *now = cost(statement, set))
            other.current[statement] = now->cost;
    if (!(total_cost(other) < total_cost(state_) * (1 - 1e-9)))
        return;
    const CandidateSet before = std::exchange(state_.chosen, set);
    state_.current = std::move(other.current);
    note_workload();
    for (const std::size_t candidate : before)
        if (!has(set, candidate)) {
            std::erase(state_.sequence, candidate);
            judge(candidate, Verdict::not_used, 0, "another set of indexes saves more");
        }
    for (const std::size_t candidate : set)
        if (!has(before, candidate)) {
            state_.sequence.push_back(candidate);
            judge(candidate, Verdict::chosen, 0, "chosen");
        }
}

} // namespace advisor::core
