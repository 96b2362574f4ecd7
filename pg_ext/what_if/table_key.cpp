// Expressions over one table as keys that an index could have.
#include "pg_ext/what_if/table_key.h"

#include "pg_ext/compat.h"

namespace advisor::pg {

char *text_of(const Side &side, Node *tree) {
    Node *copy = copy_tree(tree);
    ChangeVarNodes(copy, static_cast<int>(side.position), 1, 0);
    return deparse_expression(copy, side.deparse_context, false, false);
}

bool belongs_to_table(const Side &side, Node *tree) {
    Relids relations = pull_varnos(side.root, tree);
    return bms_membership(relations) == BMS_SINGLETON &&
           bms_is_member(static_cast<int>(side.position), relations);
}

bool holds_parameter(Node *node, void *context) {
    if (!node)
        return false;
    if (IsA(node, Param))
        return true;
    return expression_tree_walker(node, reinterpret_cast<bool (*)()>(holds_parameter), context);
}

bool index_key(const Side &side, Node *tree, char **key, bool *expression) {
    while (tree && IsA(tree, RelabelType))
        tree = reinterpret_cast<Node *>(castNode(RelabelType, tree)->arg);
    if (!tree || !belongs_to_table(side, tree))
        return false;
    if (IsA(tree, Var)) {
        const auto *var = castNode(Var, tree);
        if (var->varattno <= 0 || var->varlevelsup != 0)
            return false;
        *key = pstrdup(quote_identifier(get_attname(side.relation, var->varattno, false)));
        *expression = false;
        return true;
    }
    if (contain_mutable_functions(tree) || contain_subplans(tree) || contain_agg_clause(tree) ||
        contain_window_function(tree) || expression_returns_set(tree) || holds_parameter(tree, nullptr))
        return false;
    *key = psprintf("(%s)", text_of(side, tree));
    *expression = true;
    return true;
}

void visit_equal_keys(const Side &side, JoinKeyVisitor visit, void *context) {
    ListCell *class_cell;
    foreach (class_cell, side.root->eq_classes) {
        const auto *members = static_cast<EquivalenceClass *>(lfirst(class_cell));
        if (members->ec_has_const || members->ec_has_volatile ||
            bms_is_subset(members->ec_relids, side.rel->relids))
            continue;
        ListCell *member_cell;
        foreach (member_cell, members->ec_members) {
            const auto *member = static_cast<EquivalenceMember *>(lfirst(member_cell));
            if (!is_child_member(member) && bms_equal(member->em_relids, side.rel->relids))
                visit(reinterpret_cast<Node *>(member->em_expr), context);
        }
    }
}

} // namespace advisor::pg
