// What the server had counted of a relation's written rows when the recorder first saw a write on it: rows
// and HOT updates "over the window" are the server's counts since.
#pragma once
#include "pg_ext/store/layout.h"

namespace advisor::pg::store {

// Reads without lock.
bool knows_writes_of(Oid relation);

// Dropped when another process is noting at the moment, or when there are too many relations.
void note_writes(const RelationWrites &writes);

// Of this database, into an array of most_written_relations. Gives their number.
std::uint32_t read_writes(RelationWrites *target);

// After a reset of everything: windows begin anew.
void forget_writes();

} // namespace advisor::pg::store
