// What the query rules know of each recorded statement: its plan as it is today, and what its text shows.
#pragma once
#include "sqlite_ext/text/traits.h"
#include "sqlite_ext/what_if/clone.h"
#include "sqlite_ext/what_if/workload_reader.h"

#include <cstdint>
#include <string>
#include <vector>

namespace advisor::sqlite {

// "SEARCH o USING COVERING INDEX orders_user (user_id=? AND total>?)" and other lines of a plan.
struct PlanLine {
    std::int64_t queryid = 0;
    std::string detail;
    std::string operation; // scan, search, sort, other
    std::string schema;    // of the table; empty where it is not known
    std::string table;
    std::string index; // unquoted; empty: none
    bool covering = false;
    bool automatic = false; // an index that SQLite builds for one execution
    bool skips = false;     // ANY(c): goes through the values of a leading column that has no condition
    int equalities = 0;
    std::string columns; // of the conditions that the index serves, separated by commas
};

struct StatementTrait {
    std::int64_t queryid = 0;
    Trait trait;
};

struct StatementFacts {
    std::vector<PlanLine> plans;
    std::vector<StatementTrait> traits;
    std::vector<std::int64_t> advised; // statements that an advised index helps
};

PlanLine plan_line(const std::string &detail, const std::string &sql, const Schema &schema);

// Plans with the statistics of today.
StatementFacts statement_facts(const std::vector<RecordedStatement> &recorded,
                               const RunnableWorkload &workload, Clone &planner);

} // namespace advisor::sqlite
