// Size and height of a b-tree as CREATE INDEX would leave it: packs representative leaf items the way the
// server's sorted build does, and counts the levels above. Knows no table: groups and widths come from
// outside.
#pragma once
#include <vector>

namespace advisor::core {

// How often index tuples of one size occur. The size holds header, null bitmap, values and padding.
struct TupleSizeShare {
    double bytes = 0;
    double share = 0; // of the distinct keys when duplicates are merged, else of the tuples; any unit
};

// The leading key columns up to one of them: how many combinations of values there are, and the mean size of
// an index tuple that holds only these columns (a separator in the upper levels).
struct KeyPrefix {
    double groups = 0;
    double bytes = 0;
};

struct BtreeContents {
    double tuples = 0;
    double groups = 0;                // distinct keys among them; nulls count as one value
    std::vector<double> heavy_groups; // tuples of each key known to be frequent; they belong to `groups`
    std::vector<TupleSizeShare> tuple_sizes; // empty: 16 bytes each
    std::vector<KeyPrefix> prefixes;         // one per key column, the last one the whole key; may be empty
    bool merges_duplicates = false;          // equal keys share one tuple with a list of row positions
    int fillfactor = 90;
    int page_bytes = 8192;
};

struct BtreeSize {
    double leaf_pages = 0;
    double internal_pages = 0;
    double total_pages = 0; // with the metapage
    int height = 0;         // levels above the leaves
    double bytes = 0;
};

// Keys outside `heavy_groups` are taken to have Poisson distributed numbers of tuples, none of them zero.
BtreeSize btree_size(const BtreeContents &contents);

} // namespace advisor::core
