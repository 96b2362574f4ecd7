#include "sqlite_ext/what_if/statistics.h"

#include "core/catalog/ddl.h"

#include <algorithm>
#include <cmath>

namespace advisor::sqlite {

namespace {

constexpr double entry_overhead = 5; // header size, rowid's type, payload length, cell pointer

std::string key_text(const core::IndexKey &key) {
    return key.collation.empty() ? key.text : key.text + " COLLATE " + key.collation;
}

double rowid_width(double rows) {
    return rows < 128 ? 1 : rows < 32768 ? 2 : rows < 8388608 ? 3 : 4;
}

} // namespace

std::vector<core::Column> SampleStatistics::columns(std::size_t table) {
    std::vector<core::Column> result;
    for (const ColumnInfo &info : sample_.schema().tables[table].columns) {
        core::Column column;
        column.name = core::quote_identifier(info.name);
        const Width measured = width(column.name, table);
        column.average_width = measured.bytes;
        column.null_fraction = measured.null_fraction;
        column.distinct = groups(column.name, "", table).distinct;
        result.push_back(std::move(column));
    }
    return result;
}

std::string SampleStatistics::stat(const core::IndexDefinition &definition, std::size_t table) {
    const double fraction = matching_fraction(definition.predicate, table);
    const double rows = std::max(1.0, std::round(sampled_[table].rows * fraction));
    std::string text = std::to_string(static_cast<std::int64_t>(rows));
    std::string keys;
    for (const core::IndexKey &key : definition.keys) {
        keys += (keys.empty() ? "" : ", ") + key_text(key);
        const double distinct = std::max(1.0, groups(keys, definition.predicate, table).distinct);
        text += " " + std::to_string(static_cast<std::int64_t>(std::max(1.0, std::ceil(rows / distinct))));
    }
    return text;
}

std::uint64_t SampleStatistics::bytes(const core::IndexDefinition &definition, std::size_t table) {
    const double rows = sampled_[table].rows * matching_fraction(definition.predicate, table);
    double entry = entry_overhead + rowid_width(sampled_[table].rows);
    for (const core::IndexKey &key : definition.keys) {
        const double key_width = width(key.text, table).bytes;
        entry += key_width + (key_width > 57 ? 2 : 1);
    }
    if (entry > 130)
        entry += 1;
    const double page = static_cast<double>(sample_.schema().page_size);
    const double leaves = std::ceil(rows * entry / (page - 8));
    const double inner = std::ceil(leaves * (entry + 4) / page);
    return static_cast<std::uint64_t>(std::max(1.0, leaves + inner) * page);
}

std::uint64_t SampleStatistics::table_bytes(std::size_t table) {
    double row = entry_overhead + rowid_width(sampled_[table].rows);
    for (const ColumnInfo &column : sample_.schema().tables[table].columns)
        if (!column.generated)
            row += width(core::quote_identifier(column.name), table).bytes + 1;
    return static_cast<std::uint64_t>(row * sampled_[table].rows);
}

// Distinct values of the whole table from those in the sample (Duj1: what was seen once stands for the
// unseen).
SampleStatistics::Groups SampleStatistics::groups(const std::string &keys, const std::string &predicate,
                                                  std::size_t table) {
    const std::string where = predicate.empty() ? "" : " WHERE " + predicate;
    const std::string from = " FROM " + name_of(table) + where;
    const auto known = groups_.find(keys + from);
    if (known != groups_.end())
        return known->second;
    Query query(sample_.connection(), "SELECT sum(n), count(*), sum(n = 1) FROM (SELECT count(*) AS n" +
                                          from + " GROUP BY " + keys + ")");
    Groups result;
    if (query.step()) {
        const double sampled = query.real(0);
        const double seen = query.real(1);
        const double once = query.real(2);
        const SampledTable &size = sampled_[table];
        const double total = size.copied > 0 ? sampled * size.rows / static_cast<double>(size.copied) : 0;
        result.rows = sampled;
        if (sampled > 0 && total > 0)
            result.distinct = std::min(total, sampled * seen / (sampled - once + once * sampled / total));
    }
    return groups_.emplace(keys + from, result).first->second;
}

// The bytes that SQLite's record format takes, without the type byte.
SampleStatistics::Width SampleStatistics::width(const std::string &expression, std::size_t table) {
    const std::string key = std::to_string(table) + ":" + expression;
    const auto known = widths_.find(key);
    if (known != widths_.end())
        return known->second;
    Width result;
    try {
        Query query(
            sample_.connection(),
            "SELECT avg(CASE typeof(v) WHEN 'integer' THEN CASE WHEN v IN (0, 1) THEN 0 "
            "WHEN v BETWEEN -128 AND 127 THEN 1 WHEN v BETWEEN -32768 AND 32767 THEN 2 "
            "WHEN v BETWEEN -8388608 AND 8388607 THEN 3 WHEN v BETWEEN -2147483648 AND 2147483647 THEN 4 "
            "WHEN v BETWEEN -140737488355328 AND 140737488355327 THEN 6 ELSE 8 END "
            "WHEN 'real' THEN 8 WHEN 'null' THEN 0 ELSE length(CAST(v AS BLOB)) END), avg(v IS NULL) "
            "FROM (SELECT " +
                expression + " AS v FROM " + name_of(table) + ")");
        if (query.step()) {
            result.bytes = query.real(0);
            result.null_fraction = query.real(1);
        }
    } catch (const Failure &) {
        result.bytes = 8; // an expression that no index can hold: its candidate fails by itself
    }
    return widths_.emplace(key, result).first->second;
}

double SampleStatistics::matching_fraction(const std::string &predicate, std::size_t table) {
    if (predicate.empty())
        return 1;
    const std::string key = std::to_string(table) + ":" + predicate;
    const auto known = fractions_.find(key);
    if (known != fractions_.end())
        return known->second;
    double fraction = 1;
    try {
        Query query(sample_.connection(),
                    "SELECT avg(coalesce((" + predicate + "), 0) <> 0) FROM " + name_of(table));
        if (query.step())
            fraction = query.real(0);
    } catch (const Failure &) {
        fraction = 1;
    }
    return fractions_.emplace(key, fraction).first->second;
}

std::string SampleStatistics::name_of(std::size_t table) const {
    const TableInfo &info = sample_.schema().tables[table];
    return quoted(info.schema) + "." + quoted(info.name);
}

} // namespace advisor::sqlite
