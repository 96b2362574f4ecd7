// How many rows a table of the user has, without reading much and without holding a read transaction for
// long.
#pragma once
#include "sqlite_ext/catalog/schema.h"
#include "sqlite_ext/handles.h"

#include <cstdint>
#include <string>
#include <vector>

namespace advisor::sqlite {

struct RowidRange {
    std::int64_t low = 0;
    std::int64_t high = -1; // less than low: the table is empty
    double span() const { return static_cast<double>(high) - static_cast<double>(low) + 1; }
};

RowidRange rowid_range(sqlite3 *connection, const TableInfo &table);

// Exact for small tables; for large ones from the density of rowids or sqlite_stat1, else counted up to two
// million.
double estimate_rows(sqlite3 *connection, const Schema &schema, const TableInfo &table);

// The rowid or the columns of the primary key, quoted, along which the table can be walked without a sort;
// empty where there is no such way.
std::vector<std::string> key_columns(sqlite3 *connection, const TableInfo &table);

std::string name_of(const TableInfo &table);                   // with its schema, quoted
std::string comma_list(const std::vector<std::string> &names); // "a, b"

} // namespace advisor::sqlite
