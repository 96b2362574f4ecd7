// What the rules query: the host's catalog, statistics, settings and workload as tables of an in-memory
// connection of our own. A rule that runs for ever can be stopped there without touching the host's progress
// handler, and no function or table of the application takes part.
#pragma once
#include "sqlite_ext/advice/index_usage.h"
#include "sqlite_ext/advice/statement_facts.h"
#include "sqlite_ext/catalog/schema.h"
#include "sqlite_ext/handles.h"
#include "sqlite_ext/observe/host.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace advisor::sqlite {

class RuleCatalog {
public:
    RuleCatalog(Host &host, const std::vector<IndexUse> &usage, const StatementFacts &facts);
    RuleCatalog(const RuleCatalog &) = delete;
    RuleCatalog &operator=(const RuleCatalog &) = delete;

    sqlite3 *connection() const noexcept { return connection_.get(); }
    // From now on a statement on the connection is interrupted after that time.
    void start_clock(std::chrono::milliseconds limit);
    // The message, or why the table that it misses could not be read from the host.
    std::string explain(const std::string &message) const;

private:
    void copy_from_host();
    template <class Body>
    void read(const std::string &table, Body body);
    void copy_rows(const std::string &table, const std::string &query);
    void add_dismissals();
    void read_statistics();
    std::optional<TableInfo> table(const std::string &schema, const std::string &name) const;

    static int on_progress(void *context) noexcept;
    static void table_rows(sqlite3_context *context, int count, sqlite3_value **values);
    static void column_bytes(sqlite3_context *context, int count, sqlite3_value **values);
    static void broken_references(sqlite3_context *context, int count, sqlite3_value **values);

    Host &host_;
    Connection connection_;
    std::chrono::steady_clock::time_point deadline_;
    std::map<std::string, std::string> unreadable_; // table to the reason
    Schema schema_;                                 // only its statistics: for row counts
    std::map<std::pair<std::string, std::string>, std::optional<double>> rows_;
};

} // namespace advisor::sqlite
