#include "sqlite_ext/rules/host_questions.h"

#include "sqlite_ext/handles.h"

#include <cstdint>

namespace advisor::sqlite {

namespace {

constexpr int rows_looked_at = 64;
constexpr int max_violations = 1000;

struct Sum {
    double bytes = 0;
    int rows = 0;

    // As stored, without reading a number's digits: SQLite knows the length of texts and blobs.
    void add(const Query &row) {
        for (int column = 0; column < row.columns(); ++column) {
            const int type = sqlite3_column_type(row.get(), column);
            bytes += type == SQLITE_NULL      ? 0
                     : type == SQLITE_INTEGER ? 4
                     : type == SQLITE_FLOAT   ? 8
                                              : sqlite3_column_bytes(row.get(), column);
        }
        ++rows;
    }
};

void look_by_rowid(sqlite3 *host, const std::string &from, const std::string &columns,
                   const std::string &rowid, Sum &sum) {
    const auto low = single_integer(host, "SELECT min(" + rowid + ")" + from);
    const auto high = single_integer(host, "SELECT max(" + rowid + ")" + from);
    if (!low || !high)
        return;
    Query row(host, "SELECT " + columns + from + " WHERE " + rowid + " >= ?1 ORDER BY " + rowid + " LIMIT 1");
    // Unsigned, for rowids may lie further apart than a signed number goes.
    const std::uint64_t first = static_cast<std::uint64_t>(*low);
    const std::uint64_t step = (static_cast<std::uint64_t>(*high) - first) / rows_looked_at;
    for (int i = 0; i < rows_looked_at; ++i) {
        row.reset();
        row.bind(1, static_cast<std::int64_t>(first + step * static_cast<std::uint64_t>(i)));
        if (row.step())
            sum.add(row);
    }
}

// In the order of the key, and backwards.
void look_from_both_ends(sqlite3 *host, const std::string &from, const std::string &columns,
                         const TableInfo &table, Sum &sum) {
    for (const char *direction : {"", " DESC"}) {
        std::string order;
        for (int place = 1; place <= static_cast<int>(table.columns.size()); ++place)
            for (const ColumnInfo &column : table.columns)
                if (column.primary_key == place)
                    order += (order.empty() ? " ORDER BY " : ", ") + quoted(column.name) + direction;
        Query row(host, "SELECT " + columns + from + order + " LIMIT " + std::to_string(rows_looked_at / 2));
        while (row.step())
            sum.add(row);
    }
}

} // namespace

std::optional<double> sampled_bytes(sqlite3 *host, const TableInfo &table, const std::string &columns) {
    const std::string from = " FROM " + quoted(table.schema) + "." + quoted(table.name);
    Sum sum;
    if (table.has_rowids())
        look_by_rowid(host, from, columns, table.rowid_name, sum);
    else
        look_from_both_ends(host, from, columns, table, sum);
    return sum.rows > 0 ? std::optional(sum.bytes / sum.rows) : std::nullopt;
}

std::string foreign_key_violations(sqlite3 *host, const std::string &schema, const std::string &table) {
    std::string found;
    try {
        Query row(host, "SELECT fkid, rowid FROM pragma_foreign_key_check(?1, ?2) LIMIT " +
                            std::to_string(max_violations));
        row.bind(1, table);
        row.bind(2, schema);
        while (row.step())
            found += (found.empty() ? "[" : ", [") + std::to_string(row.integer(0)) + ", " +
                     (row.is_null(1) ? "null" : std::to_string(row.integer(1))) + "]";
    } catch (const Failure &failure) {
        if (failure.code() == SQLITE_ERROR) // foreign key mismatch
            return {};
        throw;
    }
    return "[" + found + "]";
}

} // namespace advisor::sqlite
