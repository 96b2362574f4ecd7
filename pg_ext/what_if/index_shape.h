// Rows, pages and height that a hypothetical b-tree would have: the server's statistics, a sample of rows
// where allowed, and the core's model of a build, put together.
#pragma once
#include "pg_ext/what_if/hypothetical_keys.h"

namespace advisor::pg {

struct IndexShape {
    double tuples = 0;
    double pages = 0; // with the metapage
    int height = 0;   // levels above the leaves, as IndexOptInfo.tree_height
    double bytes = 0;
    double distinct_keys = 0;
    bool sampled = false;   // rests on rows that were read, not on statistics alone
    bool oversized = false; // some row is too wide for a b-tree: CREATE INDEX would fail
};

struct ShapeOptions {
    bool allow_sample = true;
    std::optional<double> table_rows;            // the planner's number; else the server's usual estimate
    std::optional<double> predicate_selectivity; // the planner's, for a partial index
};

IndexShape estimate_index_shape(Relation heap, const HypotheticalKeys &keys, const ShapeOptions &options);

} // namespace advisor::pg
