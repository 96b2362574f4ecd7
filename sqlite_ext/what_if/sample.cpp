#include "sqlite_ext/what_if/sample.h"

#include "sqlite_ext/text/tokens.h"
#include "sqlite_ext/what_if/random_keys.h"
#include "sqlite_ext/what_if/read_lease.h"
#include "sqlite_ext/what_if/row_count.h"

#include <algorithm>
#include <compare>
#include <optional>

namespace advisor::sqlite {

namespace {

constexpr std::int64_t rows_at_a_time = 500; // copied at a time
constexpr std::int64_t scan_limit = 20'000;  // rows that a sample without keys may walk over
constexpr int max_misses = 4;                // random keys for each row that is wanted
constexpr int max_value_bytes = 16 << 10;
constexpr std::int64_t max_sample_bytes = std::int64_t{8} << 20; // of one table …
constexpr std::int64_t max_text_bytes = std::int64_t{1} << 20;   // … whose words have to be indexed

std::string column_list(const TableInfo &table) {
    std::string list;
    if (table.has_rowids() && table.rowid_column.empty())
        list = quoted(table.rowid_name);
    for (const ColumnInfo &column : table.columns)
        if (!column.generated)
            list += (list.empty() ? "" : ", ") + quoted(column.name);
    return list;
}

// Copies the row that the source stands on; gives its size.
std::int64_t copy_row(Query &source, Query &target) {
    std::int64_t bytes = 0;
    target.reset();
    for (int i = 0; i < sqlite3_bind_parameter_count(target.get()); ++i) {
        sqlite3_value *value = sqlite3_column_value(source.get(), i);
        const int type = sqlite3_column_type(source.get(), i);
        const int size =
            type == SQLITE_TEXT || type == SQLITE_BLOB ? sqlite3_column_bytes(source.get(), i) : 8;
        bytes += std::min(size, max_value_bytes);
        if (size <= max_value_bytes)
            sqlite3_bind_value(target.get(), i + 1, value);
        else if (type == SQLITE_BLOB)
            sqlite3_bind_zeroblob(target.get(), i + 1, max_value_bytes);
        else
            sqlite3_bind_text(target.get(), i + 1,
                              reinterpret_cast<const char *>(sqlite3_column_text(source.get(), i)),
                              max_value_bytes, SQLITE_TRANSIENT);
    }
    target.step();
    return bytes;
}

// A row to copy, or the place from which the next one is taken.
struct Pick {
    std::int64_t rowid = 0;
    bool small = false; // into the small clone too

    auto operator<=>(const Pick &) const = default;
};

using Picks = std::vector<Pick>;

// Writes rows into both clones and notes which rows of other tables they refer to.
class Target {
public:
    Target(const TableInfo &table, Clone &large, Clone &small)
        : max_bytes_(table.is_full_text() ? max_text_bytes : max_sample_bytes), large_(large), small_(small),
          into_large_(large.connection(), insert_text(table)),
          into_small_(small.connection(), insert_text(table)) {
        execute(large_.connection(), "BEGIN");
        execute(small_.connection(), "BEGIN");
    }

    void note(int position, Picks &needed) { references_.emplace_back(position, &needed); }

    // False: enough.
    bool add(Query &source, bool small) {
        bytes_ += copy_row(source, into_large_);
        if (sqlite3_changes(large_.connection()) == 0)
            return true; // it is there already
        ++copied_;
        if (small)
            copy_row(source, into_small_);
        for (const auto &[position, needed] : references_)
            if (!source.is_null(position))
                needed->push_back({source.integer(position), small});
        return bytes_ < max_bytes_;
    }

    std::int64_t copied() const { return copied_; }

    std::int64_t finish() {
        into_large_.reset();
        into_small_.reset();
        execute(large_.connection(), "COMMIT");
        execute(small_.connection(), "COMMIT");
        return copied_;
    }

private:
    static std::string insert_text(const TableInfo &table) {
        const std::string columns = column_list(table);
        std::string text = "INSERT OR IGNORE INTO " + name_of(table) + "(" + columns + ") VALUES(?1";
        int count = table.has_rowids() && table.rowid_column.empty() ? 1 : 0;
        for (const ColumnInfo &column : table.columns)
            count += column.generated ? 0 : 1;
        for (int i = 2; i <= count; ++i)
            text += ",?" + std::to_string(i);
        return text + ")";
    }

    std::int64_t max_bytes_;
    Clone &large_;
    Clone &small_;
    Query into_large_;
    Query into_small_;
    std::vector<std::pair<int, Picks *>> references_;
    std::int64_t bytes_ = 0;
    std::int64_t copied_ = 0;
};

// What others refer to, filled up with random rowids (not blocks: neighbours are alike). Ascending.
Picks choose(const TableInfo &table, const RowidRange &range, Picks needed) {
    Random random(static_cast<std::uint64_t>(range.high) + table.name.size());
    for (std::size_t i = needed.size(); i > 1; --i)
        std::swap(needed[i - 1],
                  needed[static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(i) - 1))]);
    if (needed.size() > static_cast<std::size_t>(sample_rows))
        needed.resize(static_cast<std::size_t>(sample_rows));
    for (std::int64_t i = 0; needed.size() < static_cast<std::size_t>(sample_rows); ++i)
        needed.push_back({random.between(range.low, range.high), i % (sample_rows / small_sample_rows) == 0});
    std::sort(needed.begin(), needed.end());
    return needed;
}

// In ascending order, so that each page is read at most once.
void copy_by_rowid(sqlite3 *connection, const TableInfo &table, const Picks &picks, Target &target) {
    const std::string rowid = quoted(table.rowid_name);
    Query source(connection, "SELECT " + column_list(table) + ", " + rowid + " FROM " + name_of(table) +
                                 " WHERE " + rowid + " >= ?1 ORDER BY " + rowid + " LIMIT 1");
    ReadLease lease(connection, table.schema);
    std::optional<std::int64_t> last;
    for (std::size_t i = 0; i < picks.size(); ++i) {
        if (i + 1 < picks.size() && picks[i + 1].rowid == picks[i].rowid)
            continue; // the one that goes into both clones comes last
        if (last && picks[i].rowid <= *last)
            continue;
        source.reset();
        lease.renew();
        source.bind(1, picks[i].rowid);
        if (!source.step())
            return;
        last = source.integer(source.columns() - 1);
        if (!target.add(source, picks[i].small))
            return;
    }
}

// The same row may be met again: it is copied once, for it has a key.
void copy_by_random_keys(sqlite3 *connection, const TableInfo &table, const std::vector<std::string> &keys,
                         Target &target) {
    constexpr std::int64_t small_step = sample_rows / small_sample_rows;
    ReadLease lease(connection, table.schema);
    RandomKeys source(connection, table, keys, column_list(table));
    for (std::int64_t tries = 0; tries < max_misses * sample_rows && target.copied() < sample_rows; ++tries) {
        lease.renew();
        Query *row = source.seek();
        if (row == nullptr)
            continue;
        const bool more = target.add(*row, target.copied() % small_step == 0);
        row->reset();
        if (!more)
            return;
    }
}

// All rows, some at a time.
void copy_whole(sqlite3 *connection, const TableInfo &table, const std::vector<std::string> &keys,
                Target &target) {
    const std::string start =
        "SELECT " + column_list(table) + ", " + comma_list(keys) + " FROM " + name_of(table);
    const std::string end = " ORDER BY " + comma_list(keys) + " LIMIT " + std::to_string(rows_at_a_time);
    std::string parameters;
    for (std::size_t i = 1; i <= keys.size(); ++i)
        parameters += (i == 1 ? "?" : ", ?") + std::to_string(i);
    Query first(connection, start + end);
    Query next(connection, start + " WHERE (" + comma_list(keys) + ") > (" + parameters + ")" + end);
    ReadLease lease(connection, table.schema);
    Query *source = &first;
    Key last;
    for (std::int64_t rows = 0; rows < 2 * complete_rows; rows += rows_at_a_time) {
        std::int64_t found = 0;
        lease.renew();
        for (; source->step(); ++found) {
            if (!target.add(*source, true))
                return;
            if (found + 1 == rows_at_a_time)
                last = read_key(*source, source->columns() - static_cast<int>(keys.size()), keys.size());
        }
        source->reset();
        if (found < rows_at_a_time)
            return;
        source = &next;
        bind_key(next, last, keys.size());
    }
}

// Where the rows have no order that one could jump in: the first ones.
void copy_by_scan(sqlite3 *connection, const TableInfo &table, double rows, bool whole, Target &target) {
    const auto reach = static_cast<std::int64_t>(std::min(rows, static_cast<double>(scan_limit)));
    const std::int64_t step = whole ? 1 : std::max<std::int64_t>(1, reach / sample_rows);
    constexpr std::int64_t small_step = sample_rows / small_sample_rows;
    Query source(connection, "SELECT " + column_list(table) + " FROM " + name_of(table) + " LIMIT " +
                                 std::to_string(scan_limit));
    for (std::int64_t row = 0; source.step(); ++row)
        if (row % step == 0 && !target.add(source, whole || row / step % small_step == 0))
            return;
}

int column_position(const TableInfo &table, const std::string &name) {
    int position = table.has_rowids() && table.rowid_column.empty() ? 1 : 0;
    for (const ColumnInfo &column : table.columns) {
        if (column.generated)
            continue;
        if (equal_ignoring_case(column.name, name))
            return position;
        ++position;
    }
    return -1;
}

// Referring tables before those that they refer to; where they refer to each other, as they come.
std::vector<std::size_t> copying_order(const std::vector<bool> &wanted,
                                       const std::vector<Reference> &references) {
    std::vector<std::size_t> order;
    std::vector<bool> done(wanted.size());
    while (true) {
        std::optional<std::size_t> next;
        bool free = false;
        for (std::size_t table = 0; table < wanted.size() && !free; ++table) {
            if (!wanted[table] || done[table])
                continue;
            free = std::none_of(references.begin(), references.end(), [&](const Reference &reference) {
                return reference.parent == table && wanted[reference.child] && !done[reference.child];
            });
            if (free || !next)
                next = table;
        }
        if (!next)
            return order;
        done[*next] = true;
        order.push_back(*next);
    }
}

} // namespace

std::vector<SampledTable> copy_samples(sqlite3 *connection, const Schema &schema,
                                       const std::vector<bool> &wanted,
                                       const std::vector<Reference> &references, Clone &large, Clone &small) {
    std::vector<SampledTable> sampled(schema.tables.size());
    std::vector<Picks> needed(schema.tables.size());
    for (const std::size_t position : copying_order(wanted, references)) {
        const TableInfo &table = schema.tables[position];
        sampled[position].rows = estimate_rows(connection, schema, table);
        const bool whole = sampled[position].rows <= static_cast<double>(complete_rows);
        Target target(table, large, small);
        for (const Reference &reference : references)
            if (const int column = column_position(table, reference.column);
                reference.child == position && column >= 0)
                target.note(column, needed[reference.parent]);
        const std::vector<std::string> keys = key_columns(connection, table);
        if (whole && !keys.empty()) {
            sampled[position].taken = "all";
            copy_whole(connection, table, keys, target);
        } else if (!whole && table.has_rowids()) {
            sampled[position].taken = "by random rowids";
            copy_by_rowid(connection, table,
                          choose(table, rowid_range(connection, table), std::move(needed[position])), target);
        } else if (!whole && !keys.empty()) {
            sampled[position].taken = "by random key prefixes";
            copy_by_random_keys(connection, table, keys, target);
        } else {
            sampled[position].taken = "the first ones";
            copy_by_scan(connection, table, sampled[position].rows, whole, target);
        }
        sampled[position].copied = target.finish();
    }
    return sampled;
}

} // namespace advisor::sqlite
