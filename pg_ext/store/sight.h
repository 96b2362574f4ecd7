// What the store knows of a statement and its plan when one of their executions comes in, and what it lacks.
// Callers hold the partition's lock where nothing else is said.
#pragma once
#include "pg_ext/store/pending.h"

namespace advisor::pg::store {

struct Sight {
    Statement *statement; // null when there is no room
    Plan *plan;
    bool new_statement, new_plan;
};

// The lock of a partition, taken after making room for that many chunks and some more, or null when another
// process has it. No lock may be held.
LWLock *lock_for_recording(std::uint32_t hash, std::uint32_t chunks = 0);

Sight find_or_insert(const Slot &slot);

void note_relations(Statement &statement, const List *relations);

// What an execution just added can give. Counts it as a sample if it is one.
Wanted wanted_of(const Sight &sight, const Execution &execution);

// An execution that takes longer becomes the example of the slowest.
std::uint64_t ticks_worth_an_example(const Statement &statement);

// Takes the lock itself, conditionally: false when it was taken.
bool plan_lacks_samples(const StatementKey &key, std::int64_t planid);

// Executions from one sample to the next; the first time a random part of it.
std::uint32_t sample_interval();
std::uint32_t random_countdown();

} // namespace advisor::pg::store
