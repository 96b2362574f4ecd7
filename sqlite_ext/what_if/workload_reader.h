// The recorded statements as the core wants them, and as the clones can run them.
#pragma once
#include "core/workload/workload.h"
#include "sqlite_ext/catalog/schema.h"
#include "sqlite_ext/store/store.h"
#include "sqlite_ext/what_if/capture.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace advisor::sqlite {

// How one statement is planned and run in a clone.
struct RunnableStatement {
    std::string sql; // the part that reads, as a SELECT; empty: nothing to plan
    std::vector<std::vector<std::string>> examples; // values as literals, by parameter; may be empty
    // What it writes, per execution: for the price of keeping indexes up to date.
    std::optional<std::size_t> written_table;  // position in Schema::tables
    std::vector<std::string> assigned_columns; // quoted, of an UPDATE
    std::vector<std::string> conflict_columns; // quoted, of an INSERT … ON CONFLICT DO UPDATE
    double written_rows = 0;
    std::int64_t first_seen = 0; // milliseconds since 1970
    std::int64_t last_seen = 0;
};

struct SkippedStatement {
    std::int64_t queryid = 0;
    std::string reason;
};

struct RunnableWorkload {
    std::vector<core::Statement> statements;
    std::vector<RunnableStatement> runnable; // by the same positions
    std::vector<SkippedStatement> skipped;
};

RunnableWorkload read_workload(const std::vector<RecordedStatement> &recorded, const Schema &schema);

} // namespace advisor::sqlite
