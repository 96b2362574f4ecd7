// What the server's own statistics say about a table's columns, as far as an index's size depends on it.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg {

struct ColumnStatistics {
    double null_fraction = 0;
    double distinct = 0;               // as in pg_statistic: negative is a share of the rows; 0: unknown
    double width = 0;                  // mean of the stored values that are not null
    std::vector<double> common;        // frequencies of the most common values
    std::vector<double> common_widths; // data bytes of each of them, without header; empty for fixed widths
    std::vector<double> histogram_widths; // the same for the histogram's bounds
};

// Of a table's column (not of its descendants); nothing if it was never analysed.
std::optional<ColumnStatistics> read_column_statistics(Oid relation, AttrNumber column);

// Distinct combinations according to CREATE STATISTICS (ndistinct) for exactly these columns, nulls counted
// as a value; as in pg_statistic, but never negative.
std::optional<double> read_combined_distinct(Relation heap, std::span<const AttrNumber> columns);

} // namespace advisor::pg
