// What a sample of rows says about the keys of a hypothetical index: how many there are, how big their index
// tuples get, how many rows a partial index holds.
#pragma once
#include "core/costing/btree_size.h"
#include "pg_ext/what_if/hypothetical_keys.h"

namespace advisor::pg {

// Distinct keys estimated for all blocks of the table.
struct SampledGroups {
    double groups = 0;
    double repeated = 0;    // keys met in more than one sampled block: what the estimate rests on
    double skew = 1;        // how many times too low ANALYZE's estimator is on these rows
    bool clustered = false; // equal keys lie together, and the changes from row to row gave the number
};

struct KeyMeasurement {
    double sampled_rows = 0;    // visible rows in the sampled blocks
    double matching_rows = 0;   // of these, satisfying the predicate
    double matching_blocks = 0; // blocks with such a row
    double sampled_blocks = 0;
    double total_blocks = 0;
    std::vector<SampledGroups> columns; // each key column alone
    std::vector<SampledGroups> parts;   // the leading parts of the key
    std::vector<double> part_bytes;     // mean size of an index tuple of only that part
    std::vector<core::TupleSizeShare> sizes_by_row, sizes_by_group;
    std::vector<double> heavy_groups; // sampled rows of each key seen often enough to trust its number
    bool oversized = false;           // a row is too wide for a b-tree: CREATE INDEX would fail

    bool whole_table() const { return sampled_blocks >= total_blocks; }
    // Rows of the index by the sample alone; the groups above are on the same scale.
    double index_rows() const {
        return whole_table() ? matching_rows : matching_rows * total_blocks / sampled_blocks;
    }
    // In an index of so many rows: a share of them if the groups are many, else a number, as ANALYZE decides.
    double groups_among(const SampledGroups &sampled, double rows) const {
        const bool many = sampled.groups > index_rows() / 10;
        return many ? sampled.groups * rows / index_rows() : sampled.groups;
    }
};

// Nothing where the table may not be read, or an expression or predicate fails on its rows.
std::optional<KeyMeasurement> measure_keys(Relation heap, const HypotheticalKeys &keys);

} // namespace advisor::pg
