// Size of a hash index as CREATE INDEX would leave it: the buckets that the build sets up from the table's
// row count, and the overflow pages of those that get more than a page holds. Knows no table: row and group
// counts come from outside.
#pragma once
#include <vector>

namespace advisor::core {

struct HashContents {
    double table_rows = 0;            // the build sets up buckets for all of them, whatever the predicate
    double tuples = 0;                // rows that satisfy the predicate and are not null
    double groups = 0;                // distinct keys among them
    std::vector<double> heavy_groups; // tuples of each key known to be frequent; they belong to `groups`
    int fillfactor = 75;
    int page_bytes = 8192;
};

struct HashSize {
    double buckets = 0;
    double overflow_pages = 0;
    double total_pages = 0; // with metapage and bitmaps
    double bytes = 0;
};

// Deterministic: keys are thrown into buckets by a fixed sequence.
HashSize hash_size(const HashContents &contents);

} // namespace advisor::core
