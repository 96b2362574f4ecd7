// Table-valued functions: eponymous virtual tables whose rows are computed at once when they are read.
#pragma once
#include "sqlite_ext/observe/host.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace advisor::sqlite {

using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;
using Row = std::vector<Cell>;

struct TableFunction {
    const char *name;
    const char *columns; // comma separated, as in CREATE TABLE; hidden arguments last
    int visible;         // number of columns before the arguments
    int required;        // that many of the arguments must be given
    // One cell per argument, null where none was given.
    std::vector<Row> (*rows)(Host &host, std::span<const Cell> arguments);
    // Null, or the long work on the user's tables that rows will find done. It is called while the query is
    // prepared: once that runs, SQLite holds a read transaction on the main database for it, which locks
    // writers out of a database in rollback-journal mode.
    void (*prepare)(Host &host) = nullptr;
};

// The definition must outlive the connection.
int register_table_function(sqlite3 *connection, const TableFunction &definition, Host &host);

Cell cell_of(sqlite3_value *value);
Cell text_or_null(const std::string &text);
std::optional<std::int64_t> integer_argument(const Cell &cell, const char *name);
std::string text_argument(const Cell &cell, const char *name);

} // namespace advisor::sqlite
