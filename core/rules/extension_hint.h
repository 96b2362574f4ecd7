// Says where an extension that is not there would make an index possible: pg_trgm for LIKE '%x%', ILIKE and
// regular expressions.
#pragma once
#include "core/catalog/table.h"
#include "core/rules/missing_index.h"
#include "core/workload/workload.h"

#include <cstddef>
#include <span>
#include <vector>

namespace advisor::core {

struct ExtensionHint {
    Recommendation finding; // of severity info
    std::size_t table = 0;
    std::vector<std::size_t> statements;
};

// At most one per table; small tables need no index.
std::vector<ExtensionHint> extension_hints(std::span<const Statement> statements,
                                           std::span<const Table> tables, double min_table_rows,
                                           const IndexAdviceContext &context);

} // namespace advisor::core
