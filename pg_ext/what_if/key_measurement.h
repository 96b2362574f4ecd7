// What a sample of rows says about the keys of a hypothetical index: how many there are, how big their index
// tuples get, how many rows a partial index holds.
#pragma once
#include "core/costing/btree_size.h"
#include "pg_ext/what_if/group_estimate.h"
#include "pg_ext/what_if/hypothetical_keys.h"
#include "pg_ext/what_if/index_rows.h"

namespace advisor::pg {

struct KeyMeasurement {
    SampledRows rows;
    std::vector<SampledGroups> columns; // each key column alone
    std::vector<SampledGroups> parts;   // the leading parts of the key
    std::vector<double> part_bytes;     // mean size of an index tuple of only that part
    std::vector<core::TupleSizeShare> sizes_by_row, sizes_by_group;
    std::vector<double> heavy_groups; // sampled rows of each key seen often enough to trust its number
    bool oversized = false;           // a row is too wide for a b-tree: CREATE INDEX would fail

    bool whole_table() const { return rows.whole_table(); }
    // In an index of so many rows: a share of them if the groups are many, else a number, as ANALYZE decides.
    double groups_among(const SampledGroups &sampled, double rows_in_index) const {
        return groups_among_rows(sampled.groups, rows_in_index, rows.in_index());
    }
};

// Nothing where the table may not be read, or an expression or predicate fails on its rows.
std::optional<KeyMeasurement> measure_keys(Relation heap, const HypotheticalKeys &keys);

} // namespace advisor::pg
