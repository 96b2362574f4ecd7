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
    List *seen;       // functions already judged
    List *seen_types; // likewise
};

bool walk(Node *node, void *context);
bool check_type(Oid type, Walk *state);

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

// The reference is unregistered when the memory context goes: it must live as long.
bool check_domain(Oid domain, Walk *state) {
    auto *constraints = static_cast<DomainConstraintRef *>(palloc0(sizeof(DomainConstraintRef)));
    InitDomainConstraintRef(domain, constraints, CurrentMemoryContext, false);
    ListCell *cell;
    foreach (cell, constraints->constraints) {
        const auto *constraint = static_cast<DomainConstraintState *>(lfirst(cell));
        if (constraint->check_expr && walk(reinterpret_cast<Node *>(constraint->check_expr), state))
            return true;
    }
    return check_type(getBaseType(domain), state);
}

// Reading a value of a type runs the checks of the domains in it.
bool check_type(Oid type, Walk *state) {
    if (type < FirstUnpinnedObjectId || list_member_oid(state->seen_types, type))
        return false;
    state->seen_types = lappend_oid(state->seen_types, type);
    const Oid element = get_element_type(type);
    if (OidIsValid(element))
        return check_type(element, state);
    switch (get_typtype(type)) {
    case TYPTYPE_DOMAIN: return check_domain(type, state);
    case TYPTYPE_RANGE: return check_type(get_range_subtype(type), state);
    case TYPTYPE_MULTIRANGE: return check_type(get_multirange_range(type), state);
    case TYPTYPE_COMPOSITE: break;
    default: return false;
    }
    TupleDesc row = lookup_rowtype_tupdesc_copy(type, -1);
    for (int i = 0; i < row->natts; ++i)
        if (!TupleDescAttr(row, i)->attisdropped && check_type(TupleDescAttr(row, i)->atttypid, state))
            return true;
    return false;
}

bool check_stored_tree(int cache, HeapTuple tuple, AttrNumber part, Walk *state) {
    bool is_null;
    Datum tree = SysCacheGetAttr(cache, tuple, part, &is_null);
    return !is_null && walk(static_cast<Node *>(stringToNode(TextDatumGetCString(tree))), state);
}

bool check_object(int cache, Oid object, std::initializer_list<AttrNumber> parts, Walk *state) {
    HeapTuple tuple = SearchSysCache1(cache, ObjectIdGetDatum(object));
    if (!HeapTupleIsValid(tuple))
        return false;
    bool found = false;
    for (const AttrNumber part : parts)
        found = found || check_stored_tree(cache, tuple, part, state);
    ReleaseSysCache(tuple);
    return found;
}

// Index expressions, predicates, statistics expressions, partition keys and CHECK constraints are folded when
// the table is planned.
bool check_one_table(Oid relation, Walk *state) {
    Relation table = RelationIdGetRelation(relation);
    if (!RelationIsValid(table))
        return false;
    bool found = check_object(PARTRELID, relation, {Anum_pg_partitioned_table_partexprs}, state);
    const TupleConstr *constraints = RelationGetDescr(table)->constr;
    for (int i = 0; constraints && !found && i < constraints->num_check; ++i)
        found = walk(static_cast<Node *>(stringToNode(constraints->check[i].ccbin)), state);
    ListCell *cell;
    foreach (cell, RelationGetIndexList(table))
        found = found || check_object(INDEXRELID, lfirst_oid(cell),
                                      {Anum_pg_index_indexprs, Anum_pg_index_indpred}, state);
    foreach (cell, RelationGetStatExtList(table))
        found = found || check_object(STATEXTOID, lfirst_oid(cell), {Anum_pg_statistic_ext_stxexprs}, state);
    RelationClose(table);
    return found;
}

// With its children, which a query on it plans too.
bool check_table(Oid relation, Walk *state) {
    if (relation < FirstUnpinnedObjectId || get_rel_relkind(relation) == RELKIND_VIEW)
        return false;
    if (!has_subclass(relation))
        return check_one_table(relation, state);
    ListCell *cell;
    foreach (cell, find_all_inheritors(relation, NoLock, nullptr))
        if (check_one_table(lfirst_oid(cell), state))
            return true;
    return false;
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
    // Values of these are read, or checked, while planning.
    const bool makes_value = IsA(node, CoerceToDomain) || IsA(node, CoerceViaIO) || IsA(node, Param);
    if (makes_value && check_type(exprType(node), state))
        return true;
    return expression_tree_walker(node, reinterpret_cast<bool (*)()>(walk), context);
}

// Literals are read while a statement is analysed: those of named types, and those that are compared with or
// stored into a column.
bool check_name(Node *node, void *context) {
    auto *state = static_cast<Walk *>(context);
    if (!node)
        return false;
    if (IsA(node, RangeVar)) {
        const Oid relation = RangeVarGetRelid(castNode(RangeVar, node), NoLock, true);
        return OidIsValid(relation) && check_type(get_rel_type_id(relation), state);
    }
    if (IsA(node, TypeName)) {
        Type type = LookupTypeName(nullptr, castNode(TypeName, node), nullptr, true);
        if (!type)
            return false;
        const Oid oid = typeTypeId(type);
        ReleaseSysCache(type);
        return check_type(oid, state);
    }
    return raw_expression_tree_walker(node, reinterpret_cast<bool (*)()>(check_name), context);
}

} // namespace

char *untrusted_literals(const char *text, RawParseMode mode, Oid role) {
    Walk state{role, has_powers(role), 0, nullptr, NIL, NIL};
    ListCell *cell;
    foreach (cell, raw_parser(text, mode))
        if (check_name(lfirst_node(RawStmt, cell)->stmt, &state))
            break;
    return state.offender;
}

char *untrusted_code(const AnalysedStatement *statement, Oid role) {
    Walk state{role, has_powers(role), 0, nullptr, NIL, NIL};
    for (int i = 0; i < statement->parameter_count; ++i)
        if (check_type(statement->parameter_types[i], &state))
            return state.offender;
    ListCell *cell;
    foreach (cell, statement->queries)
        if (walk(static_cast<Node *>(lfirst(cell)), &state))
            break;
    return state.offender;
}

bool may_evaluate(List *expressions, Oid role) {
    Walk state{role, has_powers(role), 0, nullptr, NIL, NIL};
    return !walk(reinterpret_cast<Node *>(expressions), &state);
}

bool may_run(Oid function, Oid role) {
    Walk state{role, has_powers(role), 0, nullptr, NIL, NIL};
    return !OidIsValid(function) || !check_function(function, &state);
}

} // namespace advisor::pg
