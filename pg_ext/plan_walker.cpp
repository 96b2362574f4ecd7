// Visits every node of a finished plan, subplans included.
#include "pg_ext/plan_walker.h"

namespace advisor::pg {
namespace {

List *members_of(const Plan *node) {
    switch (nodeTag(node)) {
    case T_Append: return reinterpret_cast<const Append *>(node)->appendplans;
    case T_MergeAppend: return reinterpret_cast<const MergeAppend *>(node)->mergeplans;
    case T_BitmapAnd: return reinterpret_cast<const BitmapAnd *>(node)->bitmapplans;
    case T_BitmapOr: return reinterpret_cast<const BitmapOr *>(node)->bitmapplans;
    case T_CustomScan: return reinterpret_cast<const CustomScan *>(node)->custom_plans;
    default: return NIL;
    }
}

void walk_node(Plan *node, PlanVisitor visit, void *context) {
    if (!node)
        return;
    check_stack_depth();
    visit(node, context);
    const ChildPlans children = children_of(node);
    walk_node(children.outer, visit, context);
    walk_node(children.inner, visit, context);
    walk_node(children.subquery, visit, context);
    ListCell *cell;
    foreach (cell, children.members)
        walk_node(static_cast<Plan *>(lfirst(cell)), visit, context);
}

} // namespace

ChildPlans children_of(const Plan *node) {
    Plan *subquery =
        IsA(node, SubqueryScan) ? reinterpret_cast<const SubqueryScan *>(node)->subplan : nullptr;
    return {node->lefttree, node->righttree, subquery, members_of(node)};
}

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
