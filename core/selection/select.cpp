// Drives the search: costs alone and with everything, growing, pruning, and the account of the result.
#include "core/selection/select.h"

#include "core/candidates/relevance.h"
#include "core/selection/search.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

namespace advisor::core {

namespace {

constexpr std::size_t max_relevant = 200; // candidates shown to the planner at once
constexpr std::size_t max_passes = 3;
constexpr std::size_t many_relations = 12; // planning time explodes

} // namespace

Selection select_indexes(std::span<const Candidate> candidates, std::span<const Statement> statements,
                         std::span<const double> weights, CostModel &model, const SelectionLimits &limits,
                         Poll poll) {
    if (weights.size() != statements.size())
        throw Error(ErrorCode::invalid_input, "the number of weights differs from the number of statements");
    return Search(candidates, statements, weights, model, limits, poll).run();
}

Search::Search(std::span<const Candidate> candidates, std::span<const Statement> statements,
               std::span<const double> weights, CostModel &model, const SelectionLimits &limits, Poll poll)
    : candidates_(candidates), statements_(statements), weights_(weights), limits_(limits),
      cache_(model, statements.size(), limits.out_of_time, poll), place_(statements.size()),
      rank_(candidates.size()), relevant_(statements.size()), served_(candidates.size()),
      before_(statements.size(), -1), floor_(statements.size(), -1), current_(statements.size(), -1),
      best_(statements.size()), verdicts_(candidates.size()), banned_(candidates.size()) {
    for (std::size_t candidate = 0; candidate < candidates.size(); ++candidate) {
        cache_.poll();
        index_costs_.push_back(model.index_cost(candidate));
        verdicts_[candidate].candidate = candidate;
        verdicts_[candidate].cost = index_costs_.back();
    }
    prepare_order();
    prepare_relevance();
}

Selection Search::run() {
    cost_each_alone();
    for (std::size_t pass = 0; pass < max_passes; ++pass) {
        grow();
        bool changed = prune();
        while (drop_harmful())
            changed = true;
        if (!changed)
            break;
    }
    return result();
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

// Over the limit, those that the statement asked for go first.
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
        std::erase_if(there, [&](std::size_t candidate) {
            return !can_serve(candidates_[candidate], statements_[statement]);
        });
        if (there.size() > max_relevant) {
            std::stable_sort(there.begin(), there.end(), [&](std::size_t left, std::size_t right) {
                const bool left_asked = has(candidates_[left].statements, statement);
                const bool right_asked = has(candidates_[right].statements, statement);
                return std::pair(!left_asked, rank_[left]) < std::pair(!right_asked, rank_[right]);
            });
            there.resize(max_relevant);
            std::sort(there.begin(), there.end());
        }
        for (const std::size_t candidate : there)
            served_[candidate].push_back(statement);
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
        const StatementCost *alone = cache_.cost(statement, {});
        if (alone == nullptr)
            break;
        before_[statement] = floor_[statement] = current_[statement] = alone->cost;
        if (relevant_[statement].empty() || weights_[statement] <= 0)
            continue;
        if (const StatementCost *all = cache_.cost(statement, relevant_[statement])) {
            floor_[statement] = all->cost;
            best_[statement] = all->used;
        }
    }
    for (const std::size_t statement : order_)
        if (before_[statement] >= 0)
            workload_before_ += weights_[statement] * before_[statement];
}

Selection Search::result() {
    Selection selection;
    add_effects(selection);
    measure_prefixes(selection);
    for (CandidateVerdict &verdict : verdicts_)
        if (verdict.verdict == Verdict::not_tried && verdict.reason.empty()) {
            verdict.verdict = cache_.stopped() ? Verdict::not_tried : Verdict::not_used;
            verdict.reason = cache_.stopped() ? "time ran out before it was tried"
                                              : "no statement's cheapest plan uses it";
        }
    selection.verdicts = verdicts_;
    selection.workload_cost_before = workload_before_;
    selection.planner_calls = cache_.planner_calls();
    selection.complete = !cache_.stopped();
    return selection;
}

// Statement by statement with the final set, whether or not the search thought that it could matter there.
void Search::add_effects(Selection &selection) {
    for (const std::size_t candidate : sequence_) {
        ChosenIndex index;
        index.candidate = candidate;
        index.cost = index_costs_[candidate];
        selection.chosen.push_back(std::move(index));
    }
    for (std::size_t statement = 0; statement < statements_.size(); ++statement) {
        if (before_[statement] < 0)
            continue;
        const CandidateSet there = on_tables_of(statement, chosen_);
        const StatementCost *after = cache_.cost(statement, there);
        if (after == nullptr)
            after = cost(statement, chosen_);
        if (after == nullptr)
            continue;
        current_[statement] = after->cost;
        for (ChosenIndex &index : selection.chosen)
            if (has(after->used, index.candidate))
                index.effects.push_back({statement, before_[statement], after->cost});
    }
    for (const std::size_t statement : order_)
        if (before_[statement] >= 0)
            selection.workload_cost_after += weights_[statement] * current_[statement];
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
}

} // namespace advisor::core
