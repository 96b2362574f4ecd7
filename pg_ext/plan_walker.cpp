// Visits every node of a finished plan, subplans included.
#include "pg_ext/plan_walker.h"

namespace advisor::pg {
namespace {

List *children_of(Plan *node) {
    switch (nodeTag(node)) {
    case T_Append: return reinterpret_cast<Append *>(node)->appendplans;
    case T_MergeAppend: return reinterpret_cast<MergeAppend *>(node)->mergeplans;
    case T_BitmapAnd: return reinterpret_cast<BitmapAnd *>(node)->bitmapplans;
    case T_BitmapOr: return reinterpret_cast<BitmapOr *>(node)->bitmapplans;
    case T_CustomScan: return reinterpret_cast<CustomScan *>(node)->custom_plans;
    case T_SubqueryScan: return list_make1(reinterpret_cast<SubqueryScan *>(node)->subplan);
    default: return NIL;
    }
}

void walk_node(Plan *node, PlanVisitor visit, void *context) {
    if (!node)
        return;
    check_stack_depth();
    visit(node, context);
    walk_node(outerPlan(node), visit, context);
    walk_node(innerPlan(node), visit, context);
    ListCell *cell;
    foreach (cell, children_of(node))
        walk_node(static_cast<Plan *>(lfirst(cell)), visit, context);
}

} // namespace

void walk_plan(PlannedStmt *statement, PlanVisitor visit, void *context) {
    walk_node(statement->planTree, visit, context);
    ListCell *cell;
    foreach (cell, statement->subplans)
        walk_node(static_cast<Plan *>(lfirst(cell)), visit, context);
}

Oid scanned_index(const Plan *node) {
    switch (nodeTag(node)) {
    case T_IndexScan: return reinterpret_cast<const IndexScan *>(node)->indexid;
    case T_IndexOnlyScan: return reinterpret_cast<const IndexOnlyScan *>(node)->indexid;
    case T_BitmapIndexScan: return reinterpret_cast<const BitmapIndexScan *>(node)->indexid;
    default: return InvalidOid;
    }
}

} // namespace advisor::pg
