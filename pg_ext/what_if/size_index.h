// How big a hypothetical index would be after its build, and the statistics of its expression keys.
#pragma once
#include "pg_ext/what_if/hypothetical_index.h"

namespace advisor::pg {

// Fills in rows, pages, height and expression statistics. sample: at most 300 blocks of the table may be
// read; without, the server's statistics alone decide and expression keys have none.
void size_index(HypotheticalIndex &index, bool sample);

} // namespace advisor::pg
