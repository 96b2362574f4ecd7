// The rows of each advisor_ table, by theme; the module registers them.
#pragma once
#include "sqlite_ext/functions/table_function.h"

namespace advisor::sqlite {

std::vector<Row> statement_rows(Host &host, std::span<const Cell> arguments);
std::vector<Row> status_rows(Host &host, std::span<const Cell> arguments);

std::string iso_time(std::int64_t milliseconds);  // UTC, ISO 8601
std::int64_t now_ms();

}  // namespace advisor::sqlite
