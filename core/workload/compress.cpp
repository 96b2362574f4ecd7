// Groups statements by what they ask, coarser and coarser until few enough are left.
#include "core/workload/compress.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

namespace advisor::core {

namespace {

constexpr double same_cost = 0.01; // equal texts whose costs differ by more are not each other's measure

using Groups = std::vector<std::vector<std::size_t>>;

// Every part ends with a character that quoted names and conditions do not begin with, so that two different
// lists never read the same.
void append(std::string &signature, const std::string &part) {
    signature += std::to_string(part.size()) + ':' + part + ' ';
}

std::string predicate_signature(const Predicate &predicate, bool with_constants) {
    std::string signature = std::to_string(static_cast<int>(predicate.comparison)) +
                            (predicate.join ? "j" : "f") + (predicate.expression ? "x" : "c");
    for (const std::string &part : {predicate.key, predicate.collation, predicate.opclass})
        append(signature, part);
    if (with_constants)
        append(signature, predicate.constant_text);
    return signature;
}

std::vector<std::string> method_signatures(const TableAccess &access) {
    std::vector<std::string> parts;
    for (const MethodUse &use : access.methods) {
        std::string part = std::to_string(static_cast<int>(use.method));
        append(part, use.key);
        append(part, use.opclass);
        parts.push_back(std::move(part));
    }
    std::sort(parts.begin(), parts.end());
    return parts;
}

// The order of conditions and of columns read means nothing; that of sort keys does.
std::string one_access_signature(const TableAccess &access, bool with_constants) {
    std::string signature = std::to_string(access.table) + (access.limit ? " limit " : " all ");
    std::vector<std::string> parts;
    for (const Predicate &predicate : access.predicates)
        parts.push_back(predicate_signature(predicate, with_constants));
    std::sort(parts.begin(), parts.end());
    for (const std::string &part : parts)
        append(signature, part);
    signature += "with ";
    for (const std::string &part : method_signatures(access))
        append(signature, part);
    for (const auto *keys : {&access.order, &access.group}) {
        signature += "by ";
        for (const SortKey &key : *keys) {
            append(signature, key.key);
            append(signature, key.collation);
            signature += key.descending ? 'd' : 'a';
            signature += key.nulls_first ? 'f' : 'l';
        }
    }
    std::vector<std::string> columns = access.columns_read;
    std::sort(columns.begin(), columns.end());
    for (const std::string &column : columns)
        append(signature, column);
    return signature;
}

double total(std::span<const Statement> statements, std::span<const double> costs,
             const std::vector<std::size_t> &group) {
    return std::accumulate(group.begin(), group.end(), 0.0, [&](double sum, std::size_t statement) {
        return sum + statements[statement].calls * costs[statement];
    });
}

// A total order that does not depend on positions: heavy ones first.
bool is_heavier(std::span<const Statement> statements, std::span<const double> costs, std::size_t left,
                std::size_t right) {
    const Statement &first = statements[left], &second = statements[right];
    const double first_cost = first.calls * costs[left], second_cost = second.calls * costs[right];
    return std::tie(second_cost, first.id, first.text) < std::tie(first_cost, second.id, second.text);
}

// Joins the groups whose first statements have the same key; the heaviest statement of each comes first.
template <class Key>
Groups joined(const Groups &groups, std::span<const Statement> statements, std::span<const double> costs,
              Key key) {
    std::map<decltype(key(std::size_t{0})), std::vector<std::size_t>> by_key;
    for (const std::vector<std::size_t> &group : groups) {
        std::vector<std::size_t> &members = by_key[key(group.front())];
        members.insert(members.end(), group.begin(), group.end());
    }
    Groups result;
    for (auto &[unused, members] : by_key) {
        std::sort(members.begin(), members.end(), [&](std::size_t left, std::size_t right) {
            return is_heavier(statements, costs, left, right);
        });
        result.push_back(std::move(members));
    }
    return result;
}

Groups equal_texts(std::span<const Statement> statements, std::span<const double> costs) {
    Groups each(statements.size());
    for (std::size_t i = 0; i < statements.size(); ++i)
        each[i] = {i};
    return joined(each, statements, costs,
                  [&](std::size_t i) { return std::pair(statements[i].text, costs[i]); });
}

bool is_same(const Statement &left, const Statement &right, double left_cost, double right_cost) {
    return left.text == right.text && right_cost <= left_cost * (1 + same_cost) &&
           left_cost <= right_cost * (1 + same_cost);
}

} // namespace

std::string access_signature(const Statement &statement, bool with_constants) {
    std::vector<std::string> accesses;
    for (const TableAccess &access : statement.accesses)
        accesses.push_back(one_access_signature(access, with_constants));
    std::sort(accesses.begin(), accesses.end());
    std::string signature = std::to_string(static_cast<int>(statement.kind)) + ' ';
    for (const std::string &access : accesses)
        append(signature, access);
    return signature;
}

CompressedWorkload compress(std::span<const Statement> statements, std::span<const double> costs,
                            std::size_t limit) {
    Groups groups = equal_texts(statements, costs);
    for (const bool with_constants : {true, false})
        if (groups.size() > limit)
            groups = joined(groups, statements, costs,
                            [&](std::size_t i) { return access_signature(statements[i], with_constants); });
    std::sort(groups.begin(), groups.end(), [&](const auto &left, const auto &right) {
        const double left_cost = total(statements, costs, left), right_cost = total(statements, costs, right);
        return left_cost != right_cost ? left_cost > right_cost
                                       : is_heavier(statements, costs, left.front(), right.front());
    });
    CompressedWorkload result;
    double all = 0, merged = 0, left_out = 0;
    for (std::size_t place = 0; place < groups.size(); ++place) {
        std::vector<std::size_t> &group = groups[place];
        const double cost = total(statements, costs, group);
        all += cost;
        if (place >= limit) {
            left_out += cost;
            result.left_out.insert(result.left_out.end(), group.begin(), group.end());
            continue;
        }
        const std::size_t first = group.front();
        for (const std::size_t member : group)
            if (!is_same(statements[first], statements[member], costs[first], costs[member]))
                merged += statements[member].calls * costs[member];
        std::sort(group.begin(), group.end());
        const double calls = costs[first] > 0 ? cost / costs[first] : statements[first].calls;
        result.representatives.push_back({first, calls, std::move(group)});
    }
    std::sort(result.representatives.begin(), result.representatives.end(),
              [](const auto &left, const auto &right) { return left.statement < right.statement; });
    std::sort(result.left_out.begin(), result.left_out.end());
    if (all > 0) {
        result.merged_share = merged / all;
        result.left_out_share = left_out / all;
        result.exact_share = std::max(0.0, 1 - result.error_bound());
    }
    return result;
}

} // namespace advisor::core
