#include "sqlite_ext/handles.h"

namespace advisor::sqlite {

namespace {

thread_local int own_connections_opening = 0;

struct OpeningMark {
    OpeningMark() { ++own_connections_opening; }
    ~OpeningMark() { --own_connections_opening; }
};

std::string doubled(std::string_view text, char quote) {
    std::string result(1, quote);
    for (const char c : text) {
        if (c == quote)
            result += quote;
        result += c;
    }
    return result += quote;
}

[[noreturn]] void fail(sqlite3 *connection, int code) {
    if (code == SQLITE_NOMEM)
        throw std::bad_alloc();
    throw Failure(code, sqlite3_errmsg(connection));
}

} // namespace

bool opening_own_connection() noexcept {
    return own_connections_opening > 0;
}

Connection open_connection(const std::string &path, int flags) {
    const OpeningMark mark;
    sqlite3 *raw = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    Connection connection(raw);
    if (code != SQLITE_OK) {
        if (connection == nullptr)
            throw std::bad_alloc();
        fail(connection.get(), code);
    }
    // Where the library lets SQL set the address of a tokenizer, statements of others must not do so here.
    sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0, nullptr);
    return connection;
}

void execute(sqlite3 *connection, const std::string &sql) {
    const int code = sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        fail(connection, code);
}

void execute_first(sqlite3 *connection, const std::string &sql) {
    Query query(connection, sql);
    while (query.step()) {
    }
}

Query::Query(sqlite3 *connection, std::string_view sql, unsigned flags) {
    sqlite3_stmt *raw = nullptr;
    const char *tail = nullptr;
    const int code =
        sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()), flags, &raw, &tail);
    statement_.reset(raw);
    if (code != SQLITE_OK)
        fail(connection, code);
    if (tail != nullptr)
        tail_ = sql.substr(static_cast<std::size_t>(tail - sql.data()));
}

bool Query::step() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        fail(sqlite3_db_handle(statement_.get()), code);
    return false;
}

void Query::reset() noexcept {
    sqlite3_reset(statement_.get());
}

void Query::bind(int position, std::string_view value) {
    sqlite3_bind_text64(statement_.get(), position, value.data(), value.size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
}

void Query::bind(int position, std::int64_t value) {
    sqlite3_bind_int64(statement_.get(), position, value);
}

std::string Query::text(int column) const {
    const auto *value = reinterpret_cast<const char *>(sqlite3_column_text(statement_.get(), column));
    if (value == nullptr)
        return {};
    return {value, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::optional<std::int64_t> single_integer(sqlite3 *connection, const std::string &sql) {
    Query query(connection, sql);
    if (!query.step() || query.is_null(0))
        return std::nullopt;
    return query.integer(0);
}

std::string quoted(std::string_view name) {
    return doubled(name, '"');
}

std::string string_literal(std::string_view text) {
    return doubled(text, '\'');
}

} // namespace advisor::sqlite
