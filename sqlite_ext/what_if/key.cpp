#include "sqlite_ext/what_if/key.h"

namespace advisor::sqlite {

namespace {

KeyValue read_value(sqlite3_stmt *statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT: return sqlite3_column_double(statement, column);
    default: break;
    }
    const bool text = sqlite3_column_type(statement, column) == SQLITE_TEXT;
    const void *bytes =
        text ? sqlite3_column_text(statement, column) : sqlite3_column_blob(statement, column);
    if (bytes == nullptr)
        return Bytes{{}, text};
    return Bytes{std::string(static_cast<const char *>(bytes),
                             static_cast<std::size_t>(sqlite3_column_bytes(statement, column))),
                 text};
}

struct Binder {
    sqlite3_stmt *statement;
    int position;

    void operator()(std::int64_t value) const { sqlite3_bind_int64(statement, position, value); }
    void operator()(double value) const { sqlite3_bind_double(statement, position, value); }
    void operator()(const Bytes &value) const {
        if (value.text)
            sqlite3_bind_text64(statement, position, value.bytes.data(), value.bytes.size(), SQLITE_TRANSIENT,
                                SQLITE_UTF8);
        else
            sqlite3_bind_blob64(statement, position, value.bytes.data(), value.bytes.size(),
                                SQLITE_TRANSIENT);
    }
};

} // namespace

Key read_key(Query &query, int first, std::size_t columns) {
    Key key;
    for (int column = first; column < first + static_cast<int>(columns); ++column)
        key.push_back(read_value(query.get(), column));
    return key;
}

void bind_key(Query &query, const Key &key, std::size_t columns) {
    for (std::size_t i = 0; i < columns; ++i)
        std::visit(Binder{query.get(), static_cast<int>(i) + 1}, key[i]);
}

} // namespace advisor::sqlite
