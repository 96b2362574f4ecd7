// The best index set for a list of statements: prepare, generate, cost, select.
#pragma once
#include "core/candidates/generate.h"
#include "core/selection/select.h"
#include "pg_ext/advice/statement_input.h"
#include "pg_ext/what_if/size_index.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace advisor::pg {

struct AdviceLimits {
    std::optional<std::uint64_t> storage_budget; // bytes
    std::size_t max_columns = 4;                 // key columns of one index
    std::int64_t time_budget_ms = 5000;
    double min_table_rows = 1000;
    std::size_t max_indexes_per_table = 5;
    double thrift = 0.1;      // share of an index's gain that a smaller one may give up
    double min_share = 0.001; // of the workload's cost that an index must save
    double min_saving = 0.5;  // share of a statement's cost that an index must save
    Sampling sampling = Sampling::none;
    bool raise_failures = false; // a statement that can't be planned is an error, not a skipped statement
};

// How much of the workload's planner cost the search has seen; shares of Σ calls × cost.
struct SearchedShare {
    std::size_t statements = 0; // that the search planned; the others are judged by these or left out
    double exact = 1, merged = 0, left_out = 0;
    std::size_t not_reached = 0;  // before half of the time was over; their cost is unknown
    double not_reached_share = 0; // of the recorded time, or of the weights of given statements
};

struct IndexAdvice {
    std::vector<core::Statement> statements; // the ones that could be planned
    SearchedShare searched;
    std::vector<double> base_costs; // theirs, with no candidate
    std::vector<core::Table> tables;
    std::vector<core::Candidate> candidates;
    std::vector<double> confidence_caps; // by candidate
    core::Selection selection;
    std::vector<SkippedStatement> skipped;
    double milliseconds = 0;
};

// What the last search of this backend took; nothing before the first.
struct SearchEffort {
    std::size_t statements = 0, candidates = 0;
    std::uint64_t planner_calls = 0;
    double prepare_ms = 0, define_ms = 0, select_ms = 0;
    SearchedShare searched;
    bool complete = true; // false: out of time
};
const std::optional<SearchEffort> &last_search();

// What what_if, recommend_indexes and analyze may sample, by db_advisor.expression_statistics.
Sampling allowed_sampling();

// "812 of 10000 statements searched: 93.1 % of the cost as it is, ..."; empty when that is all of them.
std::string describe(const SearchedShare &searched, std::size_t statements);

// Everything that planning allocates is freed before this returns.
IndexAdvice advise_indexes(const std::vector<StatementInput> &inputs, const AdviceLimits &limits);

} // namespace advisor::pg
