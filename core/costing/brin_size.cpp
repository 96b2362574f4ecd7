// The layout is that of PostgreSQL 15 to 18 (src/include/access/brin_page.h and brin_tuple.h).
#include "core/costing/brin_size.h"

#include <algorithm>
#include <cmath>

namespace advisor::core {
namespace {

constexpr double page_header = 24, page_special = 8, line_pointer = 4;
constexpr double summary_header = 8, row_position = 6;

double aligned(double bytes, double to) {
    return std::ceil(bytes / to) * to;
}

} // namespace

BrinSize brin_size(const BrinContents &contents) {
    const double usable = contents.page_bytes - page_header - page_special;
    double bytes = summary_header;
    for (const SummaryValue &value : contents.values)
        bytes = aligned(bytes, value.alignment) + value.bytes;
    const double per_page = std::max(1.0, std::floor(usable / (aligned(bytes, 8) + line_pointer)));
    BrinSize size;
    size.ranges = std::ceil(contents.table_pages / contents.pages_per_range);
    // An empty table has one summary page too.
    size.summary_pages = std::max(1.0, std::ceil(size.ranges / per_page));
    size.map_pages = std::max(1.0, std::ceil(size.ranges / std::floor(usable / row_position)));
    size.total_pages = 1 + size.map_pages + size.summary_pages;
    size.bytes = size.total_pages * contents.page_bytes;
    return size;
}

} // namespace advisor::core
