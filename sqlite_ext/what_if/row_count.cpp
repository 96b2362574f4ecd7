#include "sqlite_ext/what_if/row_count.h"

#include "sqlite_ext/what_if/key.h"
#include "sqlite_ext/what_if/random.h"
#include "sqlite_ext/what_if/read_lease.h"
#include "sqlite_ext/what_if/sample.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace advisor::sqlite {

namespace {

constexpr std::int64_t count_limit = 2'000'000; // rows that a count may walk over …
constexpr std::int64_t count_step = 20'000;     // … that many at a time
constexpr double most_rows = 1e15;              // no file holds more; statistics and rowids may pretend to
constexpr int density_windows = 24;
constexpr std::int64_t window_width = 256;

double analyzed_rows(const Schema &schema, const TableInfo &table) {
    double rows = 0;
    for (const StatisticsRow &row : schema.statistics)
        if (row.schema == table.schema && row.table == table.name)
            rows = std::max(rows, std::strtod(row.stat.c_str(), nullptr));
    return std::min(rows, most_rows);
}

// Each statement finds the key that lies a step further; the last one counts what is left.
double count_by_keys(sqlite3 *connection, const TableInfo &table, const std::vector<std::string> &columns,
                     ReadLease &lease) {
    const std::string keys = comma_list(columns);
    const std::string from = " FROM " + name_of(table);
    std::string after = " WHERE (" + keys + ") > (?1";
    for (std::size_t i = 1; i < columns.size(); ++i)
        after += ", ?" + std::to_string(i + 1);
    after += ")";
    const std::string further = " ORDER BY " + keys + " LIMIT 1 OFFSET " + std::to_string(count_step - 1);
    const auto count_text = [&](const std::string &condition) {
        return "SELECT count(*) FROM (SELECT 1" + from + condition + " ORDER BY " + keys + " LIMIT " +
               std::to_string(count_step) + ")";
    };
    Query next(connection, "SELECT " + keys + from + after + further);
    std::int64_t counted = 0;
    Key key;
    {
        Query first(connection, "SELECT " + keys + from + further);
        if (!first.step())
            return static_cast<double>(single_integer(connection, count_text("")).value_or(0));
        key = read_key(first, 0, columns.size());
    }
    for (counted = count_step; counted < count_limit; counted += count_step) {
        bind_key(next, key, columns.size());
        const bool more = next.step();
        if (more)
            key = read_key(next, 0, columns.size());
        next.reset();
        lease.renew();
        if (!more)
            break;
    }
    Query rest(connection, count_text(after));
    bind_key(rest, key, columns.size());
    rest.step();
    return static_cast<double>(counted + rest.integer(0));
}

// From how many rows lie in small windows of rowids; nothing where most of them are empty.
double rows_by_density(sqlite3 *connection, const TableInfo &table, const RowidRange &range) {
    Query window(connection, "SELECT count(*) FROM " + name_of(table) + " WHERE " + quoted(table.rowid_name) +
                                 " BETWEEN ?1 AND ?2");
    Random random(static_cast<std::uint64_t>(range.high));
    std::int64_t found = 0;
    for (int i = 0; i < density_windows; ++i) {
        const std::int64_t start = random.between(range.low, range.high - window_width);
        window.reset();
        window.bind(1, start);
        window.bind(2, start + window_width - 1);
        window.step();
        found += window.integer(0);
    }
    return found <= density_windows
               ? 0
               : std::round(range.span() * static_cast<double>(found) / (density_windows * window_width));
}

} // namespace

// The ends of the table: min and max in one SELECT would read all of it.
RowidRange rowid_range(sqlite3 *connection, const TableInfo &table) {
    const std::string rowid = quoted(table.rowid_name);
    const std::string start = "SELECT " + rowid + " FROM " + name_of(table) + " ORDER BY " + rowid;
    RowidRange range;
    const auto low = single_integer(connection, start + " LIMIT 1");
    const auto high = single_integer(connection, start + " DESC LIMIT 1");
    if (low && high)
        range = {*low, *high};
    return range;
}

double estimate_rows(sqlite3 *connection, const Schema &schema, const TableInfo &table) {
    ReadLease lease(connection, table.schema);
    if (table.has_rowids()) {
        const RowidRange range = rowid_range(connection, table);
        if (range.high < range.low)
            return 0;
        if (range.span() > 4.0 * complete_rows)
            if (const double rows = rows_by_density(connection, table, range); rows > 0)
                return std::min(rows, most_rows);
    }
    if (const double rows = analyzed_rows(schema, table); rows > static_cast<double>(count_limit))
        return rows;
    if (const std::vector<std::string> columns = key_columns(connection, table); !columns.empty())
        return count_by_keys(connection, table, columns, lease);
    return static_cast<double>(single_integer(connection, "SELECT count(*) FROM (SELECT 1 FROM " +
                                                              name_of(table) + " LIMIT " +
                                                              std::to_string(10 * count_step) + ")")
                                   .value_or(0));
}

std::vector<std::string> key_columns(sqlite3 *connection, const TableInfo &table) {
    if (table.has_rowids() && (table.kind == TableKind::ordinary || table.is_full_text()))
        return {quoted(table.rowid_name)};
    std::vector<std::string> names;
    if (table.kind == TableKind::without_rowid)
        for (int place = 1; names.size() + 1 == static_cast<std::size_t>(place); ++place)
            for (const ColumnInfo &column : table.columns)
                if (column.primary_key == place)
                    names.push_back(quoted(column.name));
    if (names.empty())
        return names;
    // A key of which some columns descend has its rows in another order.
    Query plan(connection,
               "EXPLAIN QUERY PLAN SELECT 1 FROM " + name_of(table) + " ORDER BY " + comma_list(names));
    while (plan.step())
        if (plan.text(3).find("TEMP B-TREE") != std::string::npos)
            return {};
    return names;
}

std::string name_of(const TableInfo &table) {
    return quoted(table.schema) + "." + quoted(table.name);
}

std::string comma_list(const std::vector<std::string> &names) {
    std::string list;
    for (const std::string &name : names)
        list += (list.empty() ? "" : ", ") + name;
    return list;
}

} // namespace advisor::sqlite
