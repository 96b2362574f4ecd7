// One what-if question: the planner's cost and plan of a statement today, and with indexes added and hidden.
#pragma once
#include "pg_ext/what_if/analysed_statement.h"
#include "pg_ext/what_if/planner_call.h"
#include "pg_ext/what_if/size_index.h"

#include <string>
#include <vector>

namespace advisor::pg {

struct PlannedCost {
    double cost = 0;       // planner's total cost over the statement's rewritten queries
    std::vector<int> used; // entries of the set that the plan reads, ascending
    std::string plan;      // EXPLAIN text; empty unless asked for
};

enum class ExplainText { no, yes };

// Plans every query of the statement once. Runs in the caller's surroundings.
PlannedCost plan_statement(const AnalysedStatement *statement, ParamListInfo parameters, const IndexSet &set,
                           ExplainText explain, AccessCapture *capture = nullptr);

// Hypothetical indexes of several definitions, in one memory context. Plain data.
struct HypotheticalIndexes {
    HypotheticalIndex **items = nullptr;
    int count = 0;
};

// Parses, resolves and sizes the definitions, in the current memory context.
HypotheticalIndexes define_indexes(const char *const *definitions, int count, Sampling sampling);

// Bytes that the index of one definition would take, all partitions together, and the bounds of nine builds
// of ten.
struct IndexBytes {
    std::int64_t bytes = 0;
    std::int64_t low = 0, high = 0;
};
IndexBytes bytes_of(const HypotheticalIndexes &indexes, int position);

} // namespace advisor::pg
