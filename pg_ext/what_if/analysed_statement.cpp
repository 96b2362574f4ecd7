// From text to trees that can be planned many times.
#include "pg_ext/what_if/analysed_statement.h"

#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"

namespace advisor::pg {
namespace {

// The position in an error is one of the inner text, not of the query that called us.
void point_into_text(void *text) {
    const int position = geterrposition();
    if (position > 0) {
        errposition(0);
        internalerrposition(position);
        internalerrquery(static_cast<const char *>(text));
    }
}

class PointIntoText {
public:
    explicit PointIntoText(const char *source)
        : callback_{error_context_stack, point_into_text, const_cast<char *>(source)} {
        error_context_stack = &callback_;
    }
    PointIntoText(const PointIntoText &) = delete;
    PointIntoText &operator=(const PointIntoText &) = delete;
    // Left out by an error, which resets the stack itself.
    void leave() { error_context_stack = callback_.previous; }

private:
    ErrorContextCallback callback_;
};

RawStmt *parse_one(const char *text, RawParseMode mode) {
    List *statements = raw_parser(text, mode);
    if (list_length(statements) != 1)
        refuse(ERRCODE_SYNTAX_ERROR,
               statements == NIL ? "the text holds no statement" : "the text holds more than one statement",
               "Pass one statement at a time.");
    return linitial_node(RawStmt, statements);
}

// The query that a wrapping utility statement would run.
Query *inner_query(Query *query) {
    while (query->commandType == CMD_UTILITY) {
        Node *utility = query->utilityStmt;
        if (IsA(utility, ExplainStmt))
            query = castNode(Query, castNode(ExplainStmt, utility)->query);
        else if (IsA(utility, DeclareCursorStmt))
            query = castNode(Query, castNode(DeclareCursorStmt, utility)->query);
        else if (IsA(utility, CreateTableAsStmt) && IsA(castNode(CreateTableAsStmt, utility)->query, Query))
            query = castNode(Query, castNode(CreateTableAsStmt, utility)->query);
        else
            refuse(ERRCODE_FEATURE_NOT_SUPPORTED, "a utility statement has no plan",
                   "Pass a SELECT, INSERT, UPDATE, DELETE, MERGE or VALUES statement.");
    }
    return query;
}

struct Privileges {
    List *relations;
    bool check;
};

bool visit_query(Node *node, void *context) {
    if (!node)
        return false;
    if (!IsA(node, Query))
        return expression_tree_walker(node, reinterpret_cast<bool (*)()>(visit_query), context);
    auto *query = castNode(Query, node);
    auto *visit = static_cast<Privileges *>(context);
    ListCell *cell;
    foreach (cell, query->rtable) {
        const auto *entry = lfirst_node(RangeTblEntry, cell);
        if (entry->rtekind == RTE_RELATION || (entry->rtekind == RTE_SUBQUERY && OidIsValid(entry->relid)))
            visit->relations = list_append_unique_oid(visit->relations, entry->relid);
    }
    if (visit->check)
        check_query_permissions(query);
    return query_tree_walker(query, reinterpret_cast<bool (*)()>(visit_query), context, 0);
}

bool visit_name(Node *node, void *context) {
    if (!node)
        return false;
    if (IsA(node, RangeVar)) {
        const auto *name = castNode(RangeVar, node);
        Oid locked = RangeVarGetRelidExtended(name, AccessShareLock, RVR_MISSING_OK | RVR_SKIP_LOCKED,
                                              nullptr, nullptr);
        if (!OidIsValid(locked) && OidIsValid(RangeVarGetRelid(name, NoLock, true)))
            *static_cast<bool *>(context) = true;
        return false;
    }
    return raw_expression_tree_walker(node, reinterpret_cast<bool (*)()>(visit_name), context);
}

bool can_walk_raw(const Node *statement) {
    return IsA(statement, SelectStmt) || IsA(statement, InsertStmt) || IsA(statement, UpdateStmt) ||
           IsA(statement, DeleteStmt) || IsA(statement, MergeStmt);
}

} // namespace

AnalysedStatement *analyse_statement(const char *text, RawParseMode mode, const Oid *parameter_types,
                                     int parameter_count) {
    auto *statement = static_cast<AnalysedStatement *>(palloc0(sizeof(AnalysedStatement)));
    statement->source = pstrdup(text);
    if (parameter_count > 0) {
        statement->parameter_types =
            static_cast<Oid *>(palloc(sizeof(Oid) * static_cast<Size>(parameter_count)));
        std::memcpy(statement->parameter_types, parameter_types,
                    sizeof(Oid) * static_cast<Size>(parameter_count));
    }
    statement->parameter_count = parameter_count;
    PointIntoText errors(statement->source);
    RawStmt *raw = parse_one(statement->source, mode);
    ParseState *state = make_parsestate(nullptr);
    state->p_sourcetext = statement->source;
    setup_parse_variable_parameters(state, &statement->parameter_types, &statement->parameter_count);
    Query *query = transformTopLevelStmt(state, raw);
    check_variable_parameters(state, query);
    free_parsestate(state);
    query = inner_query(query);
    statement->command = query->commandType;
    errors.leave();
    statement->queries = QueryRewrite(query);
    Privileges visit{NIL, false};
    visit_query(reinterpret_cast<Node *>(query), &visit);
    ListCell *cell;
    foreach (cell, statement->queries)
        visit_query(static_cast<Node *>(lfirst(cell)), &visit);
    statement->relations = visit.relations;
    return statement;
}

AnalysedStatement *copy_statement(const AnalysedStatement *statement) {
    auto *copy = static_cast<AnalysedStatement *>(palloc(sizeof(AnalysedStatement)));
    *copy = *statement;
    copy->source = pstrdup(statement->source);
    copy->queries = static_cast<List *>(copy_tree(statement->queries));
    copy->relations = list_copy(statement->relations);
    const Size types = sizeof(Oid) * static_cast<Size>(statement->parameter_count);
    copy->parameter_types = static_cast<Oid *>(palloc(types + 1));
    if (types > 0)
        std::memcpy(copy->parameter_types, statement->parameter_types, types);
    return copy;
}

void require_privileges(const AnalysedStatement *statement) {
    Privileges visit{NIL, true};
    ListCell *cell;
    foreach (cell, statement->queries)
        visit_query(static_cast<Node *>(lfirst(cell)), &visit);
}

bool lock_without_waiting(const AnalysedStatement *statement) {
    ListCell *cell;
    foreach (cell, statement->relations)
        if (!ConditionalLockRelationOid(lfirst_oid(cell), AccessShareLock))
            return false;
    return true;
}

bool lock_names_without_waiting(const char *text, RawParseMode mode) {
    Node *statement = parse_one(text, mode)->stmt;
    bool busy = false;
    if (can_walk_raw(statement))
        visit_name(statement, &busy);
    return !busy;
}

ParamListInfo bind_parameters(const AnalysedStatement *statement, const char *const *values, int count) {
    if (count != statement->parameter_count)
        refuse(ERRCODE_INVALID_PARAMETER_VALUE, "wrong number of parameter values",
               "Pass one value for each of $1, $2 and so on; null for SQL null.");
    ParamListInfo list = makeParamList(count);
    for (int i = 0; i < count; ++i) {
        ParamExternData *parameter = &list->params[i];
        Oid input;
        Oid io_parameter;
        getTypeInputInfo(statement->parameter_types[i], &input, &io_parameter);
        parameter->ptype = statement->parameter_types[i];
        parameter->pflags = PARAM_FLAG_CONST;
        parameter->isnull = values[i] == nullptr;
        parameter->value = OidInputFunctionCall(input, const_cast<char *>(values[i]), io_parameter, -1);
    }
    return list;
}

} // namespace advisor::pg
