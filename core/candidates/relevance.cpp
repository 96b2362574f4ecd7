// An index can serve an access by its leading key, as the narrower place to read from, or by its predicate.
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

bool covers(const IndexDefinition &definition, const TableAccess &access) {
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

bool can_serve(const Candidate &candidate, const Statement &statement) {
    return std::any_of(statement.accesses.begin(), statement.accesses.end(), [&](const TableAccess &access) {
        if (access.table != candidate.table || !implied(candidate.conditions, access))
            return false;
        return !candidate.conditions.empty() || searches_by(candidate.definition.keys.front(), access) ||
               covers(candidate.definition, access);
    });
}

} // namespace advisor::core
