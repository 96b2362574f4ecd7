// Statistics of an index expression that ANALYZE has never seen, made from sampled rows as ANALYZE would.
#pragma once
#include "pg_ext/what_if/hypothetical_keys.h"

namespace advisor::pg {

// A row of pg_statistic for key column `key` (from 0), allocated in `target`: what get_index_stats_hook may
// hand out as VariableStatData.statsTuple (free it with heap_freetuple, or leave it to the context). Over the
// rows that satisfy the predicate, as ANALYZE does for an index. `rows`: how many rows the index has. Null
// where the rows may not be read, the expression fails on them, or the type has no statistics.
HeapTuple sample_statistics(Relation heap, const HypotheticalKeys &keys, int key, double rows,
                            MemoryContext target);

} // namespace advisor::pg
