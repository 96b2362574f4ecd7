// Turns a chosen index set into the findings missing-index-filter, missing-index-join and missing-index-sort.
#pragma once
#include "core/catalog/ddl.h"
#include "core/catalog/table.h"
#include "core/rules/recommendation.h"
#include "core/selection/select.h"
#include "core/workload/workload.h"

#include <span>
#include <string>
#include <vector>

namespace advisor::core {

struct IndexAdviceContext {
    Dialect dialect = Dialect::postgresql;
    std::string cost_unit = "cost"; // or "steps": the evidence's unit
    std::string window_from;        // ISO 8601; empty where nothing was observed
    std::string window_to;
    double min_calls = 5; // evidence floor: calls or total time
    double min_total_ms = 1000;
    // By candidate: confidence is at most this (an expression key without sampled statistics: 0.3). Empty: no
    // caps.
    std::span<const double> confidence_caps;
    // Unquoted names that new indexes must not have, beside those of the tables and their indexes.
    std::span<const std::string> taken_names;
};

// One recommendation per chosen index, most severe first. The subject of the id is table + leading key
// column.
std::vector<Recommendation> missing_index_findings(const Selection &selection,
                                                   std::span<const Candidate> candidates,
                                                   std::span<const Statement> statements,
                                                   std::span<const Table> tables,
                                                   const IndexAdviceContext &context);

} // namespace advisor::core
