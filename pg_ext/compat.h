// The one place with PG_VERSION_NUM: gives the newer server's names on the older ones (15 to 18).
#pragma once
#include "pg_ext/pg.h"

#if PG_VERSION_NUM < 150000
#error "db_advisor needs PostgreSQL 15 or newer"
#endif

extern "C" {
#if PG_VERSION_NUM >= 160000
#include "nodes/queryjumble.h"
#else
#include "utils/queryjumble.h"
#endif
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif
}

#if PG_VERSION_NUM < 180000
// 18 keeps a short copy of each attribute that must be refreshed after a change; before there is none.
inline void populate_compact_attribute(TupleDesc, int) {}
#endif

namespace advisor::pg {

constexpr int server_major_version = PG_VERSION_NUM / 10000;

// copyObject() needs typeof, which C++20 does not have.
template <class Tree>
Tree *copy_tree(const Tree *tree) {
    return static_cast<Tree *>(copyObjectImpl(tree));
}

// Raises 42501 unless the current user may do what one query level asks of its relations.
inline void check_query_permissions(Query *query) {
#if PG_VERSION_NUM >= 160000
    ExecCheckPermissions(query->rtable, query->rteperminfos, true);
#else
    ExecCheckRTPerms(query->rtable, true);
#endif
}

inline bool owns_relation(Oid relation) {
#if PG_VERSION_NUM >= 160000
    return object_ownercheck(RelationRelationId, relation, GetUserId());
#else
    return pg_class_ownercheck(relation, GetUserId());
#endif
}

// 16 keeps permissions beside the range table.
inline void set_permission_infos([[maybe_unused]] Query *query, [[maybe_unused]] const ParseState *state) {
#if PG_VERSION_NUM >= 160000
    query->rteperminfos = state->p_rteperminfos;
#endif
}

inline bool sorts_descending(const PathKey *key) {
#if PG_VERSION_NUM >= 180000
    return key->pk_cmptype == COMPARE_GT;
#else
    return key->pk_strategy == BTGreaterStrategyNumber;
#endif
}

inline bool is_child_member(const EquivalenceMember *member) {
#if PG_VERSION_NUM >= 180000
    (void)member;
    return false; // 18 keeps child members in lists of their own
#else
    return member->em_is_child;
#endif
}

} // namespace advisor::pg

namespace advisor::pg::compat {

// The backend's number, from 0, below MaxBackends + auxiliary processes; -1 outside of a backend.
inline int backend_number() {
#if PG_VERSION_NUM >= 170000
    return MyProc ? MyProcNumber : -1;
#else
    return MyProc ? MyProc->pgprocno : -1;
#endif
}

// Join types that newer versions have.
inline bool is_right_anti([[maybe_unused]] JoinType type) {
#if PG_VERSION_NUM >= 160000
    return type == JOIN_RIGHT_ANTI;
#else
    return false;
#endif
}
inline bool is_right_semi([[maybe_unused]] JoinType type) {
#if PG_VERSION_NUM >= 180000
    return type == JOIN_RIGHT_SEMI;
#else
    return false;
#endif
}

// Since 18 the query id tells relations by their names or aliases in the statement only: those of different
// schemas, or under one alias, are one to it.
constexpr bool query_ids_tell_relations = PG_VERSION_NUM < 180000;

// What GROUP BY is by, which 18 keeps in the range table.
inline List *grouped_by([[maybe_unused]] const RangeTblEntry *entry) {
#if PG_VERSION_NUM >= 180000
    return entry->groupexprs;
#else
    return NIL;
#endif
}

// Calls with the id of each relation that the statement of a plan names.
template <class Call>
void for_named_relations([[maybe_unused]] const PlannedStmt *statement, [[maybe_unused]] Call call) {
#if PG_VERSION_NUM >= 160000
    const ListCell *cell;
    foreach (cell, statement->permInfos)
        call(static_cast<const RTEPermissionInfo *>(lfirst(cell))->relid);
#endif
}

// What EXPLAIN does otherwise: since 18 it prints parts of rows, nodes that enable_… is meant to turn off and
// definitions of windows, and does not take the grouping step for a relation.
#if PG_VERSION_NUM >= 180000
constexpr int decimals_of_actual_rows = 2;
constexpr bool filters_follow_run_conditions = true;
#else
constexpr int decimals_of_actual_rows = 0;
constexpr bool filters_follow_run_conditions = false;
#endif
inline int disabled_nodes([[maybe_unused]] const Plan *plan) {
#if PG_VERSION_NUM >= 180000
    return plan->disabled_nodes;
#else
    return 0;
#endif
}
inline const char *printed_window([[maybe_unused]] const WindowAgg *window) {
#if PG_VERSION_NUM >= 180000
    return window->winname;
#else
    return nullptr;
#endif
}
inline bool prints_several_relations(const List *range_table) {
    int count = list_length(range_table);
#if PG_VERSION_NUM >= 180000
    const ListCell *cell;
    foreach (cell, range_table)
        if (static_cast<const RangeTblEntry *>(lfirst(cell))->rtekind == RTE_GROUP) {
            --count; // one of them, as the server does
            break;
        }
#endif
    return count > 1;
}

// Columns of which a change keeps an update from being HOT; a copy.
inline Bitmapset *indexed_columns(Relation relation) {
#if PG_VERSION_NUM >= 160000
    return RelationGetIndexAttrBitmap(relation, INDEX_ATTR_BITMAP_HOT_BLOCKING);
#else
    return RelationGetIndexAttrBitmap(relation, INDEX_ATTR_BITMAP_ALL);
#endif
}

// The places that an operator has in orders of its types; the numbers of 18 are those of b-trees, too.
inline List *btree_meanings(Oid operator_oid) {
#if PG_VERSION_NUM >= 180000
    return get_op_index_interpretation(operator_oid);
#else
    return get_op_btree_interpretation(operator_oid);
#endif
}
inline int btree_strategy(const void *meaning) {
#if PG_VERSION_NUM >= 180000
    return static_cast<const OpIndexInterpretation *>(meaning)->cmptype;
#else
    return static_cast<const OpBtreeInterpretation *>(meaning)->strategy;
#endif
}

inline bool sorts_by_bytes(Oid collation) {
#if PG_VERSION_NUM >= 180000
    return OidIsValid(collation) && pg_newlocale_from_collation(collation)->collate_is_c;
#else
    return lc_collate_is_c(collation);
#endif
}

inline double array_length([[maybe_unused]] PlannerInfo *root, Node *array) {
#if PG_VERSION_NUM >= 170000
    return estimate_array_length(root, array);
#else
    return estimate_array_length(array);
#endif
}

// Until 15 a GIN scan is priced by its pages and rows alone.
constexpr bool gin_scans_cost_processor_time = PG_VERSION_NUM >= 160000;

// Whether the table's access method can follow a bitmap.
inline bool scans_bitmaps(Relation relation) {
#if PG_VERSION_NUM >= 180000
    return relation->rd_tableam->scan_bitmap_next_tuple != nullptr;
#else
    return relation->rd_tableam->scan_bitmap_next_block != nullptr;
#endif
}

// Until 15 walkers are declared without parameters.
#if PG_VERSION_NUM >= 160000
#define ADVISOR_WALKER(walker) (walker)
#else
#define ADVISOR_WALKER(walker) reinterpret_cast<bool (*)()>(walker)
#endif

inline bool walk_expression(Node *node, bool (*walker)(Node *, void *), void *context) {
    return expression_tree_walker(node, ADVISOR_WALKER(walker), context);
}
inline bool walk_query(Query *query, bool (*walker)(Node *, void *), void *context) {
    return query_tree_walker(query, ADVISOR_WALKER(walker), context, 0);
}
inline bool walk_query_but_range_table(Query *query, bool (*walker)(Node *, void *), void *context) {
    return query_tree_walker(query, ADVISOR_WALKER(walker), context, QTW_IGNORE_RANGE_TABLE);
}
inline bool walk_plan_state(PlanState *state, bool (*walker)(PlanState *, void *), void *context) {
    return planstate_tree_walker(state, ADVISOR_WALKER(walker), context);
}
#undef ADVISOR_WALKER

} // namespace advisor::pg::compat

// Until 17 the executor's run hook has a fourth parameter.
#if PG_VERSION_NUM >= 180000
#define ADVISOR_RUN_ONCE_PARAMETER
#define ADVISOR_RUN_ONCE_ARGUMENT
#else
#define ADVISOR_RUN_ONCE_PARAMETER , bool once
#define ADVISOR_RUN_ONCE_ARGUMENT , once
#endif
