// Tables and indexes as values. Names and expressions are stored as the engine quotes them, ready for DDL.
#pragma once
#include "core/index_method.h"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace advisor::core {

struct IndexKey {
    std::string text; // a quoted column name, or an expression in parentheses
    bool expression = false;
    bool descending = false;
    bool nulls_first = false; // PostgreSQL: the default is nulls_first == descending; SQLite ignores it
    std::string collation;    // quoted; empty: the column's own
    std::string opclass;      // quoted; empty: the type's default

    auto operator<=>(const IndexKey &) const = default;
};

struct IndexDefinition {
    std::string table; // schema-qualified, quoted
    IndexMethod method = IndexMethod::btree;
    std::vector<IndexKey> keys;
    std::vector<std::string> include; // quoted column names; PostgreSQL only
    std::string predicate;            // WHERE condition without the word; empty: none
    bool unique = false;
    int pages_per_range = 0; // of a BRIN; 0: the server's default

    auto operator<=>(const IndexDefinition &) const = default;
};

struct ExistingIndex {
    std::string name; // schema-qualified, quoted
    IndexDefinition definition;
    std::uint64_t bytes = 0;
    bool constraint = false; // backs a primary key, unique or exclusion constraint
    std::uint64_t id = 0;    // the engine's own number; opaque to the core
};

struct Column {
    std::string name;         // quoted
    double average_width = 0; // bytes
    double distinct = 0;      // estimated number of values; 0: unknown
    double null_fraction = 0; // 0–1
    double correlation = 0;   // of the values' order with the rows', -1–1; 0: unknown
};

struct Partition {
    std::string schema;    // unquoted
    std::string name;      // unquoted
    std::string qualified; // schema-qualified, quoted
    std::string parent;    // the qualified name that it is attached to
    bool leaf = true;
};

struct Table {
    std::uint64_t id = 0;  // the engine's own number; opaque to the core
    std::string schema;    // unquoted
    std::string name;      // unquoted
    std::string qualified; // schema-qualified, quoted: the object identity in recommendations
    double rows = 0;
    std::uint64_t bytes = 0;
    std::vector<Column> columns;
    std::vector<ExistingIndex> indexes; // valid ones only
    std::vector<Partition> partitions;  // of a partitioned table: all below it, parents before their children
};

// Null when there is no such column; name: quoted.
inline const Column *find_column(const Table &table, const std::string &name) {
    const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                    [&](const Column &column) { return column.name == name; });
    return found == table.columns.end() ? nullptr : &*found;
}

} // namespace advisor::core
