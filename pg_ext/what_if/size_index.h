// How big a hypothetical index would be after its build, and the statistics of its expression keys.
#pragma once
#include "pg_ext/what_if/hypothetical_index.h"

namespace advisor::pg {

// May rows of the tables be read, at most 300 blocks of each? A plain view never reads any.
enum class Sampling { none, sizes, sizes_and_expressions };

// Fills in rows, pages, height and expression statistics; what may not be sampled rests on the server's
// statistics, and an expression key then has none.
void size_index(HypotheticalIndex &index, Sampling sampling);

} // namespace advisor::pg
