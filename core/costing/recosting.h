// What a plan costs when other numbers of rows come than the planner expected.
//
// Nodes are told apart by the relations that they cover: within one statement, whatever covers the same
// relations has met the same conditions and gives the same rows, in every plan. From the bottom up, each node
// keeps its share of the planner's cost and scales it:
//
//   scan of a table       as it is; its rows change
//   scan by an index      × work(loops', fetched') / work(loops, fetched), see scan_work.h
//   nested loop           outer' + (what is left of the cost) × (outer rows' × inner') / (outer rows ×
//   inner);
//                         a materialized inner side: inner' once, then a rescan for each further row
//   hash join             outer' + inner' + own × (rows in and out)' / (rows in and out); batches beyond the
//                         memory are written and read once
//   merge join            both inputs as far as the planner expects to read them, the rest as a hash join
//   sort                  own × n' log n' / (n log n), n log 2k when k rows are wanted; a run over the disk
//   group                 own × rows in' / rows in
//   limit                 startup' + run' × wanted rows / rows'; all of the run when there are fewer
//   others                own × rows in' / rows in
#pragma once
#include "core/costing/costed_plan.h"

#include <map>
#include <string>
#include <vector>

namespace advisor::core {

struct ChangedRows {
    double rows = 0;  // of one execution
    double ratio = 1; // to the estimate: for scans that run again and again with more conditions
};

// By key_of: the relations that a node covers.
struct RowChanges {
    std::map<std::string, ChangedRows> rows; // known
    std::map<std::string, double> factors;   // beside those
    double early_stop = 1;                   // times as many rows are read until the wanted ones are found
    bool wanted_last = false;                // they are the last ones that are read
};

// A plan and what follows from its shape.
struct PlanShape {
    explicit PlanShape(const CostedPlan &plan);

    const CostedPlan &plan;
    std::vector<std::vector<std::size_t>> inputs, once; // by node
    std::vector<std::string> keys; // by node: relations covered; empty: other rows than those
    std::vector<bool> in_loop;     // by node: run again and again, perhaps with values from outside
    std::vector<double> divisors;  // by node: how many times its rows there are in all
    std::vector<bool> chancy_stop; // of a limit: how much is read depends on where the wanted rows lie
};

double recost(const PlanShape &shape, const RowChanges &changes);

} // namespace advisor::core
