// Keys of a hypothetical index according to the server's statistics alone: distinct values, frequent values
// and index tuple sizes.
#pragma once
#include "core/costing/btree_size.h"
#include "pg_ext/what_if/hypothetical_keys.h"

namespace advisor::pg {

struct KeyStatistics {
    struct Part {
        double groups = 0;       // distinct combinations in the whole table, nulls counted as a value
        double least_groups = 0; // bounds that hold if the columns' own statistics do
        double most_groups = 0;
        bool exact = false; // a unique index or CREATE STATISTICS says so
        bool known = false; // every column of it was analysed
        double bytes = 0;   // mean size of an index tuple of only these columns
    };
    std::vector<Part> parts; // one per leading part of the key
    std::vector<core::TupleSizeShare> sizes_by_row, sizes_by_group;
    std::vector<double> heavy_shares; // of the rows, per frequent key; a single key column only
};

KeyStatistics read_key_statistics(Relation heap, const HypotheticalKeys &keys, double table_rows);

} // namespace advisor::pg
