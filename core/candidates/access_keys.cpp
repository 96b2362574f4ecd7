// Sorts the conditions of one table access into equality keys, ranges, sort and group keys.
#include "core/candidates/access_keys.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace advisor::core {

namespace {

bool is_equality(Comparison comparison) {
    return comparison == Comparison::equality || comparison == Comparison::any_of;
}

bool same_place(const IndexKey &left, const IndexKey &right) {
    return left.text == right.text && left.collation == right.collation;
}

KeyUse key_use(const Predicate &predicate, const TableAccess &access, const Table &table,
               const Demand &demand) {
    KeyUse use;
    use.key.text = predicate.key;
    use.key.expression = predicate.expression;
    use.key.collation = predicate.collation;
    use.key.opclass = predicate.opclass;
    use.join = predicate.join;
    use.any_of = predicate.comparison == Comparison::any_of;
    use.constant_text = predicate.constant_text;
    if (const Column *column = find_column(table, predicate.key))
        use.distinct = column->distinct;
    const auto wanted = demand.find({access.table, predicate.key});
    use.demand = wanted == demand.end() ? 0 : wanted->second;
    return use;
}

void add_equality(std::vector<KeyUse> &equal, KeyUse use) {
    for (KeyUse &present : equal)
        if (same_place(present.key, use.key)) {
            present.join = present.join && use.join;
            present.any_of = present.any_of && use.any_of;
            return;
        }
    equal.push_back(std::move(use));
}

// An index reads backwards as well, so that one of the two directions stands for both: the one whose first
// key ascends.
std::vector<IndexKey> index_order(const std::vector<SortKey> &keys, const std::vector<KeyUse> &equal,
                                  bool null_order) {
    std::vector<IndexKey> order;
    for (const SortKey &sort : keys) {
        IndexKey key;
        key.text = sort.key;
        key.expression = sort.expression;
        key.collation = sort.collation;
        key.descending = sort.descending;
        key.nulls_first = null_order ? sort.nulls_first : sort.descending;
        const auto bound = [&](const KeyUse &use) { return !use.any_of && same_place(use.key, key); };
        const auto repeated = [&](const IndexKey &present) { return same_place(present, key); };
        if (std::none_of(equal.begin(), equal.end(), bound) &&
            std::none_of(order.begin(), order.end(), repeated))
            order.push_back(std::move(key));
    }
    if (!order.empty() && order.front().descending)
        for (IndexKey &key : order) {
            key.descending = !key.descending;
            key.nulls_first = !key.nulls_first;
        }
    return order;
}

std::vector<IndexKey> group_order(const TableAccess &access, const std::vector<KeyUse> &equal,
                                  const Demand &demand) {
    std::vector<IndexKey> group = index_order(access.group, equal, false);
    for (IndexKey &key : group)
        key.descending = key.nulls_first = false;
    const auto wanted = [&](const IndexKey &key) {
        const auto found = demand.find({access.table, key.text});
        return found == demand.end() ? 0.0 : found->second;
    };
    std::sort(group.begin(), group.end(), [&](const IndexKey &left, const IndexKey &right) {
        return std::tuple(-wanted(left), left.text) < std::tuple(-wanted(right), right.text);
    });
    return group;
}

} // namespace

Demand equality_demand(std::span<const Statement> statements) {
    Demand demand;
    for (const Statement &statement : statements)
        for (const TableAccess &access : statement.accesses)
            for (const Predicate &predicate : access.predicates)
                if (is_equality(predicate.comparison))
                    demand[{access.table, predicate.key}] += statement.calls;
    return demand;
}

AccessKeys access_keys(const TableAccess &access, const Table &table, const Demand &demand,
                       const CandidateOptions &options) {
    AccessKeys keys;
    keys.limit = access.limit;
    for (const Predicate &predicate : access.predicates) {
        KeyUse use = key_use(predicate, access, table, demand);
        use.sargable = predicate.comparison != Comparison::other;
        if (!predicate.constant_text.empty())
            keys.conditions.push_back(use);
        if (!use.sargable || (predicate.expression && !options.expressions))
            continue;
        if (is_equality(predicate.comparison)) {
            add_equality(keys.equal, std::move(use));
            continue;
        }
        keys.ranges.push_back(use);
        if (predicate.comparison == Comparison::prefix && use.key.opclass.empty() &&
            !options.prefix_opclass.empty()) {
            use.key.opclass = options.prefix_opclass;
            keys.ranges.push_back(std::move(use));
        }
    }
    std::sort(keys.equal.begin(), keys.equal.end(), [](const KeyUse &left, const KeyUse &right) {
        return std::tuple(left.any_of, -left.distinct, -left.demand, left.key) <
               std::tuple(right.any_of, -right.distinct, -right.demand, right.key);
    });
    const auto by_key = [](const KeyUse &left, const KeyUse &right) { return left.key < right.key; };
    std::sort(keys.ranges.begin(), keys.ranges.end(), by_key);
    const auto same_key = [](const KeyUse &left, const KeyUse &right) { return left.key == right.key; };
    keys.ranges.erase(std::unique(keys.ranges.begin(), keys.ranges.end(), same_key), keys.ranges.end());

    keys.order = index_order(access.order, keys.equal, options.null_order);
    keys.group = group_order(access, keys.equal, demand);
    const auto is_expression = [](const IndexKey &key) { return key.expression; };
    if (!options.expressions) {
        if (std::any_of(keys.order.begin(), keys.order.end(), is_expression))
            keys.order.clear();
        std::erase_if(keys.group, is_expression);
    }
    keys.covering = access.columns_read;
    std::sort(keys.covering.begin(), keys.covering.end());
    keys.covering.erase(std::unique(keys.covering.begin(), keys.covering.end()), keys.covering.end());
    return keys;
}

} // namespace advisor::core
