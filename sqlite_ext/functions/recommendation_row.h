// A recommendation as a row of advisor_recommendations, and its cells as JSON.
#pragma once
#include "sqlite_ext/advice/recommendations.h"
#include "sqlite_ext/functions/table_function.h"

#include <array>
#include <string>
#include <vector>

namespace advisor::sqlite {

constexpr std::array recommendation_columns = {
    "id",        "rule",     "category",    "severity",      "object",     "title",
    "detail",    "evidence", "benefit",     "storage_bytes", "confidence", "fix",
    "fix_steps", "rollback", "analysis_id", "status",        "first_seen", "last_seen"};

std::vector<Row> rows_of(Host &host, const Advice &advice);

std::string json_of(const Row &row, std::size_t column);

} // namespace advisor::sqlite
