// Which tables statements were lost of: a conclusion from what is not recorded holds for the other ones only.
#pragma once
#include "pg_ext/store/layout.h"

namespace advisor::pg::store {

// Under the partition's lock, before the statement goes.
void note_eviction(const Statement &statement);

// May a statement on this relation have been evicted? True for a few others too, whose hash is the same.
bool was_evicted_from(Oid database, Oid relation);

// Statements that were lost without anybody knowing their tables.
std::uint64_t lost_without_trace();

// After a reset of everything.
void forget_evictions();

} // namespace advisor::pg::store
