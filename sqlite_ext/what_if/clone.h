// An in-memory copy of the user's schema, where statements are planned and run and indexes tried.
#pragma once
#include "sqlite_ext/catalog/schema.h"
#include "sqlite_ext/handles.h"

#include <string>
#include <string_view>
#include <vector>

namespace advisor::sqlite {

// A virtual table module that stands for every table: the clone then only observes what statements ask.
struct TableModule {
    const char *name;
    const sqlite3_module *methods;
    void *context;
};

class Clone {
public:
    // Tables without rows. What could not be made is listed in missing(). The schema must outlive the clone.
    explicit Clone(const Schema &schema, const TableModule *observer = nullptr);
    Clone(const Clone &) = delete;
    Clone &operator=(const Clone &) = delete;

    sqlite3 *connection() const noexcept { return connection_.get(); }
    const Schema &schema() const noexcept { return schema_; }
    const std::vector<std::string> &missing() const noexcept { return missing_; }
    // True once a function or collation of the application had to be replaced by a stand-in.
    bool stand_ins() const noexcept { return stand_ins_; }

    // Prepares one statement; unknown functions get a stand-in. Throws Failure for what SQLite refuses and
    // core::Error for a second statement behind the first.
    Query prepare(std::string_view sql);
    // Plan lines by EXPLAIN QUERY PLAN, each indented by its depth. Values are SQL literals by number of the
    // parameter: with them the planner may use an index for LIKE ?1.
    std::vector<std::string> plan(const std::string &sql, const std::vector<std::string> &values = {});
    void bind(Query &query, const std::vector<std::string> &values);

    // Replaces the statistics of all tables and lets the planner read them.
    void set_statistics(const std::vector<StatisticsRow> &rows);

private:
    void create(const SchemaObject &object);
    void create_stub_table(const SchemaObject &object);
    bool add_stand_in(const std::string &message);
    void try_execute(const std::string &sql);

    const Schema &schema_;
    const TableModule *observer_;
    Connection connection_;
    std::vector<std::string> missing_;
    bool stand_ins_ = false;
};

// "CREATE TABLE t(…)" as stored becomes "CREATE TABLE schema.t(…)"; empty when it is not of that form.
std::string with_schema(const std::string &sql, const std::string &schema);

// A module of SQLite itself, which the clone has too unless it was left out of the library.
bool is_known_module(const std::string &module);

// Adds functions that the message of a failed call misses; false when it is about something else.
bool register_stand_in(sqlite3 *connection, const std::string &message);
void register_stand_in_collations(sqlite3 *connection, bool &used);

} // namespace advisor::sqlite
