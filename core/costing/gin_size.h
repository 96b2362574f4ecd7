// Size of a GIN index as CREATE INDEX would leave it: entries with short lists of row positions inside the
// entry tree, long lists in trees of their own.
#pragma once
#include <vector>

namespace advisor::core {

struct GinContents {
    double table_pages = 0;
    double postings = 0;               // keys of all rows, each counted once per row
    double keys = 0;                   // distinct ones
    std::vector<double> frequent_keys; // postings of each key known to be frequent; they belong to `keys`
    double entry_bytes = 16;           // mean index tuple of a key before its list, padded
    int page_bytes = 8192;
};

struct GinSize {
    double entries = 0;
    double entry_pages = 0;
    double data_pages = 0;
    double total_pages = 0; // with the metapage
    double bytes = 0;
};

// Keys outside `frequent_keys` are taken to have between one and the least of those postings, few of them
// many.
GinSize gin_size(const GinContents &contents);

} // namespace advisor::core
