// Writes the frequent kinds of expressions by itself, which costs a hundredth of the server's way (its
// deparser first names every column of every relation of the plan); an expression with anything else in it
// goes to the server's deparser as a whole. Plain frames.
#include "pg_ext/observe/condition_text.h"

#include "pg_ext/compat.h"
#include "pg_ext/observe/constant_text.h"
#include "pg_ext/observe/server_text.h"
#include "pg_ext/observe/text_buffer.h"

namespace advisor::pg::observe {
namespace {

template <class NodeType>
const NodeType *as(const Node *node) {
    return reinterpret_cast<const NodeType *>(node);
}

// One expression on its way; each write gives false when it meets what it does not know.
struct Writing {
    ConditionWriter &writer;
    Scope scope;
    bool prefix;

    void put(std::string_view text) { observe::put(writer.text, text); }
    bool write(const Node *node, bool implicit_casts = true);
    bool list(const List *nodes, const char *separator, bool implicit_casts = true);
    bool in_scope(const Scope &there, bool with_prefix, const Node *node, bool implicit_casts = true);
    bool column(const Var *variable);
    bool variable(const Var *variable);
    bool parameter(const Param *parameter);
    bool constant(const Const *constant, TypeLabel label);
    bool operation(const OpExpr *operation);
    bool array_operation(const ScalarArrayOpExpr *operation);
    bool logic(const BoolExpr *logic);
    bool null_test(const NullTest *test);
    bool boolean_test(const BooleanTest *test);
    bool cast(const Node *argument, Oid type, int32 modifier, CoercionForm form, bool implicit_casts);
    bool function(const FuncExpr *call, bool implicit_casts);
    bool aggregate(const Aggref *aggregate);
    bool function_name(Oid function);
    bool subplan(const SubPlan *subplan);
};

bool Writing::list(const List *nodes, const char *separator, bool implicit_casts) {
    const ListCell *cell;
    foreach (cell, nodes) {
        if (foreach_current_index(cell) > 0)
            put(separator);
        if (!write(static_cast<const Node *>(lfirst(cell)), implicit_casts))
            return false;
    }
    return true;
}

bool Writing::in_scope(const Scope &there, bool with_prefix, const Node *node, bool implicit_casts) {
    Writing inner{writer, there, with_prefix};
    return inner.write(node, implicit_casts);
}

const AppendRelInfo *parent_relation(const PlannedStmt *statement, Index child) {
    const ListCell *cell;
    foreach (cell, statement->appendRelations) {
        const auto *append = static_cast<const AppendRelInfo *>(lfirst(cell));
        if (append->child_relid == child)
            return append;
    }
    return nullptr;
}

// A column of a partition under an Append is shown as that of the table, when the Append was passed.
void map_to_parent(const PlannedStmt *statement, const Bitmapset *parents, Index &relation,
                   AttrNumber &number) {
    if (!parents)
        return;
    Index mapped = relation;
    AttrNumber column = number;
    bool found = false;
    while (const AppendRelInfo *append = parent_relation(statement, mapped)) {
        if (rt_fetch(append->parent_relid, statement->rtable)->rtekind != RTE_RELATION)
            break;
        if (column > 0) {
            if (column > append->num_child_cols || append->parent_colnos[column - 1] == 0)
                return;
            column = append->parent_colnos[column - 1];
        }
        mapped = append->parent_relid;
        found = true;
    }
    if (found && bms_is_member(static_cast<int>(mapped), parents)) {
        relation = mapped;
        number = column;
    }
}

const char *column_name(const RangeTblEntry *entry, AttrNumber number) {
    if (number < 0)
        return entry->rtekind == RTE_RELATION ? get_attname(entry->relid, number, true) : nullptr;
    if (number == 0 || number > list_length(entry->eref->colnames))
        return nullptr;
    const char *name = strVal(list_nth(entry->eref->colnames, number - 1));
    return *name ? name : nullptr;
}

bool Writing::column(const Var *variable) {
    const PlannedStmt *statement = writer.tree->statement;
    auto relation = static_cast<Index>(variable->varno);
    AttrNumber number = variable->varattno;
    if (relation > static_cast<Index>(list_length(statement->rtable)))
        return false;
    map_to_parent(statement, scope.parents, relation, number);
    const char *name = number == 0 ? "*" : column_name(rt_fetch(relation, statement->rtable), number);
    if (!name || !writer.names[relation - 1])
        return false;
    if (prefix || number == 0) {
        put(quoted_relation(writer, relation));
        put(".");
    }
    put(number == 0 ? name : quote_identifier(name));
    return true;
}

bool Writing::variable(const Var *variable) {
    Scope there;
    bool found;
    const Node *what = referent(*writer.tree, scope, reinterpret_cast<const Node *>(variable), there, found);
    if (!found)
        return false;
    if (!what)
        return column(variable);
    if (IsA(what, Var))
        return in_scope(there, prefix, what);
    put("(");
    if (!in_scope(there, prefix, what))
        return false;
    put(")");
    return true;
}

bool Writing::parameter(const Param *parameter) {
    Scope there;
    bool found;
    const Node *what = referent(*writer.tree, scope, reinterpret_cast<const Node *>(parameter), there, found);
    if (!what) {
        // From 17 on results of subplans are written by the subplan's name.
        if (parameter->paramkind == PARAM_EXEC && server_major_version >= 17)
            return false;
        appendStringInfo(writer.text, "$%d", parameter->paramid);
        return true;
    }
    const bool simple = IsA(what, Var) || IsA(what, Param) || IsA(what, Aggref);
    if (!simple)
        put("(");
    if (!in_scope(there, true, what, false))
        return false;
    if (!simple)
        put(")");
    return true;
}

bool has_usual_collation(const Const *constant) {
    if (!OidIsValid(constant->constcollid))
        return true;
    switch (constant->consttype) {
    case TEXTOID:
    case VARCHAROID:
    case BPCHAROID: return constant->constcollid == DEFAULT_COLLATION_OID;
    default: return constant->constcollid == get_typcollation(constant->consttype);
    }
}

bool Writing::constant(const Const *constant, TypeLabel label) {
    if (!has_usual_collation(constant))
        return false;
    if (writer.shows_constants || constant->constisnull)
        append_constant(writer.text, constant, label);
    else
        append_hidden_constant(writer.text, constant, label, writer.next_parameter++);
    return true;
}

// The catalog's operators by their bare name, which is what it finds unless a user hides it. Null when there
// is no such operator.
const char *operator_name(Oid id) {
    HeapTuple tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(id));
    if (!HeapTupleIsValid(tuple))
        return nullptr;
    const auto *form = reinterpret_cast<const FormData_pg_operator *>(GETSTRUCT(tuple));
    const char *name =
        form->oprnamespace == PG_CATALOG_NAMESPACE || OperatorIsVisible(id)
            ? pstrdup(NameStr(form->oprname))
            : psprintf("OPERATOR(%s.%s)", quote_identifier(get_namespace_name(form->oprnamespace)),
                       NameStr(form->oprname));
    ReleaseSysCache(tuple);
    return name;
}

// Most conditions of a plan have the operator of the one before.
bool put_operator(ConditionWriter &writer, Oid id) {
    if (id != writer.operation || !writer.operation_name) {
        writer.operation = id;
        writer.operation_name = operator_name(id);
    }
    if (writer.operation_name)
        put(writer.text, writer.operation_name);
    return writer.operation_name != nullptr;
}

bool Writing::operation(const OpExpr *operation) {
    const bool distinct = IsA(operation, DistinctExpr);
    put("(");
    if (list_length(operation->args) == 2) {
        if (!write(static_cast<const Node *>(linitial(operation->args))))
            return false;
        put(distinct ? " IS DISTINCT FROM" : " ");
    }
    if (!distinct && !put_operator(writer, operation->opno))
        return false;
    put(" ");
    if (!write(static_cast<const Node *>(llast(operation->args))))
        return false;
    put(")");
    return true;
}

bool Writing::array_operation(const ScalarArrayOpExpr *operation) {
    put("(");
    if (!write(static_cast<const Node *>(linitial(operation->args))))
        return false;
    put(" ");
    if (!put_operator(writer, operation->opno))
        return false;
    put(operation->useOr ? " ANY (" : " ALL (");
    if (!write(static_cast<const Node *>(lsecond(operation->args))))
        return false;
    put("))");
    return true;
}

bool Writing::logic(const BoolExpr *logic) {
    put(logic->boolop == NOT_EXPR ? "(NOT " : "(");
    if (!list(logic->args, logic->boolop == AND_EXPR ? " AND " : " OR ", false))
        return false;
    put(")");
    return true;
}

bool Writing::null_test(const NullTest *test) {
    const Oid type = exprType(reinterpret_cast<const Node *>(test->arg));
    if (!test->argisrow && type >= FirstNormalObjectId && type_is_rowtype(type))
        return false;
    put("(");
    if (!write(reinterpret_cast<const Node *>(test->arg)))
        return false;
    put(test->nulltesttype == IS_NULL ? " IS NULL)" : " IS NOT NULL)");
    return true;
}

const char *truth_of(BoolTestType test) {
    switch (test) {
    case IS_TRUE: return " IS TRUE)";
    case IS_NOT_TRUE: return " IS NOT TRUE)";
    case IS_FALSE: return " IS FALSE)";
    case IS_NOT_FALSE: return " IS NOT FALSE)";
    case IS_UNKNOWN: return " IS UNKNOWN)";
    case IS_NOT_UNKNOWN: break;
    }
    return " IS NOT UNKNOWN)";
}

bool Writing::boolean_test(const BooleanTest *test) {
    put("(");
    if (!write(reinterpret_cast<const Node *>(test->arg), false))
        return false;
    put(truth_of(test->booltesttype));
    return true;
}

bool Writing::cast(const Node *argument, Oid type, int32 modifier, CoercionForm form, bool implicit_casts) {
    if (form == COERCE_SQL_SYNTAX)
        return false;
    if (form == COERCE_IMPLICIT_CAST && !implicit_casts)
        return write(argument, false);
    const auto *constant_argument = as<Const>(argument);
    if (IsA(argument, Const) && constant_argument->consttype == type &&
        constant_argument->consttypmod == -1) {
        if (!constant(constant_argument, TypeLabel::never))
            return false;
    } else {
        put("(");
        if (!write(argument, false))
            return false;
        put(")");
    }
    put("::");
    append_type(writer.text, type, modifier);
    return true;
}

bool Writing::function_name(Oid function) {
    HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
    if (!HeapTupleIsValid(tuple))
        return false;
    const auto *form = reinterpret_cast<const FormData_pg_proc *>(GETSTRUCT(tuple));
    if (form->pronamespace != PG_CATALOG_NAMESPACE && !FunctionIsVisible(function)) {
        put(quote_identifier(get_namespace_name(form->pronamespace)));
        put(".");
    }
    put(quote_identifier(NameStr(form->proname)));
    ReleaseSysCache(tuple);
    return true;
}

bool Writing::function(const FuncExpr *call, bool implicit_casts) {
    if (call->funcformat == COERCE_EXPLICIT_CAST || call->funcformat == COERCE_IMPLICIT_CAST) {
        int32 modifier;
        if (!exprIsLengthCoercion(reinterpret_cast<const Node *>(call), &modifier))
            modifier = -1;
        return cast(static_cast<const Node *>(linitial(call->args)), call->funcresulttype, modifier,
                    call->funcformat, implicit_casts);
    }
    if (call->funcformat != COERCE_EXPLICIT_CALL || call->funcvariadic || !function_name(call->funcid))
        return false;
    put("(");
    if (!list(call->args, ", "))
        return false;
    put(")");
    return true;
}

bool Writing::aggregate(const Aggref *aggregate) {
    if (aggregate->aggkind != AGGKIND_NORMAL || aggregate->aggvariadic || aggregate->aggorder ||
        aggregate->aggdistinct || aggregate->aggfilter || aggregate->aggsplit != AGGSPLIT_SIMPLE ||
        !function_name(aggregate->aggfnoid))
        return false;
    put("(");
    const ListCell *cell;
    foreach (cell, aggregate->args) {
        if (foreach_current_index(cell) > 0)
            put(", ");
        if (!write(reinterpret_cast<const Node *>(static_cast<const TargetEntry *>(lfirst(cell))->expr)))
            return false;
    }
    put(aggregate->aggstar ? "*)" : ")");
    return true;
}

bool Writing::subplan(const SubPlan *subplan) {
    if (server_major_version >= 17) // writes the test as well
        return false;
    appendStringInfo(writer.text, subplan->useHashTable ? "(hashed %s)" : "(%s)", subplan->plan_name);
    return true;
}

bool Writing::write(const Node *node, bool implicit_casts) {
    if (!node)
        return false;
    check_stack_depth();
    switch (nodeTag(node)) {
    case T_Var: return variable(as<Var>(node));
    case T_Const: return constant(as<Const>(node), TypeLabel::where_needed);
    case T_Param: return parameter(as<Param>(node));
    case T_OpExpr:
    case T_DistinctExpr: return operation(as<OpExpr>(node));
    case T_ScalarArrayOpExpr: return array_operation(as<ScalarArrayOpExpr>(node));
    case T_BoolExpr: return logic(as<BoolExpr>(node));
    case T_NullTest: return null_test(as<NullTest>(node));
    case T_BooleanTest: return boolean_test(as<BooleanTest>(node));
    case T_FuncExpr: return function(as<FuncExpr>(node), implicit_casts);
    case T_Aggref: return aggregate(as<Aggref>(node));
    case T_SubPlan: return subplan(as<SubPlan>(node));
    case T_RelabelType: {
        const auto *relabel = as<RelabelType>(node);
        return cast(reinterpret_cast<const Node *>(relabel->arg), relabel->resulttype, relabel->resulttypmod,
                    relabel->relabelformat, implicit_casts);
    }
    case T_CoerceViaIO: {
        const auto *coercion = as<CoerceViaIO>(node);
        return cast(reinterpret_cast<const Node *>(coercion->arg), coercion->resulttype, -1,
                    coercion->coerceformat, implicit_casts);
    }
    case T_CoalesceExpr:
        put("COALESCE(");
        if (!list(as<CoalesceExpr>(node)->args, ", "))
            return false;
        put(")");
        return true;
    default: return false;
    }
}

} // namespace

const char *quoted_relation(ConditionWriter &writer, Index relation) {
    const char *&quoted = writer.quoted_names[relation - 1];
    if (!quoted)
        quoted = quote_identifier(writer.names[relation - 1]);
    return quoted;
}

void write_expression(ConditionWriter &writer, std::uint32_t node, const Node *expression,
                      WriteOptions options) {
    const int before = writer.text->len;
    const int parameter_before = writer.next_parameter;
    Writing writing{writer, {node, nullptr}, options.prefix};
    if (writing.write(expression, options.implicit_casts))
        return;
    cut(writer.text, before);
    writer.next_parameter = parameter_before;
    write_by_server(writer, node, expression, options);
}

} // namespace advisor::pg::observe
