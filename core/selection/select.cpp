// Drives the search: costs alone and with everything, growing, pruning, and the account of the result.
#include "core/selection/select.h"

#include "core/candidates/relevance.h"
#include "core/selection/families.h"
#include "core/selection/search.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

namespace advisor::core {

namespace {

// Planner calls: a search that took more goes on with what it has.
constexpr std::uint64_t most_for_one_attempt = 600, most_for_another_pass = 1000,
                        most_for_another_start = 1300;
constexpr std::size_t most_first_rounds = 4;
constexpr std::size_t max_passes = 3, max_attempt_passes = 2;
constexpr std::size_t most_pooled_plans = 15; // of one statement
constexpr std::size_t many_relations = 12;    // planning time explodes

} // namespace

Selection select_indexes(std::span<const Candidate> candidates, std::span<const Statement> statements,
                         std::span<const double> weights, CostModel &model, const SelectionLimits &limits,
                         Poll poll) {
    if (weights.size() != statements.size())
        throw Error(ErrorCode::invalid_input, "the number of weights differs from the number of statements");
    const Families families(candidates, statements, weights, model, limits.out_of_time);
    HeadModel heads(model, families);
    Selection found = families.restored(
        Search(families.candidates(), families.statements(), families.weights(), heads, limits, poll).run());
    found.planner_calls += families.planner_calls();
    if (families.heads().size() == statements.size() || !found.complete)
        return found;
    Selection selection = Search(candidates, statements, weights, model, limits, poll).judge(found);
    selection.planner_calls += found.planner_calls;
    if (selection.complete)
        return selection;
    found.complete = false;
    return found;
}

Search::Search(std::span<const Candidate> candidates, std::span<const Statement> statements,
               std::span<const double> weights, CostModel &model, const SelectionLimits &limits, Poll poll)
    : candidates_(candidates), statements_(statements), weights_(weights), limits_(limits), model_(model),
      cache_(model, statements.size(), limits.out_of_time, poll), library_(statements.size()),
      guard_calls_before_(model.guard_calls()), refused_(candidates.size()), place_(statements.size()),
      rank_(candidates.size()), relevant_(statements.size()), service_(statements.size()),
      served_(candidates.size()), before_(statements.size(), -1), floor_(statements.size(), -1),
      best_(statements.size()) {
    state_.verdicts.resize(candidates.size());
    state_.banned.resize(candidates.size());
    state_.current.assign(statements.size(), -1);
    state_.cost_by_service.resize(statements.size());
    prepare_sizes();
    prepare_order();
    prepare_relevance();
}

void Search::prepare_sizes() {
    index_costs_.clear();
    for (std::size_t candidate = 0; candidate < candidates_.size(); ++candidate) {
        cache_.poll();
        index_costs_.push_back(model_.index_cost(candidate));
        state_.verdicts[candidate].candidate = candidate;
        state_.verdicts[candidate].cost = index_costs_.back();
    }
}

Selection Search::run() {
    cost_each_alone();
    const State start = state_;
    take_everything();
    const State everything = std::exchange(state_, start);
    grow_best();
    if (total_cost(everything) < total_cost(state_) * (1 - 1e-9))
        state_ = everything;
    search_around();
    const bool was_cheap = cache_.planner_calls() < most_for_another_start;
    if (!cache_.stopped() && measure_pool()) {
        if (was_cheap)
            grow_best();
        search_around();
    }
    narrow();
    return result();
}

// A first answer for few questions, in case there is no time for more: what the best plan of each statement
// uses, cut down to the limits. Finds indexes that help only together.
void Search::take_everything() {
    CandidateSet set = everything_used();
    verify(set);
    for (std::size_t round = 0; round < most_first_rounds && !cache_.stopped(); ++round) {
        CandidateSet within_limits = improved(problem(), set);
        if (verify(within_limits))
            adopt(within_limits);
        if (within_limits == set)
            break;
        set = std::move(within_limits);
    }
}

// A few wide indexes beat many narrow ones, but not when they leave no room for others: under a storage
// budget the gain per byte is tried as well as long as that is cheap. The attempts share the planner's
// answers.
void Search::grow_best() {
    const State start = state_;
    const std::uint64_t calls = cache_.planner_calls();
    State best = attempt(0.5);
    if (limits_.storage_budget && !cache_.stopped() &&
        cache_.planner_calls() - calls < most_for_one_attempt) {
        state_ = start;
        State other = attempt(1);
        if (total_cost(other) < total_cost(best) * (1 - 1e-9))
            best = std::move(other);
    }
    state_ = std::move(best);
}

// The statements' own plans with the set have the last word.
Selection Search::judge(const Selection &found) {
    state_.verdicts = found.verdicts;
    for (const ChosenIndex &index : found.chosen) {
        state_.chosen = set_with(state_.chosen, {index.candidate});
        state_.sequence.push_back(index.candidate);
    }
    for (const std::size_t statement : order_)
        if (const StatementCost *alone = cost(statement, {})) {
            before_[statement] = floor_[statement] = state_.current[statement] = alone->cost;
            workload_before_ += weights_[statement] * alone->cost;
        }
    lowest_workload_ = workload_before_;
    refresh_current(state_.chosen);
    while (clean_up())
        ;
    return result();
}

// Has the sizes of all measured that some plan worth having uses, and asks for those plans again.
bool Search::measure_pool() {
    CandidateSet pool = state_.chosen;
    std::vector<std::vector<CandidateSet>> plans(statements_.size());
    for (const std::size_t statement : order_) {
        for (const KnownPlan &plan : library_.useful_plans(statement)) {
            if (plans[statement].size() == most_pooled_plans || !is_dearer(before_[statement], plan.cost))
                break;
            plans[statement].push_back(at_positions(relevant_[statement], plan.used));
            pool = set_with(pool, plans[statement].back());
        }
    }
    if (!model_.measure(pool))
        return false;
    State by_estimates = state_;
    std::vector<IndexCost> estimated_sizes = index_costs_;
    PlanLibrary estimated_plans = std::exchange(library_, PlanLibrary(statements_.size()));
    CostCache::Answers estimates = cache_.forget();
    prepare_sizes();
    for (const std::size_t statement : order_) {
        cost(statement, {});
        for (const CandidateSet &used : plans[statement])
            cost(statement, used);
    }
    const CandidateSet before = std::exchange(state_.chosen, {});
    state_.sequence.clear();
    state_.current = before_;
    for (const std::size_t candidate : before)
        judge(candidate, Verdict::not_used, 0, "another set of indexes saves more");
    verify(before);
    if (cache_.stopped()) { // an answer by estimated sizes is better than a part of one by measured sizes
        state_ = std::move(by_estimates);
        index_costs_ = std::move(estimated_sizes);
        library_ = std::move(estimated_plans);
        cache_.recall(std::move(estimates));
        return false;
    }
    state_.banned.assign(candidates_.size(), true);
    for (const std::size_t candidate : pool)
        state_.banned[candidate] = refused_[candidate];
    return true;
}

void Search::search_around() {
    state_.banned = refused_;
    for (std::size_t pass = 0; pass < max_passes; ++pass) {
        refine();
        if (!clean_up())
            break;
    }
}

Search::State Search::attempt(double size_weight) {
    size_weight_ = size_weight;
    for (std::size_t pass = 0; pass < max_attempt_passes; ++pass) {
        grow();
        if (!clean_up() || cache_.planner_calls() > most_for_another_pass)
            break;
    }
    return state_;
}

// Takes out what is not worth its place or does harm. True when something was taken out.
bool Search::clean_up() {
    bool changed = prune();
    while (drop_harmful())
        changed = true;
    return changed;
}

double Search::total_cost(const State &state) const {
    double total = write_cost(state.chosen);
    for (const std::size_t statement : order_)
        if (before_[statement] >= 0)
            total += weights_[statement] * state.current[statement];
    return total;
}

void Search::prepare_order() {
    order_.resize(statements_.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t left, std::size_t right) {
        const Statement &first = statements_[left], &second = statements_[right];
        return std::tie(first.id, first.text) < std::tie(second.id, second.text);
    });
    for (std::size_t place = 0; place < order_.size(); ++place)
        place_[order_[place]] = place;
    std::vector<std::size_t> by_definition(candidates_.size());
    std::iota(by_definition.begin(), by_definition.end(), std::size_t{0});
    std::stable_sort(by_definition.begin(), by_definition.end(), [&](std::size_t left, std::size_t right) {
        return candidates_[left].definition < candidates_[right].definition;
    });
    for (std::size_t rank = 0; rank < by_definition.size(); ++rank)
        rank_[by_definition[rank]] = rank;
}

void Search::prepare_relevance() {
    std::map<std::size_t, CandidateSet> by_table;
    for (std::size_t candidate = 0; candidate < candidates_.size(); ++candidate)
        by_table[candidates_[candidate].table].push_back(candidate);
    for (const std::size_t statement : order_) {
        cache_.poll();
        CandidateSet there;
        for (const TableAccess &access : statements_[statement].accesses)
            if (const auto found = by_table.find(access.table); found != by_table.end())
                there = set_with(there, found->second);
        // Over the limit, those that the statement asked for stay.
        std::map<std::size_t, std::string> offers;
        for (const std::size_t candidate : there)
            if (std::string offer = service(candidates_[candidate], statements_[statement]); !offer.empty())
                offers.emplace(candidate, std::move(offer));
        std::erase_if(there, [&](std::size_t candidate) { return !offers.contains(candidate); });
        if (there.size() > max_relevant) {
            std::stable_sort(there.begin(), there.end(), [&](std::size_t left, std::size_t right) {
                const bool left_asked = has(candidates_[left].statements, statement);
                const bool right_asked = has(candidates_[right].statements, statement);
                return std::pair(!left_asked, rank_[left]) < std::pair(!right_asked, rank_[right]);
            });
            there.resize(max_relevant);
            std::sort(there.begin(), there.end());
        }
        std::map<std::string, std::size_t> kinds;
        for (const std::size_t candidate : there) {
            const std::size_t next = kinds.size();
            service_[statement].push_back(kinds.try_emplace(offers.at(candidate), next).first->second);
            served_[candidate].push_back({statement, service_[statement].size() - 1});
        }
        state_.cost_by_service[statement].assign(kinds.size(), -1);
        relevant_[statement] = std::move(there);
    }
}

// The two ends of the scale for each statement: dear ones first, huge joins last, in case time runs out.
void Search::cost_each_alone() {
    std::vector<std::size_t> sequence = order_;
    std::stable_sort(sequence.begin(), sequence.end(), [&](std::size_t left, std::size_t right) {
        const auto urgency = [&](std::size_t statement) {
            return std::pair(statements_[statement].accesses.size() > many_relations,
                             -statements_[statement].total_ms);
        };
        return urgency(left) < urgency(right);
    });
    for (const std::size_t statement : sequence) {
        const StatementCost *alone = cost(statement, {});
        if (alone == nullptr)
            break;
        before_[statement] = floor_[statement] = state_.current[statement] = alone->cost;
        if (relevant_[statement].empty() || weights_[statement] <= 0)
            continue;
        if (const StatementCost *all = cost(statement, relevant_[statement])) {
            floor_[statement] = all->cost;
            best_[statement] = all->used;
        }
    }
    for (const std::size_t statement : order_)
        if (before_[statement] >= 0)
            workload_before_ += weights_[statement] * before_[statement];
    lowest_workload_ = workload_before_;
}

Selection Search::result() {
    Selection selection;
    add_effects(selection);
    measure_prefixes(selection);
    for (CandidateVerdict &verdict : state_.verdicts)
        if (verdict.verdict == Verdict::not_tried && verdict.reason.empty()) {
            verdict.verdict = cache_.stopped() ? Verdict::not_tried : Verdict::not_used;
            verdict.reason = cache_.stopped() ? "time ran out before it was tried"
                                              : "no statement's cheapest plan uses it";
        }
    note_guarded(selection);
    selection.verdicts = state_.verdicts;
    selection.workload_cost_before = workload_before_;
    selection.planner_calls = cache_.planner_calls() + model_.guard_calls() - guard_calls_before_;
    selection.complete = !cache_.stopped();
    return selection;
}

// Statement by statement with the final set, whether or not the search thought that it could matter there.
void Search::add_effects(Selection &selection) {
    for (const std::size_t candidate : state_.sequence) {
        ChosenIndex index;
        index.candidate = candidate;
        index.cost = index_costs_[candidate];
        selection.chosen.push_back(std::move(index));
    }
    for (std::size_t statement = 0; statement < statements_.size(); ++statement) {
        if (before_[statement] < 0)
            continue;
        const CandidateSet there = on_tables_of(statement, state_.chosen);
        const StatementCost *after = cache_.cost(statement, there);
        if (after == nullptr)
            after = cost(statement, state_.chosen);
        if (after == nullptr)
            continue;
        state_.current[statement] = after->cost;
        for (ChosenIndex &index : selection.chosen)
            if (has(after->used, index.candidate))
                index.effects.push_back({statement, before_[statement], after->cost});
    }
    for (const std::size_t statement : order_)
        if (before_[statement] >= 0)
            selection.workload_cost_after += weights_[statement] * state_.current[statement];
}

// What each index adds to those before it.
void Search::measure_prefixes(Selection &selection) {
    std::vector<double> costs = before_;
    CandidateSet prefix;
    double workload = workload_before_;
    for (ChosenIndex &index : selection.chosen) {
        index.workload_before = workload;
        prefix = set_with(prefix, {index.candidate});
        for (const std::size_t statement : served_by({index.candidate})) {
            const StatementCost *now = cost(statement, prefix);
            if (now == nullptr)
                continue;
            workload -= weights_[statement] * (costs[statement] - now->cost);
            costs[statement] = now->cost;
        }
        index.workload_after = workload;
    }
    if (!selection.chosen.empty())
        selection.chosen.back().workload_after = selection.workload_cost_after;
    for (const ChosenIndex &index : selection.chosen)
        state_.verdicts[index.candidate].gain = index.workload_before - index.workload_after;
}

} // namespace advisor::core
