// Conditions on expressions, which no virtual table is told about: lower(email) = ?, json_extract(meta,
// '$.c') = ?.
#pragma once
#include "core/workload/workload.h"
#include "sqlite_ext/catalog/schema.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace advisor::sqlite {

struct ExpressionCondition {
    std::size_t table = 0; // position in Schema::tables
    core::Predicate predicate;
};

std::vector<ExpressionCondition> expression_conditions(std::string_view sql, const Schema &schema);

} // namespace advisor::sqlite
