// Rows of some hundred random blocks of a table, kept per backend while the table stays as it was. Whole
// blocks, since distinct values are estimated with the block as the sampling unit.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg {

// Plain data in a memory context of its own: it outlives the call that read it.
struct RowSample {
    HeapTupleData *rows; // in physical order
    uint32 *block_of;    // per row: ordinal of its block among the sampled ones, ascending
    int row_count;
    int sampled_blocks;
    double total_blocks;
};

// Reads at most 300 blocks by the active snapshot, or hands out what an earlier call has read. Null where
// rows may not or cannot be read: FORCE ROW LEVEL SECURITY, a temporary table of another session, no storage,
// an access method without sample scans. Borrowed until the next call.
const RowSample *sample_rows(Relation heap);

} // namespace advisor::pg
