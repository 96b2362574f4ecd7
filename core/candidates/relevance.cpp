// An index serves an access by its leading keys, as the narrower place to read from, or by its predicate.
#include "core/candidates/relevance.h"

#include <algorithm>

namespace advisor::core {

namespace {

bool implied(const std::vector<std::string> &conditions, const TableAccess &access) {
    return std::all_of(conditions.begin(), conditions.end(), [&](const std::string &condition) {
        return std::any_of(access.predicates.begin(), access.predicates.end(),
                           [&](const Predicate &predicate) { return predicate.constant_text == condition; });
    });
}

bool searches_by(const IndexKey &key, const TableAccess &access) {
    const auto sorts = [&](const SortKey &sort) { return sort.key == key.text; };
    return std::any_of(access.predicates.begin(), access.predicates.end(),
                       [&](const Predicate &predicate) {
                           return predicate.comparison != Comparison::other && predicate.key == key.text;
                       }) ||
           std::any_of(access.order.begin(), access.order.end(), sorts) ||
           std::any_of(access.group.begin(), access.group.end(), sorts);
}

// Of a method without an order: the keys that it searches by.
std::string method_keys(const IndexDefinition &definition, const TableAccess &access) {
    std::string useful;
    for (const IndexKey &key : definition.keys)
        if (std::any_of(access.methods.begin(), access.methods.end(), [&](const MethodUse &use) {
                return use.method == definition.method && use.key == key.text && use.opclass == key.opclass;
            }))
            useful += "\nkey " + key.text + " " + key.opclass;
    return useful.empty() ? ""
                          : "\nmethod " + std::to_string(static_cast<int>(definition.method)) + " " +
                                std::to_string(definition.pages_per_range) + useful;
}

// The leading keys that the access searches or sorts by, then those that it can check in the index. With
// their direction, which matters where they give an order.
std::string useful_keys(const IndexDefinition &definition, const TableAccess &access) {
    if (definition.method != IndexMethod::btree)
        return method_keys(definition, access);
    std::string useful;
    bool leading = true;
    for (const IndexKey &key : definition.keys) {
        const bool wanted = searches_by(key, access);
        leading = leading && wanted;
        if (&key == &definition.keys.front() && !wanted)
            return "";
        if (wanted)
            useful += (leading ? "\nkey " : "\nchecked ") + key.text + " " + key.collation + " " +
                      key.opclass + (key.descending ? " desc" : "") + (key.nulls_first ? " nulls first" : "");
    }
    return useful;
}

bool covers(const IndexDefinition &definition, const TableAccess &access) {
    if (definition.method != IndexMethod::btree)
        return false;
    const auto in_index = [&](const std::string &column) {
        return std::find(definition.include.begin(), definition.include.end(), column) !=
                   definition.include.end() ||
               std::any_of(definition.keys.begin(), definition.keys.end(),
                           [&](const IndexKey &key) { return !key.expression && key.text == column; });
    };
    return !access.columns_read.empty() &&
           std::all_of(access.columns_read.begin(), access.columns_read.end(), in_index);
}

} // namespace

std::string service(const Candidate &candidate, const Statement &statement) {
    std::string offer;
    std::string predicate;
    for (const std::string &condition : candidate.conditions)
        predicate += "\nwhere " + condition;
    for (std::size_t i = 0; i < statement.accesses.size(); ++i) {
        const TableAccess &access = statement.accesses[i];
        if (access.table != candidate.table || !implied(candidate.conditions, access))
            continue;
        const std::string keys = useful_keys(candidate.definition, access);
        const bool covering = covers(candidate.definition, access);
        if (keys.empty() && !covering && candidate.conditions.empty())
            continue;
        offer += "\naccess " + std::to_string(i) + keys + (covering ? " covering" : "") + predicate;
    }
    return offer;
}

} // namespace advisor::core
