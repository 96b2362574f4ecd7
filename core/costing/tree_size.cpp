// Page layout of PostgreSQL 15 to 18 (src/include/access/gist.h and spgist_private.h).
#include "core/costing/tree_size.h"

#include <algorithm>
#include <cmath>

namespace advisor::core {
namespace {

constexpr double page_header = 24, line_pointer = 4;
constexpr double gist_special = 16, spgist_special = 8;
constexpr double gist_fill = 0.60;   // of a leaf page after random splits
constexpr double spgist_fill = 0.80; // of a leaf page that many small groups share
constexpr double spgist_fixed_pages = 3;
constexpr double least_children = 2;

} // namespace

TreeSize tree_size(const TreeContents &contents) {
    const bool gist = contents.kind == TreeKind::gist;
    const double usable = contents.page_bytes - page_header - (gist ? gist_special : spgist_special);
    const double item = contents.tuple_bytes + line_pointer;
    const double fill = gist ? gist_fill : spgist_fill;
    TreeSize size;
    double level = contents.tuples * item / usable;
    if (level > 1)
        level = std::ceil(level / fill);
    else
        level = 1;
    size.total_pages = level;
    const double children = std::max(least_children, usable * fill / item);
    while (level > 1) {
        level = std::ceil(level / children);
        size.total_pages += level;
    }
    if (!gist)
        size.total_pages += spgist_fixed_pages;
    size.bytes = size.total_pages * contents.page_bytes;
    return size;
}

} // namespace advisor::core
