// Which tables a DDL statement changes, so that what ran before and after it is kept apart.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg::observe {

// Before a utility statement; true: it is watched, and noting is to follow.
bool watch_schema_changes(NodeTag utility);
void note_schema_changes();
// After an error instead.
void stop_watching();

} // namespace advisor::pg::observe
