// What statements of the recorded workload ask of tables, derived by planning them again.
#pragma once
#include "pg_ext/what_if/access_capture.h"

#include <optional>
#include <string>
#include <vector>

namespace advisor::pg {

struct PredicateGroup {
    std::string relation; // qualified and quoted
    std::vector<std::string> columns, operators;
    const char *kind = ""; // filter, join, order, group
    std::int64_t queryid = 0;
    std::int64_t calls = 0;
    std::optional<double> estimated_selectivity, actual_selectivity; // of the filters of one scan
};

struct PredicateGroups {
    std::vector<PredicateGroup> groups;
    std::size_t not_planned = 0; // statements that could not be planned again
    std::size_t not_reached = 0; // within analysis_time_budget
};

// Those that the caller may read.
PredicateGroups recorded_predicates();

} // namespace advisor::pg
