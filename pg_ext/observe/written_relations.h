// The server's row counts of a table at the first recorded write on it.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg::observe {

// In a sampled execution, before ExecutorEnd. Looks the counts up once per table in the cluster.
void note_written_relations(const QueryDesc *query);

} // namespace advisor::pg::observe
