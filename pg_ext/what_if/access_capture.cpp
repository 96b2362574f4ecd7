// What the planner asks of each table while it plans a statement.
#include "pg_ext/what_if/access_capture.h"

#include "pg_ext/catalog_reader.h"
#include "pg_ext/compat.h"
#include "pg_ext/what_if/condition_capture.h"
#include "pg_ext/what_if/method_capture.h"
#include "pg_ext/what_if/table_key.h"

namespace advisor::pg {
namespace {

template <class Value>
Value *allocate() {
    return static_cast<Value *>(palloc0(sizeof(Value)));
}

void add_predicate(CapturedAccess *access, char *key, bool expression, CapturedComparison comparison,
                   char *constant_text = nullptr) {
    auto *predicate = allocate<CapturedPredicate>();
    predicate->key = key;
    predicate->expression = expression;
    predicate->comparison = comparison;
    predicate->constant_text = constant_text;
    access->predicates = lappend(access->predicates, predicate);
}

// The role that an operator plays in the default b-tree order of its type.
std::optional<CapturedComparison> comparison_of(Oid operator_oid) {
    ListCell *cell;
    foreach (cell, compat::btree_meanings(operator_oid)) {
        const int strategy = compat::btree_strategy(lfirst(cell));
        if (strategy == BTEqualStrategyNumber)
            return CapturedComparison::equality;
        if (strategy >= BTLessStrategyNumber && strategy <= BTGreaterStrategyNumber)
            return CapturedComparison::range;
    }
    return std::nullopt;
}

bool is_like(Oid operator_oid) {
    return operator_oid == OID_TEXT_LIKE_OP || operator_oid == OID_BPCHAR_LIKE_OP ||
           operator_oid == OID_NAME_LIKE_OP;
}

// LIKE with a constant that begins with at least one ordinary character.
bool is_prefix_pattern(Node *pattern) {
    if (!IsA(pattern, Const) || castNode(Const, pattern)->constisnull)
        return false;
    const auto *constant = castNode(Const, pattern);
    if (constant->consttype != TEXTOID && constant->consttype != VARCHAROID &&
        constant->consttype != BPCHAROID)
        return false;
    const char *written = TextDatumGetCString(constant->constvalue);
    return written[0] != '\0' && written[0] != '%' && written[0] != '_';
}

void capture_like(const Side &side, CapturedAccess *access, const OpExpr *clause) {
    auto *left = static_cast<Node *>(linitial(clause->args));
    auto *right = static_cast<Node *>(lsecond(clause->args));
    char *key;
    bool expression;
    if (!is_prefix_pattern(right) || !index_key(side, left, &key, &expression))
        return;
    add_predicate(access, key, expression, CapturedComparison::prefix);
    auto *predicate = static_cast<CapturedPredicate *>(llast(access->predicates));
    predicate->pattern_operator_needed = !compat::sorts_by_bytes(exprCollation(left));
}

// Compared with a constant that the text may hold: values of parameters come with the place of the parameter.
void note_literal(const Side &side, CapturedAccess *access, const OpExpr *clause, const Node *other) {
    const auto *constant = reinterpret_cast<const Const *>(other);
    if (!IsA(other, Const) || constant->constisnull || constant->location < 0)
        return;
    auto *predicate = static_cast<CapturedPredicate *>(llast(access->predicates));
    predicate->literal_text = text_of(side, reinterpret_cast<Node *>(const_cast<OpExpr *>(clause)));
    predicate->literal_offset = constant->location;
}

bool is_inequality(Oid operator_oid) {
    const Oid negator = get_negator(operator_oid);
    return OidIsValid(negator) && comparison_of(negator) == CapturedComparison::equality;
}

void capture_operator(const Side &side, CapturedAccess *access, const OpExpr *clause) {
    if (list_length(clause->args) != 2)
        return;
    if (is_like(clause->opno)) {
        capture_like(side, access, clause);
        return;
    }
    const auto comparison = comparison_of(clause->opno);
    auto *left = static_cast<Node *>(linitial(clause->args));
    auto *right = static_cast<Node *>(lsecond(clause->args));
    auto *whole = reinterpret_cast<Node *>(const_cast<OpExpr *>(clause));
    char *key;
    bool expression;
    if (comparison && !contain_volatile_functions(right) && bms_is_empty(pull_varnos(side.root, right)) &&
        index_key(side, left, &key, &expression)) {
        add_predicate(access, key, expression, *comparison);
        note_literal(side, access, clause, right);
    } else if (is_inequality(clause->opno) && IsA(left, Var) && IsA(right, Const) &&
               index_key(side, left, &key, &expression)) {
        add_predicate(access, key, expression, CapturedComparison::constant_only);
        note_literal(side, access, clause, right);
    } else if (comparison && !contain_volatile_functions(left) &&
               bms_is_empty(pull_varnos(side.root, left)) && index_key(side, right, &key, &expression))
        add_predicate(access, key, expression, *comparison);
    else if (belongs_to_table(side, left) && belongs_to_table(side, right) &&
             !contain_mutable_functions(whole) && !holds_parameter(whole, nullptr))
        add_predicate(access, nullptr, false, CapturedComparison::constant_only, text_of(side, whole));
}

void capture_any_of(const Side &side, CapturedAccess *access, const ScalarArrayOpExpr *clause) {
    auto *left = static_cast<Node *>(linitial(clause->args));
    char *key;
    bool expression;
    if (clause->useOr && comparison_of(clause->opno) == CapturedComparison::equality &&
        index_key(side, left, &key, &expression))
        add_predicate(access, key, expression, CapturedComparison::any_of);
}

void capture_null_test(const Side &side, CapturedAccess *access, NullTest *clause) {
    char *key;
    bool expression;
    if (clause->argisrow || !index_key(side, reinterpret_cast<Node *>(clause->arg), &key, &expression))
        return;
    char *text = text_of(side, reinterpret_cast<Node *>(clause));
    if (clause->nulltesttype == IS_NULL)
        add_predicate(access, key, expression, CapturedComparison::equality, text);
    else
        add_predicate(access, nullptr, false, CapturedComparison::constant_only, text);
}

// active, NOT active, active IS TRUE: a key of two values, and a condition that never varies.
void capture_boolean(const Side &side, CapturedAccess *access, Node *clause) {
    Node *inner = clause;
    if (IsA(inner, BoolExpr))
        inner = static_cast<Node *>(linitial(castNode(BoolExpr, inner)->args));
    else if (IsA(inner, BooleanTest))
        inner = reinterpret_cast<Node *>(castNode(BooleanTest, inner)->arg);
    char *key;
    bool expression;
    if (IsA(inner, Var) && index_key(side, inner, &key, &expression))
        add_predicate(access, key, expression, CapturedComparison::equality, text_of(side, clause));
}

void capture_clause(const Side &side, CapturedAccess *access, Node *clause) {
    switch (nodeTag(clause)) {
    case T_OpExpr: capture_operator(side, access, castNode(OpExpr, clause)); break;
    case T_ScalarArrayOpExpr: capture_any_of(side, access, castNode(ScalarArrayOpExpr, clause)); break;
    case T_NullTest: capture_null_test(side, access, castNode(NullTest, clause)); break;
    case T_Var:
    case T_BooleanTest: capture_boolean(side, access, clause); break;
    case T_BoolExpr:
        if (castNode(BoolExpr, clause)->boolop == NOT_EXPR)
            capture_boolean(side, access, clause);
        break;
    default: break;
    }
}

void add_join_key(const Side &side, CapturedAccess *access, Node *tree, CapturedComparison comparison) {
    char *key;
    bool expression;
    if (!index_key(side, tree, &key, &expression))
        return;
    add_predicate(access, key, expression, comparison);
    static_cast<CapturedPredicate *>(llast(access->predicates))->join = true;
}

struct JoinTarget {
    const Side *side;
    CapturedAccess *access;
};

void add_equal_key(Node *key, void *context) {
    const auto *target = static_cast<const JoinTarget *>(context);
    add_join_key(*target->side, target->access, key, CapturedComparison::equality);
}

// Outer joins and inequalities stay as clauses.
void capture_join_clauses(const Side &side, CapturedAccess *access) {
    ListCell *cell;
    foreach (cell, side.rel->joininfo) {
        Node *clause = reinterpret_cast<Node *>(lfirst_node(RestrictInfo, cell)->clause);
        if (!IsA(clause, OpExpr) || list_length(castNode(OpExpr, clause)->args) != 2)
            continue;
        const auto comparison = comparison_of(castNode(OpExpr, clause)->opno);
        if (!comparison)
            continue;
        add_join_key(side, access, static_cast<Node *>(linitial(castNode(OpExpr, clause)->args)),
                     *comparison);
        add_join_key(side, access, static_cast<Node *>(lsecond(castNode(OpExpr, clause)->args)), *comparison);
    }
}

// The keys as this table's; NIL as soon as one is not.
List *sort_keys(const Side &side, List *pathkeys) {
    List *keys = NIL;
    ListCell *cell;
    foreach (cell, pathkeys) {
        const auto *pathkey = lfirst_node(PathKey, cell);
        CapturedSortKey *found = nullptr;
        ListCell *member_cell;
        foreach (member_cell, pathkey->pk_eclass->ec_members) {
            const auto *member = static_cast<EquivalenceMember *>(lfirst(member_cell));
            char *key;
            bool expression;
            if (is_child_member(member) || !bms_equal(member->em_relids, side.rel->relids) ||
                !index_key(side, reinterpret_cast<Node *>(member->em_expr), &key, &expression))
                continue;
            found = allocate<CapturedSortKey>();
            found->key = key;
            found->expression = expression;
            found->descending = sorts_descending(pathkey);
            found->nulls_first = pathkey->pk_nulls_first;
            break;
        }
        if (!found)
            return NIL;
        keys = lappend(keys, found);
    }
    return keys;
}

void capture_orders(const Side &side, CapturedAccess *access) {
    const PlannerInfo *root = side.root;
    access->order = sort_keys(side, root->sort_pathkeys != NIL ? root->sort_pathkeys : root->query_pathkeys);
    if (access->order == NIL)
        access->order = sort_keys(side, root->window_pathkeys);
    access->group =
        sort_keys(side, root->group_pathkeys != NIL ? root->group_pathkeys : root->distinct_pathkeys);
    access->limit = root->limit_tuples > 0 || root->parse->limitCount != nullptr;
}

void capture_columns(const Side &side, CapturedAccess *access) {
    Bitmapset *columns = nullptr;
    for (int attribute = side.rel->min_attr; attribute <= side.rel->max_attr; ++attribute)
        if (!bms_is_empty(side.rel->attr_needed[attribute - side.rel->min_attr]))
            columns = bms_add_member(columns, attribute - FirstLowInvalidHeapAttributeNumber);
    ListCell *cell;
    foreach (cell, side.rel->baserestrictinfo)
        pull_varattnos(reinterpret_cast<Node *>(lfirst_node(RestrictInfo, cell)->clause), side.position,
                       &columns);
    int member = -1;
    while ((member = bms_next_member(columns, member)) >= 0) {
        const int attribute = member + FirstLowInvalidHeapAttributeNumber;
        if (attribute <= 0) { // a system column or the whole row: no index covers it
            access->columns_read = NIL;
            return;
        }
        access->columns_read = lappend(
            access->columns_read,
            pstrdup(quote_identifier(get_attname(side.relation, static_cast<AttrNumber>(attribute), false))));
    }
}

// Names and expressions are written for search_path pg_catalog.
void capture_table(AccessCapture *capture, PlannerInfo *root, RelOptInfo *rel, Index position,
                   RangeTblEntry *entry) {
    MemoryContext caller = MemoryContextSwitchTo(capture->memory);
    const Side side{root, rel, position, entry->relid,
                    deparse_context_for(get_rel_name(entry->relid), entry->relid)};
    auto *access = allocate<CapturedAccess>();
    access->relation = entry->relid;
    access->alias = pstrdup(entry->eref->aliasname);
    ListCell *cell;
    foreach (cell, rel->baserestrictinfo)
        capture_clause(side, access, reinterpret_cast<Node *>(lfirst_node(RestrictInfo, cell)->clause));
    JoinTarget target{&side, access};
    visit_equal_keys(side, add_equal_key, &target);
    capture_join_clauses(side, access);
    capture_methods(side, access);
    capture_orders(side, access);
    capture_columns(side, access);
    if (capture->conditions)
        capture_conditions(side, access);
    capture->accesses = lappend(capture->accesses, access);
    MemoryContextSwitchTo(caller);
}

// No advice on system catalogs, temporary tables and what an extension brought along.
bool is_users_table(Oid relation) {
    return relation >= FirstNormalObjectId && get_rel_persistence(relation) != RELPERSISTENCE_TEMP &&
           !OidIsValid(getExtensionOfObject(RelationRelationId, relation));
}

} // namespace

void capture_access(AccessCapture *capture, PlannerInfo *root, RelOptInfo *rel, Index position,
                    RangeTblEntry *entry) {
    if (rel->reloptkind != RELOPT_BASEREL || entry->rtekind != RTE_RELATION || !is_users_table(entry->relid))
        return;
    if (entry->relkind != RELKIND_RELATION && entry->relkind != RELKIND_MATVIEW &&
        entry->relkind != RELKIND_PARTITIONED_TABLE)
        return;
    with_catalog_path([=] { capture_table(capture, root, rel, position, entry); });
}

} // namespace advisor::pg
