// The index analysis of a database: made when it is asked for, kept in the store while it still holds.
#pragma once
#include "core/rules/recommendation.h"
#include "sqlite_ext/advice/index_usage.h"
#include "sqlite_ext/advice/statement_facts.h"
#include "sqlite_ext/functions/table_function.h"
#include "sqlite_ext/observe/host.h"

#include <cstdint>
#include <string>
#include <vector>

namespace advisor::sqlite {

// One line of advisor_coverage.
struct Coverage {
    std::string rule;
    std::string state; // ran, failed, skipped, waiting
    std::int64_t examined = 0;
    std::int64_t skipped = 0;
    std::string reason;
    double milliseconds = 0;
};

// One statement that a recommendation helps.
struct HelpedStatement {
    std::string id; // of the recommendation
    std::int64_t queryid = 0;
    std::string query;
    double calls = 0;
    double total_ms = 0;
    double share = 0; // of the workload's cost
    double cost_before = 0;
    double cost_after = 0;
    std::string changed_nodes;
};

struct Analysis {
    std::int64_t id = 0;
    std::string stamp; // of the schema
    std::int64_t made_at = 0;
    double recorded_ms = 0;
    std::int64_t recorded_calls = 0;
    std::int64_t changes = 0;
    std::vector<core::Recommendation> findings;
    std::vector<HelpedStatement> helped;
    std::vector<Coverage> coverage;
    std::vector<IndexUse> usage; // of all indexes, once the observation window has passed
    StatementFacts facts;
    std::uint64_t planner_calls = 0;
    double seconds = 0;
};

Analysis current_analysis(Host &host);

} // namespace advisor::sqlite
