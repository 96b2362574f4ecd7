// advisor_statements and advisor_live: what ran, as it was recorded and as the prepared statements tell.
#include "sqlite_ext/functions/tables.h"

#include <ctime>
#include <map>

namespace advisor::sqlite {

std::vector<Row> statement_rows(Host &host, std::span<const Cell>) {
    std::vector<Row> rows;
    for (const RecordedStatement &statement : host.store().statements()) {
        const Counters &sum = statement.counters;
        const bool reads = statement.kind == core::StatementKind::select;
        const double mean = sum.calls > 0 ? sum.total_ms / static_cast<double>(sum.calls) : 0;
        const Example *example = statement.examples.empty() ? nullptr : &statement.examples.front();
        rows.push_back({statement.queryid, statement.query, std::string(kind_name(statement.kind)), sum.calls,
                        sum.total_ms, mean, sum.max_ms, reads ? Cell{} : Cell{sum.rows}, sum.vm_steps,
                        sum.fullscan_steps, sum.sorts, sum.autoindex_rows, sum.reprepares,
                        iso_time(statement.first_seen), iso_time(statement.last_seen),
                        example == nullptr
                            ? Cell{}
                            : Cell{example->expanded.empty() ? example->text : example->expanded}});
    }
    return rows;
}

// What the prepared statements of this connection have counted themselves, whether or not it is traced.
std::vector<Row> live_rows(Host &host, std::span<const Cell>) {
    std::map<std::int64_t, std::pair<NormalizedStatement, Counters>> found;
    std::map<std::int64_t, std::string> texts;
    for (sqlite3_stmt *statement = sqlite3_next_stmt(host.connection(), nullptr); statement != nullptr;
         statement = sqlite3_next_stmt(host.connection(), statement)) {
        const char *text = sqlite3_sql(statement);
        const auto counter = [&](int name) {
            return static_cast<std::int64_t>(
                static_cast<std::uint32_t>(sqlite3_stmt_status(statement, name, 0)));
        };
        if (text == nullptr)
            continue;
        NormalizedStatement normalized = normalize(text);
        if (normalized.own || normalized.text.empty())
            continue;
        Counters counters;
        counters.calls = counter(SQLITE_STMTSTATUS_RUN);
        counters.vm_steps = counter(SQLITE_STMTSTATUS_VM_STEP);
        counters.fullscan_steps = counter(SQLITE_STMTSTATUS_FULLSCAN_STEP);
        counters.sorts = counter(SQLITE_STMTSTATUS_SORT);
        counters.autoindex_rows = counter(SQLITE_STMTSTATUS_AUTOINDEX);
        counters.reprepares = counter(SQLITE_STMTSTATUS_REPREPARE);
        texts.emplace(normalized.queryid, text);
        const std::int64_t queryid = normalized.queryid;
        found.try_emplace(queryid, std::move(normalized), Counters{}).first->second.second.add(counters);
    }
    std::vector<Row> rows;
    for (const auto &[queryid, entry] : found) {
        const Counters &sum = entry.second;
        rows.push_back({queryid, entry.first.text, std::string(kind_name(entry.first.kind)), sum.calls,
                        Cell{}, Cell{}, Cell{}, Cell{}, sum.vm_steps, sum.fullscan_steps, sum.sorts,
                        sum.autoindex_rows, sum.reprepares, Cell{}, Cell{}, texts[queryid]});
    }
    return rows;
}

std::string iso_time(std::int64_t milliseconds) {
    const auto seconds = static_cast<std::time_t>(milliseconds / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    const auto padded = [](std::int64_t number, std::size_t width) {
        std::string digits = std::to_string(number);
        return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
    };
    return padded(parts.tm_year + 1900, 4) + "-" + padded(parts.tm_mon + 1, 2) + "-" +
           padded(parts.tm_mday, 2) + "T" + padded(parts.tm_hour, 2) + ":" + padded(parts.tm_min, 2) + ":" +
           padded(parts.tm_sec, 2) + "." + padded(milliseconds % 1000, 3) + "Z";
}

std::int64_t now_ms() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

} // namespace advisor::sqlite
