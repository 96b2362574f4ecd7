// An index that does not exist: parsed from CREATE INDEX and resolved against the catalog.
#include "pg_ext/what_if/hypothetical_index.h"

#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"
#include "pg_ext/what_if/access_method.h"

namespace advisor::pg {
namespace {

IndexStmt *parse_create_index(const char *sql) {
    List *statements = raw_parser(sql, RAW_PARSE_DEFAULT);
    if (list_length(statements) != 1 || !IsA(linitial_node(RawStmt, statements)->stmt, IndexStmt))
        refuse(ERRCODE_SYNTAX_ERROR, "an index definition must be one CREATE INDEX statement",
               "Pass texts such as CREATE INDEX ON orders (customer_id).");
    return castNode(IndexStmt, linitial_node(RawStmt, statements)->stmt);
}

void refuse_mutable(Node *tree) {
    if (contain_mutable_functions(
            reinterpret_cast<Node *>(expression_planner(reinterpret_cast<Expr *>(copy_tree(tree))))))
        refuse(ERRCODE_INVALID_OBJECT_DEFINITION,
               "functions in index expressions and predicates must be marked IMMUTABLE", "");
}

Node *planned_form(Node *tree) {
    tree = eval_const_expressions(nullptr, tree);
    fix_opfuncids(tree);
    return tree;
}

// Column or expression of one key, as ComputeIndexAttrs (src/backend/commands/indexcmds.c, 15) resolves it.
void resolve_key(HypotheticalIndex *index, int column, IndexElem *element, bool is_key) {
    Oid type = InvalidOid;
    Oid collation = InvalidOid;
    if (element->name) {
        HeapTuple tuple = SearchSysCacheAttName(index->relation, element->name);
        if (!HeapTupleIsValid(tuple))
            refuse_named(ERRCODE_UNDEFINED_COLUMN, "column \"%s\" does not exist", element->name);
        auto *attribute = reinterpret_cast<Form_pg_attribute>(GETSTRUCT(tuple));
        index->attributes[column] = attribute->attnum;
        type = attribute->atttypid;
        collation = attribute->attcollation;
        ReleaseSysCache(tuple);
        if (index->attributes[column] < 0)
            refuse(ERRCODE_FEATURE_NOT_SUPPORTED, "index creation on system columns is not supported", "");
    } else {
        refuse_mutable(element->expr);
        index->attributes[column] = 0;
        type = exprType(element->expr);
        collation = exprCollation(element->expr);
        index->expressions = lappend(index->expressions, planned_form(element->expr));
    }
    if (!is_key) {
        index->can_return[column] = can_return_column(index->method, InvalidOid, false);
        return;
    }
    if (element->collation)
        collation = get_collation_oid(element->collation, false);
    index->collations[column] = collation;
    require_key_options(element, index->method);
    const Oid opclass = ResolveOpClass(element->opclass, type, get_am_name(index->method), index->method);
    require_known_opclass(opclass, index->method);
    index->opclasses[column] = opclass;
    index->can_return[column] = can_return_column(index->method, opclass, true);
    index->opfamilies[column] = get_opclass_family(opclass);
    index->opcintypes[column] = get_opclass_input_type(opclass);
    index->descending[column] = element->ordering == SORTBY_DESC;
    index->nulls_first[column] = element->nulls_ordering == SORTBY_NULLS_DEFAULT
                                     ? index->descending[column]
                                     : element->nulls_ordering == SORTBY_NULLS_FIRST;
}

void resolve_columns(HypotheticalIndex *index, const IndexStmt *stmt) {
    ListCell *cell;
    foreach (cell, stmt->indexParams)
        resolve_key(index, index->ncolumns++, lfirst_node(IndexElem, cell), true);
    index->nkeycolumns = index->ncolumns;
    foreach (cell, stmt->indexIncludingParams) {
        auto *element = lfirst_node(IndexElem, cell);
        if (!element->name)
            refuse(ERRCODE_FEATURE_NOT_SUPPORTED, "expressions are not supported in included columns", "");
        resolve_key(index, index->ncolumns++, element, false);
    }
    if (stmt->whereClause) {
        refuse_mutable(stmt->whereClause);
        Node *condition = planned_form(copy_tree(stmt->whereClause));
        condition = reinterpret_cast<Node *>(canonicalize_qual(reinterpret_cast<Expr *>(condition), false));
        index->predicate = make_ands_implicit(reinterpret_cast<Expr *>(condition));
    }
}

void read_storage_parameters(HypotheticalIndex *index, const IndexStmt *stmt) {
    index->fillfactor = default_fillfactor(index->method);
    index->deduplicate_items = true;
    index->pages_per_range = BRIN_DEFAULT_PAGES_PER_RANGE;
    require_storage_parameters(stmt->options, index->method);
    ListCell *cell;
    foreach (cell, stmt->options) {
        auto *option = lfirst_node(DefElem, cell);
        if (std::strcmp(option->defname, "fillfactor") == 0)
            index->fillfactor = defGetInt32(option);
        else if (std::strcmp(option->defname, "deduplicate_items") == 0)
            index->deduplicate_items = defGetBoolean(option);
        else if (std::strcmp(option->defname, "pages_per_range") == 0)
            index->pages_per_range = defGetInt32(option);
    }
}

// An OID that no relation has, counted down from the top so that a new relation does not get it soon.
Oid unused_oid() {
    static Oid next = InvalidOid;
    do
        --next;
    while (next < FirstNormalObjectId || SearchSysCacheExists1(RELOID, ObjectIdGetDatum(next)));
    return next;
}

void append_key(StringInfo text, const HypotheticalIndex *index, int column, ListCell **expression,
                List *context) {
    Oid type;
    if (index->attributes[column] != 0) {
        type = get_atttype(index->relation, index->attributes[column]);
        appendStringInfoString(
            text, quote_identifier(get_attname(index->relation, index->attributes[column], false)));
    } else {
        Node *tree = static_cast<Node *>(lfirst(*expression));
        type = exprType(tree);
        *expression = lnext(index->expressions, *expression);
        appendStringInfo(text, "(%s)", deparse_expression(tree, context, false, false));
    }
    if (column >= index->nkeycolumns)
        return;
    if (index->opclasses[column] != GetDefaultOpClass(type, index->method)) {
        HeapTuple tuple = SearchSysCache1(CLAOID, ObjectIdGetDatum(index->opclasses[column]));
        auto *opclass = reinterpret_cast<Form_pg_opclass>(GETSTRUCT(tuple));
        appendStringInfo(text, " %s",
                         quote_qualified_identifier(OpclassIsVisible(index->opclasses[column])
                                                        ? nullptr
                                                        : get_namespace_name(opclass->opcnamespace),
                                                    NameStr(opclass->opcname)));
        ReleaseSysCache(tuple);
    }
    if (index->descending[column])
        appendStringInfoString(text, " DESC");
    if (index->nulls_first[column] != index->descending[column])
        appendStringInfoString(text, index->nulls_first[column] ? " NULLS FIRST" : " NULLS LAST");
}

// The canonical text, made from what was resolved and not from what was typed.
char *definition_text(const HypotheticalIndex *index) {
    StringInfoData text;
    initStringInfo(&text);
    char *relation = get_rel_name(index->relation);
    List *context = deparse_context_for(relation, index->relation);
    appendStringInfo(
        &text, "CREATE %sINDEX ON %s USING %s (", index->unique ? "UNIQUE " : "",
        quote_qualified_identifier(get_namespace_name(get_rel_namespace(index->relation)), relation),
        get_am_name(index->method));
    ListCell *expression = list_head(index->expressions);
    for (int column = 0; column < index->ncolumns; ++column) {
        if (column > 0)
            appendStringInfoString(&text, column == index->nkeycolumns ? ") INCLUDE (" : ", ");
        append_key(&text, index, column, &expression, context);
    }
    appendStringInfoChar(&text, ')');
    if (index->fillfactor != default_fillfactor(index->method))
        appendStringInfo(&text, " WITH (fillfactor='%d')", index->fillfactor);
    else if (index->pages_per_range != BRIN_DEFAULT_PAGES_PER_RANGE)
        appendStringInfo(&text, " WITH (pages_per_range='%d')", index->pages_per_range);
    if (index->predicate != NIL)
        appendStringInfo(&text, " WHERE %s",
                         deparse_expression(reinterpret_cast<Node *>(make_ands_explicit(index->predicate)),
                                            context, false, false));
    return text.data;
}

HypotheticalIndex *define_on_table(Oid relation, Oid method, const IndexStmt *parsed, const char *sql,
                                   int position) {
    IndexStmt *stmt = transformIndexStmt(relation, copy_tree(parsed), sql);
    auto *index = static_cast<HypotheticalIndex *>(palloc0(sizeof(HypotheticalIndex)));
    index->oid = unused_oid();
    index->relation = relation;
    index->method = method;
    index->position = position;
    index->unique = stmt->unique;
    index->nulls_not_distinct = stmt->nulls_not_distinct;
    read_storage_parameters(index, stmt);
    resolve_columns(index, stmt);
    index->definition = definition_text(index);
    char name[NAMEDATALEN * 2];
    pg_snprintf(name, sizeof name, "hypothetical_%d_%s", position + 1, get_rel_name(relation));
    name[pg_mbcliplen(name, static_cast<int>(std::strlen(name)), NAMEDATALEN - 1)] = '\0';
    strlcpy(index->name, name, sizeof index->name);
    return index;
}

void require_table(Oid relation) {
    const char kind = get_rel_relkind(relation);
    if (kind != RELKIND_RELATION && kind != RELKIND_MATVIEW && kind != RELKIND_PARTITIONED_TABLE)
        refuse_named(ERRCODE_WRONG_OBJECT_TYPE, "cannot create an index on relation \"%s\"",
                     get_rel_name(relation));
}

} // namespace

HypotheticalIndex *define_index_on(Oid relation, const char *create_index) {
    const IndexStmt *stmt = parse_create_index(create_index);
    const Oid method = supported_method(stmt->accessMethod);
    require_capabilities(stmt, method);
    return define_on_table(relation, method, stmt, create_index, 0);
}

Oid relation_to_index(const char *create_index) {
    const Oid relation = RangeVarGetRelid(parse_create_index(create_index)->relation, AccessShareLock, false);
    require_table(relation);
    return relation;
}

List *define_hypothetical_indexes(const char *create_index, int position, MemoryContext memory) {
    MemoryContext caller = MemoryContextSwitchTo(memory);
    IndexStmt *stmt = parse_create_index(create_index);
    const Oid method = supported_method(stmt->accessMethod);
    require_capabilities(stmt, method);
    const Oid relation = RangeVarGetRelid(stmt->relation, AccessShareLock, false);
    require_table(relation);
    List *indexes = NIL;
    if (get_rel_relkind(relation) != RELKIND_PARTITIONED_TABLE) {
        indexes = list_make1(define_on_table(relation, method, stmt, create_index, position));
    } else {
        ListCell *cell;
        foreach (cell, find_all_inheritors(relation, AccessShareLock, nullptr)) {
            const char kind = get_rel_relkind(lfirst_oid(cell));
            if (kind == RELKIND_RELATION || kind == RELKIND_MATVIEW)
                indexes =
                    lappend(indexes, define_on_table(lfirst_oid(cell), method, stmt, create_index, position));
        }
    }
    MemoryContextSwitchTo(caller);
    return indexes;
}

} // namespace advisor::pg
