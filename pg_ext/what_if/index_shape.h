// Rows, pages and height that a hypothetical index would have: the server's statistics, a sample of rows
// where allowed, and the core's model of a build, put together.
#pragma once
#include "pg_ext/what_if/index_rows.h"

namespace advisor::pg {

struct IndexShape {
    double tuples = 0;
    double pages = 0;                     // with the metapage
    double pages_low = 0, pages_high = 0; // between them in nine of ten cases
    int height = -1; // levels above the leaves, as IndexOptInfo.tree_height; -1: left to the method
    double distinct_keys = 0;
    double entries_per_row = 1;
    double map_pages = 0;                                // BRIN
    double entries = 0, entry_pages = 0, data_pages = 0; // GIN
    bool sampled = false;   // rests on rows that were read, not on statistics alone
    bool oversized = false; // some row is too wide for the method: CREATE INDEX would fail
};

IndexShape estimate_index_shape(Relation heap, const HypotheticalKeys &keys, const ShapeOptions &options);

} // namespace advisor::pg
