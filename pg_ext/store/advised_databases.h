// The databases in which somebody asks for advice, and when each was last analysed by a worker. Which
// database has the extension is written in its own catalog, where a process without a connection cannot look.
#pragma once
#include "pg_ext/store/layout.h"

namespace advisor::pg::store {

// Remembers that an advisor function was called in the database; the one longest not asked in gives way.
void note_advised_database(Oid database);

// Those of them that were asked in since the server started.
std::vector<Oid> advised_databases();

// The database whose turn it is; InvalidOid where none is due. It has no other turn until its analysis
// begins, or until somebody asks in it again: the database may be gone. A plain frame, as the next two.
Oid take_due_database(TimestampTz now, int interval_seconds);
void note_analysis_begun(Oid database, TimestampTz now);

// It became a template, or lost the extension.
void forget_advised_database(Oid database);

} // namespace advisor::pg::store
