// What the planner knew of scans while it planned, and what a finished plan does not say: how many rows the
// index conditions select, the order of an index, and how well founded the estimate of a table's rows is.
#pragma once
#include "core/costing/costed_plan.h"
#include "pg_ext/pg.h"

namespace advisor::pg {

struct RelationFacts {
    Oid relation;
    double pages, tuples, all_visible;
    core::Doubt doubt;
};

struct IndexPathFacts {
    const IndexPath *path; // of the planner, which lives as long as the plan
    double fetched, correlation, index_pages;
    double loops; // that it expects
};

struct BitmapPathFacts {
    Oid relation;
    double rows, total_cost, loops;
};

struct PathFacts {
    List *relations = NIL; // RelationFacts *
    List *paths = NIL;     // IndexPathFacts *
    List *bitmaps = NIL;   // BitmapPathFacts *
};

// A plain frame inside the planner, in its memory context.
void note_paths(PathFacts *facts, PlannerInfo *root, RelOptInfo *rel, const RangeTblEntry *entry);

// Null where nothing was noted.
const RelationFacts *facts_of(const PathFacts &facts, Oid relation);
const IndexPathFacts *facts_of(const PathFacts &facts, const Plan *scan);
double loops_of_bitmap(const PathFacts &facts, Oid relation, const Plan *scan);

} // namespace advisor::pg
