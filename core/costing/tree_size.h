// Size of a GiST or SP-GiST index as CREATE INDEX would leave it, by rows put in one after another: how full
// the splits leave the pages is measured, not derived.
#pragma once

namespace advisor::core {

enum class TreeKind { gist, spgist };

struct TreeContents {
    TreeKind kind = TreeKind::gist;
    double tuples = 0;
    double tuple_bytes = 16; // mean, with header and padding, without line pointer
    int fillfactor = 90;
    int page_bytes = 8192;
};

struct TreeSize {
    double total_pages = 0;
    double bytes = 0;
};

TreeSize tree_size(const TreeContents &contents);

} // namespace advisor::core
