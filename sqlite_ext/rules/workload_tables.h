// The workload as tables for the rules: counters, plans, what texts show, which indexes are used.
#pragma once
#include "sqlite_ext/advice/index_usage.h"
#include "sqlite_ext/advice/statement_facts.h"
#include "sqlite_ext/store/store.h"

#include <vector>

namespace advisor::sqlite {

void fill_workload_tables(sqlite3 *catalog, const Store &store, const std::vector<IndexUse> &usage,
                          const StatementFacts &facts);

} // namespace advisor::sqlite
