// The same ways through the tree as the server's deparser goes (ruleutils, 15 to 18). Plain frames.
#include "pg_ext/observe/plan_scope.h"

namespace advisor::pg::observe {
namespace {

template <class PlanType>
const PlanType *as(const Plan *plan) {
    return reinterpret_cast<const PlanType *>(plan);
}

struct Child {
    const Plan *plan;
    const Bitmapset *relations; // of an Append
};

// The child whose output OUTER_VAR means.
Child outer_of(const Plan *plan) {
    switch (nodeTag(plan)) {
    case T_Append:
        return {static_cast<const Plan *>(linitial(as<Append>(plan)->appendplans)),
                as<Append>(plan)->apprelids};
    case T_MergeAppend:
        return {static_cast<const Plan *>(linitial(as<MergeAppend>(plan)->mergeplans)),
                as<MergeAppend>(plan)->apprelids};
    default: return {plan->lefttree, nullptr};
    }
}

const Plan *inner_of(const Plan *plan) {
    switch (nodeTag(plan)) {
    case T_NestLoop:
    case T_MergeJoin:
    case T_HashJoin: return plan->righttree;
    default: return nullptr;
    }
}

const List *index_columns_of(const Plan *plan) {
    return IsA(plan, IndexOnlyScan) ? as<IndexOnlyScan>(plan)->indextlist : NIL;
}

bool position_of(const PlanTree &tree, const Plan *plan, std::uint32_t from, std::uint32_t &position) {
    for (std::uint32_t i = from; i < tree.count; ++i)
        if (tree.nodes[i].plan == plan) {
            position = i;
            return true;
        }
    return false;
}

const Node *column(const List *target_list, AttrNumber number) {
    const ListCell *cell;
    foreach (cell, target_list) {
        const auto *entry = static_cast<const TargetEntry *>(lfirst(cell));
        if (entry->resno == number)
            return reinterpret_cast<const Node *>(entry->expr);
    }
    return nullptr;
}

const Node *child_column(const PlanTree &tree, const Scope &scope, Child child, AttrNumber number,
                         Scope &there) {
    if (!child.plan || !position_of(tree, child.plan, scope.node + 1, there.node))
        return nullptr;
    there.parents = child.relations ? bms_union(scope.parents, child.relations) : scope.parents;
    return column(child.plan->targetlist, number);
}

const Node *variable_referent(const PlanTree &tree, const Scope &scope, const Var *variable, Scope &there) {
    const Plan *plan = tree.nodes[scope.node].plan;
    if (variable->varlevelsup != 0)
        return nullptr;
    if (variable->varno == OUTER_VAR)
        return child_column(tree, scope, outer_of(plan), variable->varattno, there);
    if (variable->varno == INNER_VAR)
        return child_column(tree, scope, {inner_of(plan), nullptr}, variable->varattno, there);
    there = scope;
    return column(index_columns_of(plan), variable->varattno);
}

const Node *given_to_inner(const NestLoop *join, int parameter) {
    const ListCell *cell;
    foreach (cell, join->nestParams) {
        const auto *given = static_cast<const NestLoopParam *>(lfirst(cell));
        if (given->paramno == parameter)
            return reinterpret_cast<const Node *>(given->paramval);
    }
    return nullptr;
}

const Node *given_to_subplan(const SubPlan *subplan, int parameter) {
    const ListCell *number, *argument;
    forboth(number, subplan->parParam, argument, subplan->args) {
        if (lfirst_int(number) == parameter)
            return static_cast<const Node *>(lfirst(argument));
    }
    return nullptr;
}

// Null as well for the result of an init plan, which no node above gives.
const Node *parameter_referent(const PlanTree &tree, const Scope &scope, int parameter, Scope &there) {
    for (std::uint32_t i = scope.node;;) {
        const PlanNode &node = tree.nodes[i];
        if (node.parent == store::no_parent)
            return nullptr;
        const Node *given = nullptr;
        if (node.place >= store::NodePlace::init_plan)
            given = given_to_subplan(node.subplan, parameter);
        else if (IsA(tree.nodes[node.parent].plan, NestLoop) && node.place == store::NodePlace::inner)
            given = given_to_inner(as<NestLoop>(tree.nodes[node.parent].plan), parameter);
        i = node.parent;
        if (given) {
            there = {i, nullptr};
            return given;
        }
    }
}

} // namespace

const Node *referent(const PlanTree &tree, const Scope &scope, const Node *expression, Scope &there,
                     bool &found) {
    found = true;
    if (IsA(expression, Var)) {
        const auto *variable = reinterpret_cast<const Var *>(expression);
        if (!IS_SPECIAL_VARNO(variable->varno) && variable->varlevelsup == 0)
            return nullptr;
        const Node *result = variable_referent(tree, scope, variable, there);
        found = result != nullptr;
        return result;
    }
    if (IsA(expression, Param)) {
        const auto *parameter = reinterpret_cast<const Param *>(expression);
        if (parameter->paramkind == PARAM_EXEC)
            return parameter_referent(tree, scope, parameter->paramid, there);
    }
    return nullptr;
}

List *ancestors_of(const PlanTree &tree, std::uint32_t node) {
    List *ancestors = NIL;
    for (const PlanNode *at = &tree.nodes[node]; at->parent != store::no_parent;
         at = &tree.nodes[at->parent]) {
        if (at->subplan)
            ancestors = lappend(ancestors, const_cast<SubPlan *>(at->subplan));
        ancestors = lappend(ancestors, const_cast<Plan *>(tree.nodes[at->parent].plan));
    }
    return ancestors;
}

} // namespace advisor::pg::observe
