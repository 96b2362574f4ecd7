// Indexes beside b-trees that could serve one table access.
#include "core/candidates/other_methods.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace advisor::core {

namespace {

constexpr double wide_key = 20; // bytes: a b-tree's entry is more than twice as large as a hash code's
constexpr double mostly_different = 0.1; // values for each row: rows of one value share a bucket
constexpr double large_rows = 100000;
constexpr double large_bytes = 4000.0 * 8192;
constexpr double in_order = 0.9; // correlation
constexpr int narrow_range = 16; // pages: what a search reads at least

bool has_plain_index(const Table &table, const std::string &key) {
    return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const ExistingIndex &index) {
        return index.definition.method == IndexMethod::btree && index.definition.predicate.empty() &&
               !index.definition.keys.empty() && index.definition.keys.front().text == key;
    });
}

bool hash_is_worthwhile(const MethodUse &use, const TableAccess &access, const Table &table,
                        const OrderedKeys &ordered) {
    if (ordered.contains({access.table, use.key}) || has_plain_index(table, use.key))
        return false;
    const Column *column = find_column(table, use.key);
    return column == nullptr ||
           (column->average_width >= wide_key &&
            (column->distinct == 0 || column->distinct >= table.rows * mostly_different));
}

bool brin_is_worthwhile(const MethodUse &use, const Table &table) {
    const Column *column = find_column(table, use.key);
    return column != nullptr && table.rows >= large_rows && static_cast<double>(table.bytes) >= large_bytes &&
           std::abs(column->correlation) >= in_order;
}

bool is_worthwhile(const MethodUse &use, const TableAccess &access, const Table &table,
                   const OrderedKeys &ordered, const CandidateOptions &options) {
    if (use.expression && !options.expressions)
        return false;
    switch (use.method) {
    case IndexMethod::btree: return false;
    case IndexMethod::hash: return hash_is_worthwhile(use, access, table, ordered);
    case IndexMethod::brin: return brin_is_worthwhile(use, table);
    case IndexMethod::gin:
    case IndexMethod::gist:
    case IndexMethod::spgist: return true;
    }
    return false;
}

// The planner prices a GiST scan of words or trigrams by its pages alone, yet its signatures let through what
// GIN finds exactly.
bool has_better_method(const MethodUse &use, const std::vector<MethodUse> &uses) {
    return use.method == IndexMethod::gist &&
           std::any_of(uses.begin(), uses.end(), [&](const MethodUse &other) {
               return other.method == IndexMethod::gin && other.key == use.key;
           });
}

IndexKey key_of(const MethodUse &use) {
    IndexKey key;
    key.text = use.key;
    key.expression = use.expression;
    key.opclass = use.opclass;
    return key;
}

Draft draft_of(const Table &table, IndexMethod method, std::vector<IndexKey> keys) {
    Draft draft;
    draft.definition.table = table.qualified;
    draft.definition.method = method;
    draft.definition.keys = std::move(keys);
    return draft;
}

// One index for all conditions that the method serves, with one operator class for each key. Only GIN
// searches by any of its keys as well as by the first.
std::optional<Draft> combined(const std::vector<MethodUse> &uses, const Table &table,
                              const CandidateOptions &options) {
    std::vector<IndexKey> keys;
    for (const MethodUse &use : uses) {
        const auto same = [&](const IndexKey &key) { return key.text == use.key; };
        if (use.method == IndexMethod::gin && std::none_of(keys.begin(), keys.end(), same))
            keys.push_back(key_of(use));
    }
    if (keys.size() < 2 || keys.size() > options.max_columns)
        return std::nullopt;
    std::sort(keys.begin(), keys.end());
    return draft_of(table, IndexMethod::gin, std::move(keys));
}

// The same with one condition of the access that never varies as its predicate.
std::vector<Draft> with_conditions(const std::vector<Draft> &drafts, const TableAccess &access) {
    std::vector<Draft> result;
    for (const Predicate &condition : access.predicates)
        for (Draft draft : drafts) {
            const auto same = [&](const IndexKey &key) { return key.text == condition.key; };
            const std::vector<IndexKey> &keys = draft.definition.keys;
            if (condition.constant_text.empty() || std::any_of(keys.begin(), keys.end(), same))
                continue;
            draft.definition.predicate = condition.constant_text;
            draft.conditions = {condition.constant_text};
            result.push_back(std::move(draft));
        }
    return result;
}

} // namespace

OrderedKeys ordered_keys(std::span<const Statement> statements) {
    OrderedKeys ordered;
    for (const Statement &statement : statements)
        for (const TableAccess &access : statement.accesses) {
            for (const Predicate &predicate : access.predicates)
                if (predicate.comparison == Comparison::range || predicate.comparison == Comparison::prefix)
                    ordered.insert({access.table, predicate.key});
            for (const SortKey &key : access.order)
                ordered.insert({access.table, key.key});
            for (const SortKey &key : access.group)
                ordered.insert({access.table, key.key});
        }
    return ordered;
}

std::vector<Draft> method_variants(const TableAccess &access, const Table &table, const OrderedKeys &ordered,
                                   const CandidateOptions &options) {
    std::vector<MethodUse> uses;
    std::copy_if(access.methods.begin(), access.methods.end(), std::back_inserter(uses),
                 [&](const MethodUse &use) {
                     return is_worthwhile(use, access, table, ordered, options) &&
                            !has_better_method(use, access.methods);
                 });
    std::vector<Draft> drafts;
    for (const MethodUse &use : uses) {
        drafts.push_back(draft_of(table, use.method, {key_of(use)}));
        if (use.method != IndexMethod::brin)
            continue;
        drafts.push_back(drafts.back());
        drafts.back().definition.pages_per_range = narrow_range;
    }
    if (auto draft = combined(uses, table, options))
        drafts.push_back(std::move(*draft));
    if (!options.partial)
        return drafts;
    for (Draft &draft : with_conditions(drafts, access))
        drafts.push_back(std::move(draft));
    return drafts;
}

} // namespace advisor::core
