// Groups statements by what they ask, constants aside.
#include "core/selection/families.h"

#include "core/workload/compress.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

namespace advisor::core {

Families::Families(std::span<const Candidate> candidates, std::span<const Statement> statements,
                   std::span<const double> weights, CostModel &model) {
    std::map<std::string, std::vector<std::size_t>> by_signature;
    for (std::size_t statement = 0; statement < statements.size(); ++statement)
        by_signature[access_signature(statements[statement], false)].push_back(statement);
    std::vector<std::size_t> family_of(statements.size());
    for (const auto &[signature, members] : by_signature) {
        std::vector<std::pair<double, std::size_t>> costs;
        double total = 0;
        for (const std::size_t member : members) {
            costs.emplace_back(members.size() > 1 ? model.statement_cost(member, {}).cost : 0, member);
            total += weights[member] * costs.back().first;
            family_of[member] = heads_.size();
        }
        std::sort(costs.begin(), costs.end(), [&](const auto &left, const auto &right) {
            const Statement &first = statements[left.second], &second = statements[right.second];
            return std::tie(left.first, first.id, first.text) < std::tie(right.first, second.id, second.text);
        });
        const auto [cost, head] = costs[costs.size() / 2];
        heads_.push_back(head);
        statements_.push_back(statements[head]);
        weights_.push_back(cost > 0 ? total / cost : weights[head]);
    }
    candidates_.assign(candidates.begin(), candidates.end());
    for (Candidate &candidate : candidates_) {
        for (std::size_t &statement : candidate.statements)
            statement = family_of[statement];
        std::sort(candidate.statements.begin(), candidate.statements.end());
        candidate.statements.erase(std::unique(candidate.statements.begin(), candidate.statements.end()),
                                   candidate.statements.end());
    }
}

} // namespace advisor::core
