// The few things that rules ask the user's database while they run. Each only reads, and reads a bounded
// part.
#pragma once
#include "sqlite_ext/api.h"
#include "sqlite_ext/catalog/schema.h"

#include <optional>
#include <string>

namespace advisor::sqlite {

// What the columns ("a, b" as in SQL) of one row take together, in bytes: the average over a few rows spread
// over the table, or from both ends of one without rowids. Nothing for an empty table.
std::optional<double> sampled_bytes(sqlite3 *host, const TableInfo &table, const std::string &columns);

// The first rows that break a foreign key, as JSON: [[id of the key, rowid], …]. Reads the table whole.
// Empty: it can't be checked, since a key is broken as it is declared.
std::string foreign_key_violations(sqlite3 *host, const std::string &schema, const std::string &table);

} // namespace advisor::sqlite
