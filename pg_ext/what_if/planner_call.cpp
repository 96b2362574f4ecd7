// One planner call with hypothetical indexes added and real ones hidden.
#include "pg_ext/what_if/planner_call.h"

#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"
#include "pg_ext/what_if/index_info.h"

namespace advisor::pg {
namespace {

// What the hooks below look at. `armed` is taken over by the next planner call and by no other.
struct CallState {
    const IndexSet *armed = nullptr;
    const IndexSet *active = nullptr;
    AccessCapture *capture = nullptr;
    PathFacts *facts = nullptr;
    const PlannerGlobal *planner = nullptr; // tells the call apart from planners that bypass the planner hook
};

CallState state;
const IndexSet *explained = nullptr;

planner_hook_type previous_planner = nullptr;
get_relation_info_hook_type previous_relation_info = nullptr;
get_index_stats_hook_type previous_index_stats = nullptr;
explain_get_index_name_hook_type previous_index_name = nullptr;
set_rel_pathlist_hook_type previous_pathlist = nullptr;

template <class Value>
class Restore {
public:
    explicit Restore(Value &value) : value_(value), saved_(value) {}
    Restore(const Restore &) = delete;
    Restore &operator=(const Restore &) = delete;
    ~Restore() { value_ = saved_; }

private:
    Value &value_;
    const Value saved_;
};

PlannedStmt *on_planner(Query *query, const char *source, int cursor_options, ParamListInfo parameters) {
    if (!state.armed && !state.active) [[likely]]
        return previous_planner(query, source, cursor_options, parameters);
    return cpp_entry([=] {
        const Restore scope(state);
        state.active = state.armed; // null in a nested call
        if (!state.active) {
            state.capture = nullptr;
            state.facts = nullptr;
        }
        state.armed = nullptr;
        state.planner = nullptr;
        return pg_call([=] { return previous_planner(query, source, cursor_options, parameters); });
    });
}

bool belongs_to_call(const PlannerInfo *root) {
    if (!state.active)
        return false;
    if (!state.planner)
        state.planner = root->glob;
    return state.planner == root->glob;
}

bool is_hidden(Oid index) {
    for (int i = 0; i < state.active->hidden_count; ++i)
        if (state.active->hidden[i] == index)
            return true;
    return false;
}

void hide_indexes(RelOptInfo *rel) {
    List *visible = NIL;
    ListCell *cell;
    foreach (cell, rel->indexlist) {
        auto *info = static_cast<IndexOptInfo *>(lfirst(cell));
        if (!is_hidden(info->indexoid))
            visible = lappend(visible, info);
    }
    rel->indexlist = visible;
}

// The server lists the newest index first, and ties between equal paths go by that order.
void add_indexes(RelOptInfo *rel, Oid relation_oid) {
    Relation relation = nullptr;
    for (int i = 0; i < state.active->added_count; ++i) {
        const HypotheticalIndex *index = state.active->added[i];
        if (index->relation != relation_oid)
            continue;
        if (!relation)
            relation = table_open(relation_oid, NoLock);
        IndexOptInfo *info = to_index_info(index, rel, relation);
        // Of a whole index the server takes the table's rows, whatever the index counts.
        if (index->predicate == NIL || info->tuples > rel->tuples)
            info->tuples = rel->tuples;
        rel->indexlist = lcons(info, rel->indexlist);
    }
    if (relation)
        table_close(relation, NoLock);
}

void on_relation_info(PlannerInfo *root, Oid relation, bool inheritance_parent, RelOptInfo *rel) {
    if (previous_relation_info)
        previous_relation_info(root, relation, inheritance_parent, rel);
    if (inheritance_parent || !belongs_to_call(root))
        return;
    if (state.active->hidden_count > 0)
        hide_indexes(rel);
    if (state.active->added_count > 0)
        add_indexes(rel, relation);
}

const HypotheticalIndex *find_index(const IndexSet *set, Oid oid) {
    for (int i = 0; set && i < set->added_count; ++i)
        if (set->added[i]->oid == oid)
            return set->added[i];
    return nullptr;
}

void keep_statistics(HeapTuple) {} // they belong to the hypothetical index

bool on_index_stats(PlannerInfo *root, Oid index_oid, AttrNumber column, VariableStatData *variable) {
    if (const HypotheticalIndex *index = state.active ? find_index(state.active, index_oid) : nullptr) {
        HeapTuple statistics = index->expression_statistics[column - 1];
        if (!statistics)
            return false;
        variable->statsTuple = statistics;
        variable->freefunc = keep_statistics;
        return true;
    }
    return previous_index_stats && previous_index_stats(root, index_oid, column, variable);
}

const char *on_index_name(Oid index_oid) {
    if (const HypotheticalIndex *index = find_index(explained, index_oid))
        return index->name;
    return previous_index_name ? previous_index_name(index_oid) : nullptr;
}

void scale_rows(List *paths, double factor) {
    ListCell *cell;
    foreach (cell, paths) {
        auto *path = static_cast<Path *>(lfirst(cell));
        path->rows = clamp_row_est(path->rows * factor);
    }
}

// Joins are planned after this.
void assume_rows(const AssumedRows *assumed, RelOptInfo *rel, const RangeTblEntry *entry) {
    if (entry->rtekind != RTE_RELATION || entry->inh || rel->reloptkind != RELOPT_BASEREL ||
        strcmp(entry->eref->aliasname, assumed->table) != 0)
        return;
    rel->rows = clamp_row_est(rel->rows * assumed->factor);
    scale_rows(rel->pathlist, assumed->factor);
    scale_rows(rel->partial_pathlist, assumed->factor);
    ListCell *cell;
    foreach (cell, rel->ppilist) {
        auto *parameterized = static_cast<ParamPathInfo *>(lfirst(cell));
        parameterized->ppi_rows = clamp_row_est(parameterized->ppi_rows * assumed->factor);
    }
}

void on_pathlist(PlannerInfo *root, RelOptInfo *rel, Index position, RangeTblEntry *entry) {
    if (previous_pathlist)
        previous_pathlist(root, rel, position, entry);
    if (state.active && state.active->assumed && belongs_to_call(root))
        assume_rows(state.active->assumed, rel, entry);
    if (state.capture && belongs_to_call(root))
        capture_access(state.capture, root, rel, position, entry);
    if (state.facts && belongs_to_call(root))
        note_paths(state.facts, root, rel, entry);
}

char *explain_plainly(PlannedStmt *plan, const char *source, ParamListInfo parameters) {
    ExplainState *explain = NewExplainState();
    explain->costs = true;
    explain->format = EXPLAIN_FORMAT_TEXT;
    QueryDesc *query = CreateQueryDesc(plan, source, GetActiveSnapshot(), InvalidSnapshot, None_Receiver,
                                       parameters, nullptr, 0);
    ExecutorStart(query, EXEC_FLAG_EXPLAIN_ONLY);
    ExplainPrintPlan(explain, query);
    ExecutorEnd(query);
    FreeQueryDesc(query);
    while (explain->str->len > 0 && explain->str->data[explain->str->len - 1] == '\n')
        explain->str->data[--explain->str->len] = '\0';
    return explain->str->data;
}

} // namespace

void install_planner_call_hooks() {
    previous_planner = planner_hook ? planner_hook : standard_planner;
    planner_hook = on_planner;
    previous_relation_info = get_relation_info_hook;
    get_relation_info_hook = on_relation_info;
    previous_index_stats = get_index_stats_hook;
    get_index_stats_hook = on_index_stats;
    previous_index_name = explain_get_index_name_hook;
    explain_get_index_name_hook = on_index_name;
    previous_pathlist = set_rel_pathlist_hook;
    set_rel_pathlist_hook = on_pathlist;
}

PlannedStmt *plan_with_indexes(const Query *query, const char *source, int cursor_options,
                               ParamListInfo parameters, const IndexSet &set, AccessCapture *capture,
                               PathFacts *facts) {
    const Restore scope(state);
    state.armed = &set;
    state.capture = capture;
    state.facts = facts;
    return pg_call([=] {
        Query *copy = copy_tree(query);
        copy->queryId = 0;
        return planner(copy, source, cursor_options, parameters);
    });
}

const HypotheticalIndex *active_index(Oid oid) {
    return find_index(state.active, oid);
}

char *explain_plan(PlannedStmt *plan, const char *source, ParamListInfo parameters, const IndexSet &set) {
    const Restore scope(explained);
    explained = &set;
    return pg_call([=] { return explain_plainly(plan, source, parameters); });
}

} // namespace advisor::pg
