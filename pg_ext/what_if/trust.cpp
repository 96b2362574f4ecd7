// Finds the code that planning a statement would run and says whether a role may be made to run it.
#include "pg_ext/what_if/trust.h"

#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"

namespace advisor::pg {
namespace {

constexpr int max_depth = 8; // of SQL functions that call SQL functions

struct Walk {
    Oid role;
    bool role_has_powers;
    int depth;
    char *offender;
    List *seen; // functions already judged
};

bool walk(Node *node, void *context);

bool has_powers(Oid role) {
    if (superuser_arg(role))
        return true;
    HeapTuple tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(role));
    if (!HeapTupleIsValid(tuple))
        return true;
    const auto *form = reinterpret_cast<Form_pg_authid>(GETSTRUCT(tuple));
    const bool powers = form->rolcreaterole || form->rolreplication || form->rolbypassrls;
    ReleaseSysCache(tuple);
    return powers;
}

bool trusts_owner(const Walk *state, Oid owner) {
    return superuser_arg(owner) || (!state->role_has_powers && owner == state->role);
}

bool offend(Walk *state, const char *kind, const char *name) {
    state->offender = psprintf("%s %s", kind, name);
    return true;
}

// The body of a SQL function may be inlined into the statement and then folded: it is walked like the
// statement.
bool walk_sql_body(Walk *state, HeapTuple function) {
    const auto *form = reinterpret_cast<Form_pg_proc>(GETSTRUCT(function));
    if (state->depth >= max_depth)
        return offend(state, "deeply nested function", NameStr(form->proname));
    bool is_null;
    Datum body = SysCacheGetAttr(PROCOID, function, Anum_pg_proc_prosqlbody, &is_null);
    Node *tree;
    ++state->depth;
    bool found = false;
    if (!is_null) {
        tree = static_cast<Node *>(stringToNode(TextDatumGetCString(body)));
        found = walk(tree, state);
    } else {
        Datum source = SysCacheGetAttr(PROCOID, function, Anum_pg_proc_prosrc, &is_null);
        char *sql = TextDatumGetCString(source);
        SQLFunctionParseInfoPtr info = prepare_sql_fn_parse_info(function, nullptr, InvalidOid);
        ListCell *cell;
        foreach (cell, raw_parser(sql, RAW_PARSE_DEFAULT)) {
            ParseState *parse = make_parsestate(nullptr);
            parse->p_sourcetext = sql;
            sql_fn_parser_setup(parse, info);
            Query *query = transformTopLevelStmt(parse, lfirst_node(RawStmt, cell));
            free_parsestate(parse);
            found =
                found || (query->commandType != CMD_UTILITY && walk(reinterpret_cast<Node *>(query), state));
        }
    }
    --state->depth;
    return found;
}

bool check_function(Oid function, void *context) {
    auto *state = static_cast<Walk *>(context);
    if (function < FirstUnpinnedObjectId || list_member_oid(state->seen, function))
        return false;
    state->seen = lappend_oid(state->seen, function);
    HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
    if (!HeapTupleIsValid(tuple))
        return offend(state, "function", "that was dropped");
    const auto *form = reinterpret_cast<Form_pg_proc>(GETSTRUCT(tuple));
    bool found = false;
    if (!trusts_owner(state, form->proowner))
        found = offend(state, "function", NameStr(form->proname));
    else if (form->prolang == SQLlanguageId && form->prokind == PROKIND_FUNCTION)
        found = walk_sql_body(state, tuple);
    ReleaseSysCache(tuple);
    return found;
}

// An operator's estimators run while planning, and may call the operator's function whatever its volatility.
bool check_operator(Oid operator_oid, Walk *state) {
    if (operator_oid < FirstUnpinnedObjectId)
        return false;
    const Oid estimators[] = {get_oprrest(operator_oid), get_oprjoin(operator_oid), get_opcode(operator_oid)};
    for (const Oid estimator : estimators)
        if (OidIsValid(estimator) && check_function(estimator, state))
            return true;
    const Oid related[] = {get_commutator(operator_oid), get_negator(operator_oid)};
    for (const Oid other : related)
        if (OidIsValid(other) && OidIsValid(get_opcode(other)) && check_function(get_opcode(other), state))
            return true;
    return false;
}

bool check_domain(Oid type, Walk *state) {
    if (type < FirstUnpinnedObjectId || get_typtype(type) != TYPTYPE_DOMAIN)
        return false;
    DomainConstraintRef constraints;
    InitDomainConstraintRef(type, &constraints, CurrentMemoryContext, false);
    ListCell *cell;
    foreach (cell, constraints.constraints) {
        const auto *constraint = static_cast<DomainConstraintState *>(lfirst(cell));
        if (constraint->check_expr && walk(reinterpret_cast<Node *>(constraint->check_expr), state))
            return true;
    }
    return false;
}

// Index expressions, predicates and CHECK constraints are folded when the table is planned.
bool check_table(Oid relation, Walk *state) {
    if (relation < FirstUnpinnedObjectId || get_rel_relkind(relation) == RELKIND_VIEW)
        return false;
    Relation table = table_open(relation, NoLock);
    bool found = false;
    const TupleConstr *constraints = RelationGetDescr(table)->constr;
    for (int i = 0; constraints && !found && i < constraints->num_check; ++i)
        found = walk(static_cast<Node *>(stringToNode(constraints->check[i].ccbin)), state);
    ListCell *cell;
    foreach (cell, RelationGetIndexList(table)) {
        if (found)
            break;
        HeapTuple index = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(cell)));
        if (!HeapTupleIsValid(index))
            continue;
        const AttrNumber parts[] = {Anum_pg_index_indexprs, Anum_pg_index_indpred};
        for (const AttrNumber part : parts) {
            bool is_null;
            Datum tree = SysCacheGetAttr(INDEXRELID, index, part, &is_null);
            if (!is_null && !found)
                found = walk(static_cast<Node *>(stringToNode(TextDatumGetCString(tree))), state);
        }
        ReleaseSysCache(index);
    }
    table_close(table, NoLock);
    return found;
}

bool check_query(Query *query, Walk *state) {
    ListCell *cell;
    foreach (cell, query->rtable) {
        const auto *entry = lfirst_node(RangeTblEntry, cell);
        if (entry->rtekind == RTE_RELATION && check_table(entry->relid, state))
            return true;
    }
    return query_tree_walker(query, reinterpret_cast<bool (*)()>(walk), state, 0);
}

Oid operator_of(Node *node) {
    switch (nodeTag(node)) {
    case T_OpExpr:
    case T_DistinctExpr:
    case T_NullIfExpr: return reinterpret_cast<OpExpr *>(node)->opno;
    case T_ScalarArrayOpExpr: return castNode(ScalarArrayOpExpr, node)->opno;
    default: return InvalidOid;
    }
}

bool walk(Node *node, void *context) {
    auto *state = static_cast<Walk *>(context);
    if (!node)
        return false;
    if (IsA(node, Query))
        return check_query(castNode(Query, node), state);
    if (check_functions_in_node(node, check_function, state))
        return true;
    const Oid operator_oid = operator_of(node);
    if (OidIsValid(operator_oid) && check_operator(operator_oid, state))
        return true;
    if (IsA(node, CoerceToDomain) && check_domain(castNode(CoerceToDomain, node)->resulttype, state))
        return true;
    return expression_tree_walker(node, reinterpret_cast<bool (*)()>(walk), context);
}

} // namespace

char *untrusted_code(const AnalysedStatement *statement, Oid role) {
    Walk state{role, has_powers(role), 0, nullptr, NIL};
    for (int i = 0; i < statement->parameter_count; ++i)
        if (check_domain(statement->parameter_types[i], &state))
            return state.offender;
    ListCell *cell;
    foreach (cell, statement->queries)
        if (walk(static_cast<Node *>(lfirst(cell)), &state))
            break;
    return state.offender;
}

} // namespace advisor::pg
