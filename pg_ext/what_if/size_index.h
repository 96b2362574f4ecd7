// Fills in how big a hypothetical index would be after its build. A plain frame.
#pragma once
#include "pg_ext/what_if/hypothetical_index.h"

namespace advisor::pg {

// sample: at most 300 blocks of the table may be read. Without, statistics alone decide.
void size_index(HypotheticalIndex *index, bool sample);

} // namespace advisor::pg
