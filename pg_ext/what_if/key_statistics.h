// Keys of a hypothetical index according to the server's statistics alone: distinct values, frequent values
// and index tuple sizes.
#pragma once
#include "core/costing/btree_size.h"
#include "pg_ext/what_if/hypothetical_keys.h"

namespace advisor::pg {

struct KeyStatistics {
    struct Column {
        double groups = 0;  // distinct values in the whole table, null counted as one
        bool known = false; // the column was analysed
    };
    std::vector<Column> columns;              // each key column alone
    std::vector<std::optional<double>> exact; // leading parts: by a unique index or CREATE STATISTICS
    std::vector<double> part_bytes;           // mean size of an index tuple of only that part
    std::vector<core::TupleSizeShare> sizes_by_row, sizes_by_group;
    std::vector<double> heavy_shares; // of the rows, per frequent key; a single key column only
};

KeyStatistics read_key_statistics(Relation heap, const HypotheticalKeys &keys, double table_rows);

} // namespace advisor::pg
