// Tables and statements for tests.
#include "test/unit/workload_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <utility>

namespace advisor::test {

using namespace core;

Table table(const std::string &name, double rows, std::vector<Column> columns) {
    Table result;
    result.schema = "shop";
    result.name = name;
    result.qualified = "shop." + name;
    result.rows = rows;
    result.columns = std::move(columns);
    double width = 28;
    for (const Column &one : result.columns)
        width += one.average_width;
    result.bytes = static_cast<std::uint64_t>(width * rows);
    return result;
}

Column column(const std::string &name, double distinct, double width) {
    Column result;
    result.name = name;
    result.distinct = distinct;
    result.average_width = width;
    return result;
}

Predicate equal(const std::string &key, const std::string &constant_text) {
    Predicate predicate;
    predicate.key = key;
    predicate.constant_text = constant_text;
    return predicate;
}

Predicate join(const std::string &key) {
    Predicate predicate = equal(key);
    predicate.join = true;
    return predicate;
}

Predicate range(const std::string &key) {
    Predicate predicate = equal(key);
    predicate.comparison = Comparison::range;
    return predicate;
}

IndexKey key(const std::string &text, bool descending) {
    IndexKey result;
    result.text = text;
    result.descending = descending;
    result.nulls_first = descending;
    return result;
}

IndexDefinition index_on(const Table &on, std::vector<std::string> keys, std::vector<std::string> include) {
    IndexDefinition definition;
    definition.table = on.qualified;
    for (const std::string &text : keys)
        definition.keys.push_back(key(text));
    definition.include = std::move(include);
    return definition;
}

Statement statement(std::int64_t id, double calls, std::vector<TableAccess> accesses) {
    Statement result;
    result.id = id;
    result.text = "statement " + std::to_string(id);
    result.calls = calls;
    result.total_ms = calls * 10;
    result.accesses = std::move(accesses);
    return result;
}

std::vector<double> calls_of(const std::vector<Statement> &statements) {
    std::vector<double> calls;
    for (const Statement &one : statements)
        calls.push_back(one.calls);
    return calls;
}

bool has_candidate(const std::vector<Candidate> &candidates, const IndexDefinition &definition) {
    return std::any_of(candidates.begin(), candidates.end(),
                       [&](const Candidate &candidate) { return candidate.definition == definition; });
}

std::size_t find_candidate(const std::vector<Candidate> &candidates, const IndexDefinition &definition) {
    for (std::size_t i = 0; i < candidates.size(); ++i)
        if (candidates[i].definition == definition)
            return i;
    ADD_FAILURE() << "no such candidate on " << definition.table;
    return 0;
}

namespace {

class Dice {
public:
    explicit Dice(unsigned seed) : engine_(seed) {}
    std::size_t below(std::size_t limit) { return engine_() % limit; } // the same on every platform

private:
    std::mt19937 engine_;
};

TableAccess random_access(Dice &dice, const Workload &workload, std::size_t table, bool inner) {
    const std::vector<Column> &columns = workload.tables[table].columns;
    TableAccess access;
    access.table = table;
    const auto any_column = [&] { return columns[dice.below(columns.size())].name; };
    if (inner)
        access.predicates.push_back(join(any_column()));
    const std::size_t filters = dice.below(inner ? 2 : 4);
    for (std::size_t i = 0; i < filters; ++i) {
        const std::string name = any_column();
        if (dice.below(4) == 0)
            access.predicates.push_back(range(name));
        else
            access.predicates.push_back(equal(name, dice.below(5) == 0 ? name + " = 1" : ""));
    }
    if (!inner && dice.below(3) == 0) {
        SortKey sort;
        sort.key = any_column();
        sort.descending = sort.nulls_first = dice.below(2) == 0;
        access.order = {sort};
        access.limit = dice.below(2) == 0;
    }
    if (dice.below(2) == 0)
        for (std::size_t i = 0; i < 1 + dice.below(3); ++i)
            access.columns_read.push_back(any_column());
    for (const Predicate &predicate : access.predicates)
        if (!access.columns_read.empty())
            access.columns_read.push_back(predicate.key);
    for (const SortKey &sort : access.order)
        if (!access.columns_read.empty())
            access.columns_read.push_back(sort.key);
    return access;
}

} // namespace

Workload random_workload(unsigned seed, std::size_t tables, std::size_t statements) {
    Dice dice(seed);
    Workload workload;
    for (std::size_t t = 0; t < tables; ++t) {
        const double rows = 10000.0 * static_cast<double>(1 + dice.below(100));
        std::vector<Column> columns;
        for (std::size_t c = 0; c < 3 + dice.below(5); ++c) {
            const double distinct[] = {3, 50, 1000, rows / 10, rows};
            columns.push_back(column("c" + std::to_string(c), distinct[dice.below(5)],
                                     4.0 * static_cast<double>(1 + dice.below(6))));
        }
        workload.tables.push_back(table("t" + std::to_string(t), rows, std::move(columns)));
    }
    for (std::size_t s = 0; s < statements; ++s) {
        std::vector<TableAccess> accesses = {random_access(dice, workload, dice.below(tables), false)};
        if (tables > 1 && dice.below(3) == 0)
            accesses.push_back(random_access(dice, workload, dice.below(tables), true));
        const double calls = static_cast<double>(1 + dice.below(1000));
        workload.statements.push_back(
            statement(static_cast<std::int64_t>(s) + 1, calls, std::move(accesses)));
    }
    return workload;
}

} // namespace advisor::test
