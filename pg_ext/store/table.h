// The statements and plans in the store: find, insert, remove, evict. Callers hold the partition's lock where
// a function takes a hash or a Statement; the functions themselves take none, but for make_room and
// remove_all.
#pragma once
#include "pg_ext/store/layout.h"

namespace advisor::pg::store {

constexpr std::uint32_t room_in_reserve = 8; // chunks: what one execution may need

std::uint32_t hash_key(const StatementKey &key);

Statement *find_statement(const StatementKey &key, std::uint32_t hash);
// Null when no chunk was free.
Statement *insert_statement(const StatementKey &key, std::uint32_t hash);
Plan *find_plan(const Statement &statement, std::int64_t planid);
Plan *insert_plan(Statement &statement, std::int64_t planid);

void merge_counters(Counters &into, const Counters &from);
Counters counters_of(const Pending &pending);

// What a millisecond weighs at that time: twice as much every twelve hours, so that old weights fade without
// being touched.
double weight_of_millisecond(TimestampTz now);

// Evicts until that many chunks are free, with conditional locks only and bounded effort. No lock may be
// held.
bool make_room(std::uint32_t chunks);

// Removes all statements (queryid null) or those with one queryid; waits for each partition's lock.
void remove_all(const std::int64_t *queryid);

} // namespace advisor::pg::store
