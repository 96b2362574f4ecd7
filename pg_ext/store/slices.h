// Time slices of a plan: the current hour, the hours of the last day, the last fourteen days, and all before.
// A change of an index or table of the statement begins a slice of its own. Callers hold the partition's
// lock.
#pragma once
#include "pg_ext/store/layout.h"

namespace advisor::pg::store {

// Adds what was counted to the slice of its time. Where memory is short, slices are coarser.
void add_to_slices(Statement &statement, Plan &plan, const Pending &pending);

// When one of these relations was last changed after that time; 0: not.
TimestampTz change_since(TimestampTz from, Oid database, const Oid *relations, std::size_t count);

// When this index was last made, altered or dropped; 0: not that is remembered.
TimestampTz change_of_index(Oid database, Oid index);

// Notes that an index of a table, or the table (index is InvalidOid), was changed. Waits for nobody: takes
// one lock for a moment, conditionally. What this backend has pending is from before.
void note_schema_change(Oid database, Oid relation, Oid index);

} // namespace advisor::pg::store
