// A plan in execution as a list of its nodes: pre-order, subplans after the main tree by their number. The
// order depends on the plan alone, so that lists of different executions go together.
#pragma once
#include "pg_ext/pg.h"
#include "pg_ext/store/plan_nodes.h"

namespace advisor::pg::observe {

struct PlanNode {
    const Plan *plan;
    PlanState *state;       // null: a partition that the executor left out at its start
    const SubPlan *subplan; // of the root of a subplan: what refers to it
    std::uint16_t parent;   // position; store::no_parent
    std::uint16_t number;   // of the subplan, in its root
    store::NodePlace place;
};

struct PlanTree {
    const PlannedStmt *statement;
    Relation *relations; // of the range table, from 0; null where the executor has not opened one
    std::uint32_t count;
    PlanNode nodes[store::most_plan_nodes];
};

// Before ExecutorEnd. False when the plan has too many nodes. Plain frame, allocates nothing.
bool list_nodes(const QueryDesc *query, PlanTree &tree);

} // namespace advisor::pg::observe
