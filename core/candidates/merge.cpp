// Prefixes, permutations and unions of index definitions.
#include "core/candidates/merge.h"

#include <algorithm>
#include <utility>

namespace advisor::core {

namespace {

bool same_key(const IndexKey &left, const IndexKey &right, bool reversed) {
    return left.text == right.text && left.collation == right.collation && left.opclass == right.opclass &&
           (left.descending != right.descending) == reversed &&
           (left.nulls_first != right.nulls_first) == reversed;
}

bool leading_keys(const std::vector<IndexKey> &keys, const std::vector<IndexKey> &longer, bool reversed) {
    return keys.size() <= longer.size() && std::equal(keys.begin(), keys.end(), longer.begin(),
                                                      [&](const IndexKey &left, const IndexKey &right) {
                                                          return same_key(left, right, reversed);
                                                      });
}

bool has_column(const IndexDefinition &definition, const std::string &column) {
    return std::find(definition.include.begin(), definition.include.end(), column) !=
               definition.include.end() ||
           std::any_of(definition.keys.begin(), definition.keys.end(),
                       [&](const IndexKey &key) { return !key.expression && key.text == column; });
}

bool among(const IndexKey &key, const std::vector<IndexKey> &keys, std::size_t count) {
    const auto end = keys.begin() + static_cast<std::ptrdiff_t>(count);
    return std::find(keys.begin(), end, key) != end;
}

// The second's keys with those of the first moved to the front; empty when that would change what it serves.
std::vector<IndexKey> shared_front(const Draft &first, const Draft &second) {
    const std::vector<IndexKey> &front = first.definition.keys;
    const std::vector<IndexKey> &keys = second.definition.keys;
    if (leading_keys(front, keys, false))
        return keys;
    const bool all_equality = first.equality_keys == front.size();
    for (const IndexKey &key : front)
        if (!all_equality || !among(key, keys, second.equality_keys))
            return {};
    std::vector<IndexKey> result = front;
    for (const IndexKey &key : keys)
        if (!among(key, front, front.size()))
            result.push_back(key);
    return result;
}

} // namespace

bool makes_unnecessary(const IndexDefinition &existing, const IndexDefinition &definition) {
    if (existing.method != definition.method || existing.predicate != definition.predicate)
        return false;
    if (existing.method != IndexMethod::btree && existing.keys != definition.keys)
        return false;
    if (!leading_keys(definition.keys, existing.keys, false) &&
        !leading_keys(definition.keys, existing.keys, true))
        return false;
    return std::all_of(definition.include.begin(), definition.include.end(),
                       [&](const std::string &column) { return has_column(existing, column); });
}

std::optional<Draft> merged(const Draft &first, const Draft &second, const Table &table,
                            const CandidateOptions &options) {
    const bool in_order =
        first.definition.method == IndexMethod::btree && second.definition.method == IndexMethod::btree;
    if (!in_order || first.definition.predicate != second.definition.predicate ||
        first.definition.keys.size() > second.definition.keys.size())
        return std::nullopt;
    Draft result = second;
    result.definition.keys = shared_front(first, second);
    if (result.definition.keys.empty())
        return std::nullopt;
    std::vector<std::string> include = first.definition.include;
    include.insert(include.end(), second.definition.include.begin(), second.definition.include.end());
    std::sort(include.begin(), include.end());
    include.erase(std::unique(include.begin(), include.end()), include.end());
    auto fitting = included_columns(include, result.definition.keys, table, options);
    if (!fitting)
        return std::nullopt;
    result.definition.include = std::move(*fitting);
    return result;
}

} // namespace advisor::core
