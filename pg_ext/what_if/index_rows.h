// How many rows a table has, and how many of them an index would hold.
#pragma once
#include "pg_ext/what_if/hypothetical_keys.h"
#include "pg_ext/what_if/row_sample.h"

namespace advisor::pg {

struct SampledRows {
    double sampled_rows = 0;    // visible rows in the sampled blocks
    double matching_rows = 0;   // of these, satisfying the predicate
    double matching_blocks = 0; // blocks with such a row
    double sampled_blocks = 0;
    double total_blocks = 0;

    bool whole_table() const { return sampled_blocks >= total_blocks; }
    // Rows of the index by the sample alone; groups estimated from it are on the same scale.
    double in_index() const {
        return whole_table() ? matching_rows : matching_rows * total_blocks / sampled_blocks;
    }
};

// block_of: per matching row, ascending.
SampledRows sampled_rows(const RowSample &sample, const uint32 *block_of, int matching);

struct ShapeOptions {
    bool allow_sample = true;
    std::optional<double> table_rows;            // the planner's number; else the server's usual estimate
    std::optional<double> predicate_selectivity; // the planner's, for a partial index
};

// sampled: null where nothing was.
double table_rows(Relation heap, const SampledRows *sampled, const ShapeOptions &options);
double index_share(const HypotheticalKeys &keys, const SampledRows *sampled, const ShapeOptions &options);

// Groups estimated for an index of `sampled` rows, in one of `rows`: a share of them if the groups are many,
// else a number, as ANALYZE decides.
inline double groups_among_rows(double groups, double rows, double sampled) {
    return groups > sampled / 10 ? groups * rows / sampled : groups;
}

} // namespace advisor::pg
