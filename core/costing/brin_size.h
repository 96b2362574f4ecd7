// Size of a BRIN index as CREATE INDEX would leave it: one summary per range of pages, and the map that finds
// them.
#pragma once
#include <vector>

namespace advisor::core {

// A value that each summary holds: two of them per minmax key.
struct SummaryValue {
    double bytes = 0;
    double alignment = 1;
};

struct BrinContents {
    double table_pages = 0;
    double pages_per_range = 128;
    std::vector<SummaryValue> values;
    int page_bytes = 8192;
};

struct BrinSize {
    double ranges = 0;
    double map_pages = 0;
    double summary_pages = 0;
    double total_pages = 0; // with the metapage
    double bytes = 0;
};

BrinSize brin_size(const BrinContents &contents);

} // namespace advisor::core
