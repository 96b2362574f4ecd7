// The rows of each advisor_ table, by theme; the module registers them.
#pragma once
#include "sqlite_ext/functions/table_function.h"

namespace advisor::sqlite {

std::vector<Row> statement_rows(Host &host, std::span<const Cell> arguments);
std::vector<Row> live_rows(Host &host, std::span<const Cell> arguments);
std::vector<Row> status_rows(Host &host, std::span<const Cell> arguments);
std::vector<Row> plan_rows(Host &host, std::span<const Cell> arguments);
std::vector<Row> what_if_rows(Host &host, std::span<const Cell> arguments);
std::vector<Row> recommend_index_rows(Host &host, std::span<const Cell> arguments);
std::vector<Row> recommendation_rows(Host &host, std::span<const Cell> arguments);
std::vector<Row> history_rows(Host &host, std::span<const Cell> arguments);
std::vector<Row> recommendation_statement_rows(Host &host, std::span<const Cell> arguments);
void prepare_analysis(Host &host);
std::vector<Row> rule_rows(Host &host, std::span<const Cell> arguments);
std::vector<Row> coverage_rows(Host &host, std::span<const Cell> arguments);

std::string iso_time(std::int64_t milliseconds); // UTC, ISO 8601
std::int64_t now_ms();

} // namespace advisor::sqlite
