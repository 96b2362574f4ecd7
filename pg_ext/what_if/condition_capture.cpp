// All conditions on a table as pairs of column and operator.
#include "pg_ext/what_if/condition_capture.h"

#include "pg_ext/compat.h"

namespace advisor::pg {
namespace {

struct Collection {
    const Side *side;
    List *conditions;      // CapturedCondition *
    const char *operation; // that the expression being walked is an argument of
};

bool collect(Node *node, void *context);

void add(Collection *to, char *column, const char *operation) {
    auto *condition = static_cast<CapturedCondition *>(palloc(sizeof(CapturedCondition)));
    condition->column = column;
    condition->operation = pstrdup(operation);
    to->conditions = lappend(to->conditions, condition);
}

// A column or expression of this table as a whole.
bool add_key(Collection *to, Node *tree, const char *operation) {
    char *key;
    bool expression;
    if (!index_key(*to->side, tree, &key, &expression))
        return false;
    add(to, key, operation);
    return true;
}

// Goes below an argument that is more than a key of this table.
void add_argument(Collection *to, Node *argument, const char *operation) {
    if (add_key(to, argument, operation))
        return;
    Collection below{to->side, to->conditions, operation};
    collect(argument, &below);
    to->conditions = below.conditions;
}

const char *operator_name(Oid operation) {
    const char *name = OidIsValid(operation) ? get_opname(operation) : nullptr;
    return name ? name : "";
}

void add_operation(Collection *to, const OpExpr *operation) {
    add_argument(to, static_cast<Node *>(linitial(operation->args)), operator_name(operation->opno));
    if (list_length(operation->args) < 2)
        return;
    // Seen from the right side; an operator without a mirror image keeps its name.
    const Oid mirrored = get_commutator(operation->opno);
    add_argument(to, static_cast<Node *>(lsecond(operation->args)),
                 operator_name(OidIsValid(mirrored) ? mirrored : operation->opno));
}

void add_array_operation(Collection *to, const ScalarArrayOpExpr *operation) {
    const char *name = psprintf("%s %s", operator_name(operation->opno), operation->useOr ? "ANY" : "ALL");
    add_argument(to, static_cast<Node *>(linitial(operation->args)), name);
    add_argument(to, static_cast<Node *>(lsecond(operation->args)), name);
}

const char *truth_of(BoolTestType test) {
    switch (test) {
    case IS_TRUE: return "IS TRUE";
    case IS_NOT_TRUE: return "IS NOT TRUE";
    case IS_FALSE: return "IS FALSE";
    case IS_NOT_FALSE: return "IS NOT FALSE";
    case IS_UNKNOWN: return "IS UNKNOWN";
    case IS_NOT_UNKNOWN: break;
    }
    return "IS NOT UNKNOWN";
}

bool collect(Node *node, void *context) {
    if (!node)
        return false;
    auto *to = static_cast<Collection *>(context);
    switch (nodeTag(node)) {
    case T_OpExpr:
    case T_DistinctExpr: add_operation(to, reinterpret_cast<OpExpr *>(node)); return false;
    case T_ScalarArrayOpExpr: add_array_operation(to, castNode(ScalarArrayOpExpr, node)); return false;
    case T_NullTest: {
        const auto *test = castNode(NullTest, node);
        add_argument(to, reinterpret_cast<Node *>(test->arg),
                     test->nulltesttype == IS_NULL ? "IS NULL" : "IS NOT NULL");
        return false;
    }
    case T_BooleanTest: {
        const auto *test = castNode(BooleanTest, node);
        add_argument(to, reinterpret_cast<Node *>(test->arg), truth_of(test->booltesttype));
        return false;
    }
    case T_FuncExpr: {
        const char *name = get_func_name(castNode(FuncExpr, node)->funcid);
        ListCell *cell;
        foreach (cell, castNode(FuncExpr, node)->args)
            add_argument(to, static_cast<Node *>(lfirst(cell)), name ? name : "");
        return false;
    }
    case T_Var: add_key(to, node, to->operation); return false;
    default: return compat::walk_expression(node, collect, context);
    }
}

// A bare column is a condition as well.
List *conditions_of(const Side &side, List *restrictions, List *known) {
    Collection to{&side, known, "IS TRUE"};
    ListCell *cell;
    foreach (cell, restrictions)
        collect(reinterpret_cast<Node *>(lfirst_node(RestrictInfo, cell)->clause), &to);
    return to.conditions;
}

void add_equal_key(Node *key, void *context) {
    add_key(static_cast<Collection *>(context), key, "=");
}

List *equal_keys(const Side &side) {
    Collection to{&side, NIL, "="};
    visit_equal_keys(side, add_equal_key, &to);
    return to.conditions;
}

} // namespace

void capture_conditions(const Side &side, CapturedAccess *access) {
    access->filters = conditions_of(side, side.rel->baserestrictinfo, NIL);
    access->joins = conditions_of(side, side.rel->joininfo, equal_keys(side));
    access->ordered = side.root->sort_pathkeys != NIL;
    access->rows = side.rel->rows;
    // Of a partitioned table it is what its partitions leave after the filters.
    access->tuples = side.root->simple_rte_array[side.position]->inh ? 0 : side.rel->tuples;
}

} // namespace advisor::pg
