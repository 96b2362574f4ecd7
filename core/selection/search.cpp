// What a change of the chosen set is worth.
#include "core/selection/search.h"

#include "core/candidates/relevance.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace advisor::core {

namespace {

bool leads(const IndexDefinition &shorter, const IndexDefinition &longer) {
    return shorter.keys.size() <= longer.keys.size() &&
           std::equal(shorter.keys.begin(), shorter.keys.end(), longer.keys.begin());
}

// Narrower, wider or otherwise covering forms of the same search.
bool is_relative(const Candidate &left, const Candidate &right) {
    if (left.table != right.table)
        return false;
    if (leads(left.definition, right.definition) || leads(right.definition, left.definition))
        return true;
    return left.definition.keys.size() == right.definition.keys.size() &&
           std::is_permutation(left.definition.keys.begin(), left.definition.keys.end(),
                               right.definition.keys.begin());
}

bool is_single_column(const Candidate &candidate) {
    return candidate.definition.keys.size() == 1 && candidate.definition.include.empty() &&
           candidate.conditions.empty();
}

} // namespace

// What the best plans use, the relatives of that, and the simplest indexes for the same statements.
CandidateSet Search::pool() const {
    std::vector<bool> used(candidates_.size()), wanted(candidates_.size());
    CandidateSet best;
    for (const std::size_t statement : order_)
        if (before_[statement] > floor_[statement])
            for (const std::size_t candidate : best_[statement]) {
                if (!used[candidate])
                    best.push_back(candidate);
                used[candidate] = true;
            }
    for (const std::size_t statement : order_)
        if (before_[statement] > floor_[statement] && floor_[statement] >= 0)
            for (const std::size_t candidate : relevant_[statement])
                wanted[candidate] = wanted[candidate] || is_single_column(candidates_[candidate]);
    CandidateSet pool;
    for (std::size_t candidate = 0; candidate < candidates_.size(); ++candidate) {
        const auto related = [&](std::size_t other) {
            return is_relative(candidates_[candidate], candidates_[other]);
        };
        if (used[candidate] || wanted[candidate] || std::any_of(best.begin(), best.end(), related))
            pool.push_back(candidate);
    }
    return pool;
}

// Asks for the statements that could gain most first and stops when the gain cannot reach enough any more.
MoveEffect Search::effect(const CandidateSet &added, double enough, bool verify) {
    std::vector<std::size_t> affected = served_by(added);
    std::stable_sort(affected.begin(), affected.end(),
                     [&](std::size_t left, std::size_t right) { return potential(left) > potential(right); });
    double rest = 0;
    for (const std::size_t statement : affected)
        rest += potential(statement);
    MoveEffect effect;
    for (const std::size_t statement : affected) {
        const double possible = potential(statement);
        if (possible <= 0)
            break;
        const double now = state_.current[statement];
        if (const std::optional<double> then = cost_with(statement, added, verify)) {
            const double saved = now - *then;
            if (is_dearer(*then, now)) {
                effect.worse = true;
                return effect;
            }
            effect.gain += weights_[statement] * saved;
            const double floor = floor_[statement];
            effect.halves = effect.halves || saved >= limits_.min_saving * now ||
                            (saved >= 0.1 * now && floor >= 0 && floor <= (1 - limits_.min_saving) * now);
        }
        rest -= possible;
        if (effect.gain + rest < enough) {
            effect.gain += std::max(rest, 0.0);
            effect.complete = false;
            return effect;
        }
    }
    return effect;
}

// Unless it is to be verified, one index of a kind answers for the others.
std::optional<double> Search::cost_with(std::size_t statement, const CandidateSet &added, bool verify) {
    double *known = nullptr;
    if (added.size() == 1) {
        const CandidateSet &relevant = relevant_[statement];
        const auto place = std::lower_bound(relevant.begin(), relevant.end(), added.front());
        const std::size_t kind = service_[statement][static_cast<std::size_t>(place - relevant.begin())];
        known = &state_.cost_by_service[statement][kind];
        if (!verify && *known >= 0)
            return *known;
    }
    const StatementCost *answer = cost(statement, set_with(state_.chosen, added));
    if (answer == nullptr)
        return std::nullopt;
    if (known != nullptr)
        *known = answer->cost;
    return answer->cost;
}

// The most that any choice could still save on a statement. Where all indexes together look dearer than none,
// their cost is no lower bound.
double Search::potential(std::size_t statement) const {
    if (before_[statement] < 0)
        return 0;
    const bool bounded = floor_[statement] >= 0 && !is_dearer(floor_[statement], before_[statement]);
    const double floor = bounded ? floor_[statement] : 0;
    return weights_[statement] * std::max(0.0, state_.current[statement] - floor);
}

const StatementCost *Search::cost(std::size_t statement, const CandidateSet &set) {
    const std::uint64_t calls = cache_.planner_calls();
    const CandidateSet there = common(set, relevant_[statement]);
    const StatementCost *answer = cache_.cost(statement, there);
    if (cache_.planner_calls() != calls)
        library_.learn(statement, {answer->cost, bits(statement, answer->used), bits(statement, there)});
    return answer;
}

IndexBits Search::bits(std::size_t statement, const CandidateSet &set) const {
    const CandidateSet &relevant = relevant_[statement];
    IndexBits result;
    for (const std::size_t candidate : set)
        if (has(relevant, candidate))
            result.set(position(statement, candidate));
    return result;
}

std::size_t Search::position(std::size_t statement, std::size_t candidate) const {
    const CandidateSet &relevant = relevant_[statement];
    return static_cast<std::size_t>(std::lower_bound(relevant.begin(), relevant.end(), candidate) -
                                    relevant.begin());
}

void Search::refresh_current(const CandidateSet &changed) {
    for (const std::size_t statement : served_by(changed)) {
        std::fill(state_.cost_by_service[statement].begin(), state_.cost_by_service[statement].end(), -1.0);
        if (const StatementCost *now = cost(statement, state_.chosen))
            state_.current[statement] = now->cost;
    }
    note_workload();
}

void Search::note_workload() {
    lowest_workload_ = std::min(lowest_workload_, total_cost(state_) - write_cost(state_.chosen));
}

double Search::write_cost(const CandidateSet &set) const {
    return std::accumulate(set.begin(), set.end(), 0.0, [&](double sum, std::size_t candidate) {
        return sum + index_costs_[candidate].write_cost;
    });
}

double Search::bytes(const CandidateSet &set) const {
    return std::accumulate(set.begin(), set.end(), 0.0, [&](double sum, std::size_t candidate) {
        return sum + static_cast<double>(index_costs_[candidate].budgeted_bytes());
    });
}

CandidateSet Search::on_tables_of(std::size_t statement, const CandidateSet &set) const {
    CandidateSet result;
    std::copy_if(set.begin(), set.end(), std::back_inserter(result), [&](std::size_t candidate) {
        return reads_table(statements_[statement], candidates_[candidate].table);
    });
    return result;
}

// Statements whose costs are known, in the order of order_.
std::vector<std::size_t> Search::served_by(const CandidateSet &set) const {
    std::vector<std::size_t> places;
    for (const std::size_t candidate : set)
        for (const Served &served : served_[candidate])
            if (before_[served.statement] >= 0)
                places.push_back(place_[served.statement]);
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    for (std::size_t &place : places)
        place = order_[place];
    return places;
}

void Search::judge(std::size_t candidate, Verdict verdict, double gain, std::string reason) {
    state_.verdicts[candidate].verdict = verdict;
    state_.verdicts[candidate].gain = gain;
    state_.verdicts[candidate].reason = std::move(reason);
}

} // namespace advisor::core
