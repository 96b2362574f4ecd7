// The formula of the synthetic cost model.
#include "test/unit/synthetic_model.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace advisor::test {

using namespace core;

namespace {

double selectivity(const Predicate &predicate, const Table &table) {
    double distinct = 100;
    for (const Column &column : table.columns)
        if (column.name == predicate.key)
            distinct = std::max(1.0, column.distinct);
    switch (predicate.comparison) {
    case Comparison::equality: return 1 / distinct;
    case Comparison::any_of: return std::min(1.0, 3 / distinct);
    case Comparison::range: return 0.05;
    case Comparison::prefix: return 0.02;
    case Comparison::other: return 0.5;
    }
    return 1;
}

double sort_cost(double rows) {
    return 0.01 * rows * std::log2(std::max(2.0, rows));
}

bool gives_order(const TableAccess &access, const std::vector<IndexKey> &keys) {
    std::size_t next = 0;
    for (const SortKey &sort : access.order) {
        const auto fixed = [&](const std::string &key) {
            return std::any_of(access.predicates.begin(), access.predicates.end(),
                               [&](const Predicate &predicate) {
                                   return predicate.key == key &&
                                          predicate.comparison == Comparison::equality && !predicate.join;
                               });
        };
        if (fixed(sort.key))
            continue;
        while (next < keys.size() && keys[next].text != sort.key && fixed(keys[next].text))
            ++next;
        if (next == keys.size() || keys[next].text != sort.key)
            return false;
        ++next;
    }
    return true;
}

bool covers(const TableAccess &access, const IndexDefinition &definition) {
    return !access.columns_read.empty() &&
           std::all_of(access.columns_read.begin(), access.columns_read.end(),
                       [&](const std::string &column) {
                           return std::find(definition.include.begin(), definition.include.end(), column) !=
                                      definition.include.end() ||
                                  std::any_of(definition.keys.begin(), definition.keys.end(),
                                              [&](const IndexKey &key) { return key.text == column; });
                       });
}

} // namespace

StatementCost SyntheticModel::statement_cost(std::size_t statement, std::span<const std::size_t> candidates) {
    ++calls;
    StatementCost result;
    std::set<std::size_t> used;
    double outer_rows = 1;
    bool first = true;
    for (const TableAccess &access : statements_[statement].accesses) {
        Scan scan = best_scan(access, candidates, first);
        if (!first) {
            Scan inner = best_scan(access, candidates, true);
            inner.cost *= outer_rows;
            inner.rows *= outer_rows;
            if (inner.index >= 0 && inner.cost < scan.cost)
                scan = inner;
        }
        result.cost += scan.cost;
        if (scan.index >= 0) {
            const auto candidate = static_cast<std::size_t>(scan.index);
            used.insert(candidate);
            if (const auto found = penalty.find({statement, candidate}); found != penalty.end())
                result.cost += found->second;
        }
        outer_rows = std::max(1.0, first ? scan.rows : std::max(outer_rows, 1.0));
        first = false;
    }
    if (statements_[statement].accesses.empty())
        result.cost = 1;
    result.used.assign(used.begin(), used.end());
    return result;
}

SyntheticModel::Scan SyntheticModel::best_scan(const TableAccess &access,
                                               std::span<const std::size_t> candidates,
                                               bool with_joins) const {
    const Table &table = tables_[access.table];
    double rows = table.rows;
    for (const Predicate &predicate : access.predicates)
        if (with_joins || !predicate.join)
            rows *= selectivity(predicate, table);
    Scan best{static_cast<double>(table.bytes) / 8192 + 0.01 * table.rows, rows, -1};
    if (!access.order.empty())
        best.cost += sort_cost(rows);
    const auto consider = [&](const IndexDefinition &definition, const std::vector<std::string> &conditions,
                              int index) {
        const Scan scan = index_scan(access, definition, conditions, with_joins, rows);
        if (scan.cost < 0 || scan.cost > best.cost)
            return;
        // Of equals the first by definition, so that positions do not matter.
        if (scan.cost < best.cost ||
            (index >= 0 && best.index >= 0 &&
             definition < candidates_[static_cast<std::size_t>(best.index)].definition))
            best = {scan.cost, rows, index};
    };
    for (const ExistingIndex &existing : table.indexes)
        consider(existing.definition, {}, -1);
    for (const std::size_t candidate : candidates)
        if (candidates_[candidate].table == access.table)
            consider(candidates_[candidate].definition, candidates_[candidate].conditions,
                     static_cast<int>(candidate));
    return best;
}

SyntheticModel::Scan SyntheticModel::index_scan(const TableAccess &access, const IndexDefinition &definition,
                                                const std::vector<std::string> &conditions, bool with_joins,
                                                double rows_out) const {
    const Table &table = tables_[access.table];
    double entries = table.rows;
    for (const std::string &condition : conditions) {
        const auto holds = std::find_if(access.predicates.begin(), access.predicates.end(),
                                        [&](const Predicate &p) { return p.constant_text == condition; });
        if (holds == access.predicates.end())
            return {-1, 0, -1};
        entries *= selectivity(*holds, table);
    }
    for (const IndexKey &key : definition.keys) {
        bool equality = false, range = false;
        for (const Predicate &predicate : access.predicates) {
            if (predicate.key != key.text || (predicate.join && !with_joins) ||
                predicate.comparison == Comparison::other)
                continue;
            const bool equal =
                predicate.comparison == Comparison::equality || predicate.comparison == Comparison::any_of;
            (equal ? equality : range) = true;
            entries *= selectivity(predicate, table);
        }
        if (!equality)
            break;
        if (range)
            break;
    }
    double cost = 2 + 0.005 * entries + entries * (covers(access, definition) ? 0.02 : 1);
    if (!access.order.empty()) {
        if (!gives_order(access, definition.keys))
            cost += sort_cost(rows_out);
        else if (access.limit)
            cost = 2 + cost / 10;
    }
    return {cost, rows_out, -1};
}

IndexCost SyntheticModel::index_cost(std::size_t candidate) {
    const Candidate &one = candidates_[candidate];
    const Table &table = tables_[one.table];
    double width = 16;
    const auto width_of = [&](const std::string &name) {
        for (const Column &column : table.columns)
            if (column.name == name)
                return column.average_width;
        return 8.0;
    };
    for (const IndexKey &key : one.definition.keys)
        width += width_of(key.text);
    for (const std::string &column : one.definition.include)
        width += width_of(column);
    IndexCost cost;
    cost.bytes = static_cast<std::uint64_t>(8192 + width * table.rows * (one.conditions.empty() ? 1 : 0.1));
    cost.write_cost = write_cost_per_byte * static_cast<double>(cost.bytes);
    if (const auto found = write_cost.find(candidate); found != write_cost.end())
        cost.write_cost = found->second;
    return cost;
}

} // namespace advisor::test
