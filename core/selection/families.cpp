// Groups statements by what they ask, constants aside.
#include "core/selection/families.h"

#include "core/workload/compress.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

namespace advisor::core {

namespace {

struct Family {
    std::size_t head = 0;
    double weight = 0;
    std::vector<std::size_t> members;
};

} // namespace

Families::Families(std::span<const Candidate> candidates, std::span<const Statement> statements,
                   std::span<const double> weights, CostModel &model, bool (*out_of_time)()) {
    std::map<std::string, std::vector<std::size_t>> by_signature;
    for (std::size_t statement = 0; statement < statements.size(); ++statement)
        by_signature[access_signature(statements[statement], false)].push_back(statement);
    std::vector<Family> families;
    for (const auto &[signature, members] : by_signature) {
        std::vector<std::pair<double, std::size_t>> costs;
        double total = 0;
        for (const std::size_t member : members) {
            const bool ask = members.size() > 1 && !(out_of_time != nullptr && out_of_time());
            planner_calls_ += ask;
            costs.emplace_back(ask ? model.statement_cost(member, {}).cost : 0, member);
            total += weights[member] * costs.back().first;
        }
        std::sort(costs.begin(), costs.end(), [&](const auto &left, const auto &right) {
            const Statement &first = statements[left.second], &second = statements[right.second];
            return std::tie(left.first, first.id, first.text) < std::tie(right.first, second.id, second.text);
        });
        const auto [cost, head] = costs[costs.size() / 2];
        families.push_back({head, cost > 0 ? total / cost : weights[head], members});
    }
    std::sort(families.begin(), families.end(), [&](const Family &left, const Family &right) {
        const Statement &first = statements[left.head], &second = statements[right.head];
        return std::tie(first.id, first.text) < std::tie(second.id, second.text);
    });
    std::vector<std::size_t> family_of(statements.size());
    for (const Family &family : families) {
        for (const std::size_t member : family.members)
            family_of[member] = heads_.size();
        heads_.push_back(family.head);
        statements_.push_back(statements[family.head]);
        weights_.push_back(family.weight);
    }
    order_.resize(candidates.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t left, std::size_t right) {
        return candidates[left].definition < candidates[right].definition;
    });
    place_.resize(candidates.size());
    for (const std::size_t position : order_) {
        place_[position] = candidates_.size();
        candidates_.push_back(candidates[position]);
        std::vector<std::size_t> &askers = candidates_.back().statements;
        for (std::size_t &statement : askers)
            statement = family_of[statement];
        std::sort(askers.begin(), askers.end());
        askers.erase(std::unique(askers.begin(), askers.end()), askers.end());
    }
}

std::vector<std::size_t> Families::input_positions(std::span<const std::size_t> candidates) const {
    std::vector<std::size_t> positions;
    for (const std::size_t candidate : candidates)
        positions.push_back(order_[candidate]);
    std::sort(positions.begin(), positions.end());
    return positions;
}

std::vector<std::size_t> Families::own_positions(std::span<const std::size_t> candidates) const {
    std::vector<std::size_t> positions;
    for (const std::size_t candidate : candidates)
        positions.push_back(place_[candidate]);
    std::sort(positions.begin(), positions.end());
    return positions;
}

Selection Families::restored(Selection selection) const {
    for (ChosenIndex &index : selection.chosen) {
        index.candidate = order_[index.candidate];
        for (StatementEffect &effect : index.effects)
            effect.statement = heads_[effect.statement];
        std::sort(index.effects.begin(), index.effects.end(),
                  [](const StatementEffect &left, const StatementEffect &right) {
                      return left.statement < right.statement;
                  });
    }
    std::vector<CandidateVerdict> verdicts(selection.verdicts.size());
    for (CandidateVerdict &verdict : selection.verdicts) {
        const std::size_t position = order_[verdict.candidate];
        verdict.candidate = position;
        verdicts[position] = std::move(verdict);
    }
    selection.verdicts = std::move(verdicts);
    return selection;
}

} // namespace advisor::core
