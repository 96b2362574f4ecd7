// Owning handles for connections and statements, and calls that throw instead of returning codes.
#pragma once
#include "sqlite_ext/api.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace advisor::sqlite {

// A failed SQLite call: the result code and SQLite's own message.
class Failure : public std::runtime_error {
public:
    Failure(int code, const std::string &message) : std::runtime_error(message), code_(code) {}
    int code() const noexcept { return code_; }

private:
    int code_;
};

struct ConnectionCloser {
    void operator()(sqlite3 *connection) const noexcept { sqlite3_close_v2(connection); }
};
using Connection = std::unique_ptr<sqlite3, ConnectionCloser>;

// Opens a connection of our own. While it is being opened the module's entry point does nothing on this
// thread: a host may have made the module an automatic extension.
Connection open_connection(const std::string &path, int flags);
bool opening_own_connection() noexcept;

void execute(sqlite3 *connection, const std::string &sql);
// Only the first statement, which is all that SQLite itself takes of a text in a schema.
void execute_first(sqlite3 *connection, const std::string &sql);

// One prepared statement. The tail behind the first statement is kept for those who must refuse it.
class Query {
public:
    Query(sqlite3 *connection, std::string_view sql, unsigned flags = 0);

    bool step(); // true: a row is there
    void reset() noexcept;
    void bind(int position, std::string_view value);
    void bind(int position, std::int64_t value);

    std::string text(int column) const;
    std::int64_t integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
    double real(int column) const { return sqlite3_column_double(statement_.get(), column); }
    bool is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }
    int columns() const { return sqlite3_column_count(statement_.get()); }
    sqlite3_stmt *get() const noexcept { return statement_.get(); }
    const std::string &tail() const noexcept { return tail_; }

private:
    struct Finalizer {
        void operator()(sqlite3_stmt *statement) const noexcept { sqlite3_finalize(statement); }
    };
    std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
    std::string tail_; // a copy: the text may be gone when somebody asks
};

std::optional<std::int64_t> single_integer(sqlite3 *connection, const std::string &sql);

std::string quoted(std::string_view name);         // "name", always
std::string string_literal(std::string_view text); // 'text'

} // namespace advisor::sqlite
