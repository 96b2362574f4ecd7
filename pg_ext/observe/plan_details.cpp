// Which lines a node has, in the order of EXPLAIN.
#include "pg_ext/observe/plan_details.h"

#include "pg_ext/compat.h"
#include "pg_ext/observe/text_buffer.h"
#include "pg_ext/observe/window_frame.h"
#include "pg_ext/plan_walker.h"

namespace advisor::pg::observe {
namespace {

template <class Node>
const Node *as(const Plan *plan) {
    return reinterpret_cast<const Node *>(plan);
}

struct Details {
    ConditionWriter &writer;
    std::uint32_t node;
    const Plan *plan;
    DetailTarget target;

    bool several_relations() const { return writer.several_relations; }
    void add(const char *label) { target.add(target.context, label); }
    void condition(const char *label, const Node *expression, bool prefix);
    void scan(const char *label, const List *conditions) {
        condition(label, all_of(conditions), IsA(plan, SubqueryScan));
    }
    void upper(const char *label, const List *conditions) {
        condition(label, all_of(conditions), several_relations());
    }
    static const Node *all_of(const List *conditions);
    static const Node *any_of(const List *conditions);
    void filter() { scan("Filter: ", plan->qual); }
    void upper_filter() { upper("Filter: ", plan->qual); }
    void expressions(const List *list);
    void sampling(const TableSampleClause *sample);
    void scans();
    void joins();
    bool write_keys(std::uint32_t at, int count, const AttrNumber *columns, const Oid *operators = nullptr,
                    const Oid *collations = nullptr, const bool *nulls_first = nullptr);
    void sort_keys(const char *label, std::uint32_t at, int count, const AttrNumber *columns,
                   const Oid *operators, const Oid *collations, const bool *nulls_first);
    void group_keys(const char *label, std::uint32_t at, int count, const AttrNumber *columns);
    void sort(const Sort *sort, int presorted);
    void aggregate(const Agg *aggregate);
    void window(const WindowAgg *window);
    void disabled();
    void grouping_sets(const Agg *aggregate, const Sort *sort);
    void others();
};

const Node *Details::all_of(const List *conditions) {
    if (conditions == NIL)
        return nullptr;
    return reinterpret_cast<const Node *>(make_ands_explicit(const_cast<List *>(conditions)));
}

const Node *Details::any_of(const List *conditions) {
    if (list_length(conditions) < 2)
        return all_of(conditions);
    return reinterpret_cast<const Node *>(make_orclause(const_cast<List *>(conditions)));
}

void Details::condition(const char *label, const Node *expression, bool prefix) {
    if (!expression)
        return;
    // A condition folded to a truth value shows no constant of the user's.
    const auto *constant = reinterpret_cast<const Const *>(expression);
    if (IsA(expression, Const) && constant->consttype == BOOLOID && !constant->constisnull)
        put(writer.text, DatumGetBool(constant->constvalue) ? "true" : "false");
    else
        write_expression(writer, node, expression, {prefix, false});
    add(label);
}

void Details::expressions(const List *list) {
    const ListCell *cell;
    foreach (cell, list) {
        if (foreach_current_index(cell) > 0)
            put(writer.text, ", ");
        write_expression(writer, node, static_cast<const Node *>(lfirst(cell)), {several_relations(), false});
    }
}

void Details::sampling(const TableSampleClause *sample) {
    const char *method = get_func_name(sample->tsmhandler);
    put(writer.text, method ? method : "");
    put(writer.text, " (");
    expressions(sample->args);
    put(writer.text, ")");
    if (sample->repeatable) {
        put(writer.text, " REPEATABLE (");
        write_expression(writer, node, reinterpret_cast<const Node *>(sample->repeatable),
                         {several_relations(), false});
        put(writer.text, ")");
    }
    add("Sampling: ");
}

void Details::scans() {
    switch (nodeTag(plan)) {
    case T_IndexScan:
        scan("Index Cond: ", as<IndexScan>(plan)->indexqualorig);
        scan("Order By: ", as<IndexScan>(plan)->indexorderbyorig);
        break;
    case T_IndexOnlyScan:
        scan("Index Cond: ", as<IndexOnlyScan>(plan)->indexqual);
        scan("Order By: ", as<IndexOnlyScan>(plan)->indexorderby);
        break;
    case T_BitmapIndexScan: scan("Index Cond: ", as<BitmapIndexScan>(plan)->indexqualorig); return;
    case T_SampleScan: sampling(as<SampleScan>(plan)->tablesample); break;
    case T_BitmapHeapScan: scan("Recheck Cond: ", as<BitmapHeapScan>(plan)->bitmapqualorig); break;
    case T_TidScan: condition("TID Cond: ", any_of(as<TidScan>(plan)->tidquals), false); break;
    case T_TidRangeScan: scan("TID Cond: ", as<TidRangeScan>(plan)->tidrangequals); break;
    default: break;
    }
    filter();
}

void Details::joins() {
    if (IsA(plan, MergeJoin))
        upper("Merge Cond: ", as<MergeJoin>(plan)->mergeclauses);
    else if (IsA(plan, HashJoin))
        upper("Hash Cond: ", as<HashJoin>(plan)->hashclauses);
    upper("Join Filter: ", as<Join>(plan)->joinqual);
    upper_filter();
}

const Node *output_of(const Plan *plan, AttrNumber column) {
    const TargetEntry *entry = get_tle_by_resno(plan->targetlist, column);
    return entry ? reinterpret_cast<const Node *>(entry->expr) : nullptr;
}

// Direction and place of nulls where they are not the usual ones.
void append_order(StringInfo text, const Node *key, Oid operation, Oid collation, bool nulls_first) {
    const TypeCacheEntry *type = lookup_type_cache(exprType(key), TYPECACHE_LT_OPR | TYPECACHE_GT_OPR);
    bool reverse = false;
    if (OidIsValid(collation) && collation != get_typcollation(exprType(key)))
        appendStringInfo(text, " COLLATE %s", quote_identifier(get_collation_name(collation)));
    if (operation == type->gt_opr) {
        put(text, " DESC");
        reverse = true;
    } else if (operation != type->lt_opr) {
        appendStringInfo(text, " USING %s", get_opname(operation));
        (void)get_equality_op_for_ordering_op(operation, &reverse);
    }
    if (nulls_first != reverse)
        put(text, nulls_first ? " NULLS FIRST" : " NULLS LAST");
}

// False when a key is not among the columns of the node at that position.
bool Details::write_keys(std::uint32_t at, int count, const AttrNumber *columns, const Oid *operators,
                         const Oid *collations, const bool *nulls_first) {
    for (int i = 0; i < count; ++i) {
        const Node *key = output_of(writer.tree->nodes[at].plan, columns[i]);
        if (!key)
            return false;
        if (i > 0)
            put(writer.text, ", ");
        write_expression(writer, at, key, {several_relations(), true});
        if (operators)
            append_order(writer.text, key, operators[i], collations[i], nulls_first[i]);
    }
    return true;
}

void Details::sort_keys(const char *label, std::uint32_t at, int count, const AttrNumber *columns,
                        const Oid *operators, const Oid *collations, const bool *nulls_first) {
    if (write_keys(at, count, columns, operators, collations, nulls_first) && count > 0)
        add(label);
}

void Details::group_keys(const char *label, std::uint32_t at, int count, const AttrNumber *columns) {
    sort_keys(label, at, count, columns, nullptr, nullptr, nullptr);
}

void Details::sort(const Sort *sort, int presorted) {
    sort_keys("Sort Key: ", node, sort->numCols, sort->sortColIdx, sort->sortOperators, sort->collations,
              sort->nullsFirst);
    group_keys("Presorted Key: ", node, presorted, sort->sortColIdx);
}

void Details::grouping_sets(const Agg *aggregate, const Sort *sort) {
    const bool hashed = aggregate->aggstrategy == AGG_HASHED || aggregate->aggstrategy == AGG_MIXED;
    if (sort)
        sort_keys("Sort Key: ", node + 1, sort->numCols, sort->sortColIdx, sort->sortOperators,
                  sort->collations, sort->nullsFirst);
    const ListCell *cell;
    foreach (cell, aggregate->groupingSets) {
        const auto *set = static_cast<const List *>(lfirst(cell));
        auto *columns = static_cast<AttrNumber *>(palloc(sizeof(AttrNumber) * (list_length(set) + 1)));
        const ListCell *position;
        foreach (position, set)
            columns[foreach_current_index(position)] = aggregate->grpColIdx[lfirst_int(position)];
        const char *label = hashed && set != NIL ? "Hash Key: " : "Group Key: ";
        if (set == NIL) {
            put(writer.text, "()");
            add(label);
        } else
            group_keys(label, node + 1, list_length(set), columns);
    }
}

// Keys are columns of the child, the next node of the list.
void Details::aggregate(const Agg *aggregate) {
    if (aggregate->groupingSets) {
        grouping_sets(aggregate, nullptr);
        const ListCell *cell;
        foreach (cell, aggregate->chain) {
            const auto *next = static_cast<const Agg *>(lfirst(cell));
            grouping_sets(next, reinterpret_cast<const Sort *>(next->plan.lefttree));
        }
    } else if (aggregate->numCols > 0)
        group_keys("Group Key: ", node + 1, aggregate->numCols, aggregate->grpColIdx);
    upper_filter();
}

// Keys are columns of the child here, too.
void Details::window(const WindowAgg *window) {
    if (const char *name = compat::printed_window(window)) {
        put(writer.text, quote_identifier(name));
        put(writer.text, " AS (");
        const int opened = writer.text->len;
        if (window->partNumCols > 0)
            put(writer.text, "PARTITION BY ");
        write_keys(node + 1, window->partNumCols, window->partColIdx);
        if (window->ordNumCols > 0)
            put(writer.text, writer.text->len > opened ? " ORDER BY " : "ORDER BY ");
        write_keys(node + 1, window->ordNumCols, window->ordColIdx);
        write_frame(writer, node, window, writer.text->len > opened);
        put(writer.text, ")");
        add("Window: ");
    }
    if (!compat::filters_follow_run_conditions)
        upper_filter();
    upper("Run Condition: ", window->runConditionOrig);
    if (compat::filters_follow_run_conditions)
        upper_filter();
}

// A node that costs should have avoided; those below it are counted in, too.
void Details::disabled() {
    int own = compat::disabled_nodes(plan);
    const auto leave_out = [&own](const Plan *child) { own -= child ? compat::disabled_nodes(child) : 0; };
    if (own == 0)
        return;
    const ChildPlans children = children_of(plan);
    leave_out(children.outer);
    leave_out(children.inner);
    leave_out(children.subquery);
    const ListCell *cell;
    foreach (cell, children.members)
        leave_out(static_cast<const Plan *>(lfirst(cell)));
    if (own > 0) {
        put(writer.text, "true");
        add("Disabled: ");
    }
}

void put_column(StringInfo text, const RangeTblEntry *relation, int number) {
    if (text->len > 0)
        put(text, ", ");
    if (number > 0 && number <= list_length(relation->eref->colnames))
        put(text, quote_identifier(get_attname(relation->relid, number, false)));
}

// The columns that an UPDATE assigns, and those of them that an index needs: without any, the update can be
// HOT.
void add_assigned(Details &details, const ModifyTable *modify) {
    const auto *state =
        reinterpret_cast<const ModifyTableState *>(details.writer.tree->nodes[details.node].state);
    const List *columns = modify->operation == CMD_UPDATE && modify->updateColnosLists
                              ? static_cast<const List *>(linitial(modify->updateColnosLists))
                              : modify->onConflictCols;
    if (columns == NIL || !state || !state->resultRelInfo)
        return;
    Relation opened = state->resultRelInfo[0].ri_RelationDesc;
    StringInfo text = details.writer.text;
    const RangeTblEntry *relation = rt_fetch(static_cast<Index>(linitial_int(modify->resultRelations)),
                                             details.writer.tree->statement->rtable);
    Bitmapset *indexed = opened->rd_rel->relhasindex ? compat::indexed_columns(opened) : nullptr;
    StringInfoData needed;
    initStringInfo(&needed);
    const ListCell *cell;
    foreach (cell, columns) {
        put_column(text, relation, lfirst_int(cell));
        if (bms_is_member(lfirst_int(cell) - FirstLowInvalidHeapAttributeNumber, indexed))
            put_column(&needed, relation, lfirst_int(cell));
    }
    if (needed.len > 0)
        appendStringInfo(text, " (indexed: %s)", needed.data);
    details.add("Assigned Columns: ");
}

void add_conflict(Details &details, const ModifyTable *modify) {
    StringInfo text = details.writer.text;
    if (modify->onConflictAction == ONCONFLICT_NONE)
        return;
    put(text, modify->onConflictAction == ONCONFLICT_NOTHING ? "NOTHING" : "UPDATE");
    details.add("Conflict Resolution: ");
    const ListCell *cell;
    foreach (cell, modify->arbiterIndexes) {
        const char *name = get_rel_name(lfirst_oid(cell));
        if (text->len > 0)
            put(text, ", ");
        put(text, name ? name : "");
    }
    if (modify->arbiterIndexes)
        details.add("Conflict Arbiter Indexes: ");
}

void Details::others() {
    switch (nodeTag(plan)) {
    case T_Sort: sort(as<Sort>(plan), 0); break;
    case T_IncrementalSort:
        sort(&as<IncrementalSort>(plan)->sort, as<IncrementalSort>(plan)->nPresortedCols);
        break;
    case T_MergeAppend: {
        const auto *merge = as<MergeAppend>(plan);
        sort_keys("Sort Key: ", node, merge->numCols, merge->sortColIdx, merge->sortOperators,
                  merge->collations, merge->nullsFirst);
        break;
    }
    case T_Agg: aggregate(as<Agg>(plan)); break;
    case T_Group:
        group_keys("Group Key: ", node + 1, as<Group>(plan)->numCols, as<Group>(plan)->grpColIdx);
        upper_filter();
        break;
    case T_WindowAgg: window(as<WindowAgg>(plan)); break;
    case T_Result: {
        const Node *once = as<Result>(plan)->resconstantqual;
        if (once)
            upper("One-Time Filter: ", IsA(once, List) ? reinterpret_cast<const List *>(once)
                                                       : list_make1(const_cast<Node *>(once)));
        upper_filter();
        break;
    }
    case T_Gather:
        filter();
        appendStringInfo(writer.text, "%d", as<Gather>(plan)->num_workers);
        add("Workers Planned: ");
        break;
    case T_GatherMerge:
        filter();
        appendStringInfo(writer.text, "%d", as<GatherMerge>(plan)->num_workers);
        add("Workers Planned: ");
        break;
    case T_Memoize: {
        const auto *memoize = as<Memoize>(plan);
        expressions(memoize->param_exprs);
        add("Cache Key: ");
        put(writer.text, memoize->binary_mode ? "binary" : "logical");
        add("Cache Mode: ");
        break;
    }
    case T_ModifyTable:
        add_conflict(*this, as<ModifyTable>(plan));
        condition("Conflict Filter: ",
                  as<ModifyTable>(plan)->onConflictWhere
                      ? all_of(reinterpret_cast<List *>(as<ModifyTable>(plan)->onConflictWhere))
                      : nullptr,
                  several_relations());
        add_assigned(*this, as<ModifyTable>(plan));
        break;
    default: break;
    }
}

} // namespace

void write_details(ConditionWriter &writer, std::uint32_t node, DetailTarget target) {
    Details details{writer, node, writer.tree->nodes[node].plan, target};
    details.disabled();
    switch (nodeTag(details.plan)) {
    case T_SeqScan:
    case T_SampleScan:
    case T_IndexScan:
    case T_IndexOnlyScan:
    case T_BitmapIndexScan:
    case T_BitmapHeapScan:
    case T_TidScan:
    case T_TidRangeScan:
    case T_SubqueryScan:
    case T_FunctionScan:
    case T_TableFuncScan:
    case T_ValuesScan:
    case T_CteScan:
    case T_NamedTuplestoreScan:
    case T_WorkTableScan:
    case T_ForeignScan:
    case T_CustomScan: details.scans(); break;
    case T_NestLoop:
    case T_MergeJoin:
    case T_HashJoin: details.joins(); break;
    default: details.others(); break;
    }
}

} // namespace advisor::pg::observe
