// Asks the planner's own structures, right after it has made the paths of a table. Plain frames.
#include "pg_ext/what_if/path_facts.h"

#include "pg_ext/compat.h"
#include "pg_ext/plan_walker.h"

namespace advisor::pg {
namespace {

using core::Doubt;

Doubt worse(Doubt left, Doubt right) {
    return left > right ? left : right;
}

struct Asked {
    PlannerInfo *root;
    RelOptInfo *rel;
    bool single_row; // a condition with = on a unique column
};

Doubt doubt_of(Asked &asked, Node *clause);

Doubt doubt_of_column(const Asked &asked, Node *column) {
    VariableStatData variable;
    examine_variable(asked.root, column, 0, &variable);
    const bool known = HeapTupleIsValid(variable.statsTuple) || variable.isunique;
    ReleaseVariableStats(variable);
    return known ? Doubt::none : Doubt::default_selectivity;
}

bool is_equality(Oid operation) {
    return get_oprrest(operation) == F_EQSEL;
}

// Operators whose estimators look at statistics.
bool has_estimator(Oid operation) {
    switch (get_oprrest(operation)) {
    case InvalidOid:
    case F_CONTSEL:
    case F_POSITIONSEL:
    case F_AREASEL:
    case F_MATCHINGSEL: return false;
    default: return true;
    }
}

Doubt doubt_of_comparison(Asked &asked, Oid operation, List *arguments) {
    VariableStatData variable;
    Node *other;
    bool on_left;
    if (!has_estimator(operation) ||
        !get_restriction_variable(asked.root, arguments, 0, &variable, &other, &on_left))
        return Doubt::default_selectivity;
    const bool unique = variable.isunique && is_equality(operation);
    const bool known = HeapTupleIsValid(variable.statsTuple) || unique;
    ReleaseVariableStats(variable);
    asked.single_row = asked.single_row || unique;
    if (!known)
        return Doubt::default_selectivity;
    return IsA(other, Const) || unique ? Doubt::none : Doubt::unknown_parameter;
}

Doubt doubt_of_all(Asked &asked, List *clauses) {
    Doubt doubt = Doubt::none;
    ListCell *cell;
    foreach (cell, clauses)
        doubt = worse(doubt, doubt_of(asked, static_cast<Node *>(lfirst(cell))));
    return doubt;
}

Doubt doubt_of_array(Asked &asked, const ScalarArrayOpExpr *clause) {
    const Doubt doubt = doubt_of_comparison(asked, clause->opno, clause->args);
    asked.single_row = false;
    return doubt;
}

Doubt doubt_of_alternatives(Asked &asked, const BoolExpr *clause) {
    const bool before = asked.single_row;
    const Doubt doubt = doubt_of_all(asked, clause->args);
    asked.single_row = before;
    return doubt;
}

Doubt doubt_of(Asked &asked, Node *clause) {
    check_stack_depth();
    switch (nodeTag(clause)) {
    case T_Const: return Doubt::none;
    case T_Var: return doubt_of_column(asked, clause);
    case T_OpExpr:
        return doubt_of_comparison(asked, castNode(OpExpr, clause)->opno, castNode(OpExpr, clause)->args);
    case T_ScalarArrayOpExpr: return doubt_of_array(asked, castNode(ScalarArrayOpExpr, clause));
    case T_BoolExpr: return doubt_of_alternatives(asked, castNode(BoolExpr, clause));
    case T_NullTest: return doubt_of_column(asked, reinterpret_cast<Node *>(castNode(NullTest, clause)->arg));
    case T_BooleanTest:
        return doubt_of_column(asked, reinterpret_cast<Node *>(castNode(BooleanTest, clause)->arg));
    case T_RelabelType: return doubt_of(asked, reinterpret_cast<Node *>(castNode(RelabelType, clause)->arg));
    default: return Doubt::default_selectivity;
    }
}

// Extended statistics on all of the columns say how they go together.
bool columns_have_statistics(const RelOptInfo *rel, const Bitmapset *attributes) {
    Bitmapset *columns = nullptr;
    for (int i = -1; (i = bms_next_member(attributes, i)) >= 0;)
        if (i + FirstLowInvalidHeapAttributeNumber > 0)
            columns = bms_add_member(columns, i + FirstLowInvalidHeapAttributeNumber);
    const ListCell *cell;
    foreach (cell, rel->statlist) {
        const auto *statistics = static_cast<const StatisticExtInfo *>(lfirst(cell));
        if ((statistics->kind == STATS_EXT_MCV || statistics->kind == STATS_EXT_DEPENDENCIES) &&
            bms_is_subset(columns, statistics->keys))
            return true;
    }
    return false;
}

Doubt doubt_of_relation(PlannerInfo *root, RelOptInfo *rel) {
    Asked asked{root, rel, false};
    Doubt doubt = Doubt::none;
    Bitmapset *columns = nullptr;
    ListCell *cell;
    foreach (cell, rel->baserestrictinfo) {
        auto *clause = reinterpret_cast<Node *>(lfirst_node(RestrictInfo, cell)->clause);
        doubt = worse(doubt, doubt_of(asked, clause));
        pull_varattnos(clause, rel->relid, &columns);
    }
    if (asked.single_row)
        return Doubt::none;
    if (bms_num_members(columns) > 1 && !columns_have_statistics(rel, columns))
        doubt = worse(doubt, Doubt::several_conditions);
    return doubt;
}

// As the planner does: the rows of the smallest table whose values the scan needs.
double expected_loops(const PlannerInfo *root, const Path *path) {
    if (!path->param_info)
        return 1;
    double loops = 0;
    const Bitmapset *outer = path->param_info->ppi_req_outer;
    for (int i = -1; (i = bms_next_member(outer, i)) >= 0;) {
        const RelOptInfo *rel = i < root->simple_rel_array_size ? root->simple_rel_array[i] : nullptr;
        if (rel && rel->rows > 0 && (loops == 0 || rel->rows < loops))
            loops = rel->rows;
    }
    return loops > 1 ? loops : 1;
}

void note_index_path(PathFacts *facts, PlannerInfo *root, const RelOptInfo *rel, IndexPath *path) {
    auto *noted = static_cast<IndexPathFacts *>(palloc0(sizeof(IndexPathFacts)));
    Cost startup, total;
    Selectivity selectivity;
    double pages_read;
    const auto estimate = reinterpret_cast<amcostestimate_function>(path->indexinfo->amcostestimate);
    estimate(root, path, 1, &startup, &total, &selectivity, &noted->correlation, &pages_read);
    noted->path = path;
    noted->fetched = clamp_row_est(path->indexselectivity * rel->tuples);
    noted->index_pages = path->indexinfo->pages;
    noted->loops = expected_loops(root, &path->path);
    facts->paths = lappend(facts->paths, noted);
}

// The planner may free this one later.
void note_bitmap_path(PathFacts *facts, const PlannerInfo *root, Oid relation, const Path *path) {
    auto *noted = static_cast<BitmapPathFacts *>(palloc(sizeof(BitmapPathFacts)));
    *noted = {relation, path->rows, path->total_cost, expected_loops(root, path)};
    facts->bitmaps = lappend(facts->bitmaps, noted);
}

void note_path(PathFacts *facts, PlannerInfo *root, const RelOptInfo *rel, Oid relation, Path *path) {
    if (IsA(path, IndexPath))
        note_index_path(facts, root, rel, reinterpret_cast<IndexPath *>(path));
    else if (IsA(path, BitmapHeapPath))
        note_bitmap_path(facts, root, relation, path);
}

} // namespace

void note_paths(PathFacts *facts, PlannerInfo *root, RelOptInfo *rel, const RangeTblEntry *entry) {
    if (entry->rtekind != RTE_RELATION || IS_DUMMY_REL(rel))
        return;
    auto *noted = static_cast<RelationFacts *>(palloc0(sizeof(RelationFacts)));
    *noted = {entry->relid, static_cast<double>(rel->pages), rel->tuples, rel->allvisfrac,
              doubt_of_relation(root, rel)};
    facts->relations = lappend(facts->relations, noted);
    ListCell *cell;
    foreach (cell, rel->pathlist)
        note_path(facts, root, rel, entry->relid, static_cast<Path *>(lfirst(cell)));
    foreach (cell, rel->partial_pathlist)
        note_path(facts, root, rel, entry->relid, static_cast<Path *>(lfirst(cell)));
}

// A table that the statement reads several times: the most doubtful of them.
const RelationFacts *facts_of(const PathFacts &facts, Oid relation) {
    const RelationFacts *found = nullptr;
    const ListCell *cell;
    foreach (cell, facts.relations) {
        const auto *noted = static_cast<const RelationFacts *>(lfirst(cell));
        if (noted->relation == relation && (!found || noted->doubt > found->doubt))
            found = noted;
    }
    return found;
}

// A plan node keeps the costs of its path.
const IndexPathFacts *facts_of(const PathFacts &facts, const Plan *scan) {
    const Oid index = scanned_index(scan);
    const IndexPathFacts *nearest = nullptr;
    const ListCell *cell;
    foreach (cell, facts.paths) {
        const auto *noted = static_cast<const IndexPathFacts *>(lfirst(cell));
        const Path &path = noted->path->path;
        if (noted->path->indexinfo->indexoid != index || path.rows != scan->plan_rows)
            continue;
        if (!nearest || std::fabs(path.total_cost - scan->total_cost) <
                            std::fabs(nearest->path->path.total_cost - scan->total_cost))
            nearest = noted;
    }
    return nearest;
}

double loops_of_bitmap(const PathFacts &facts, Oid relation, const Plan *scan) {
    const BitmapPathFacts *nearest = nullptr;
    const ListCell *cell;
    foreach (cell, facts.bitmaps) {
        const auto *noted = static_cast<const BitmapPathFacts *>(lfirst(cell));
        if (noted->relation == relation && noted->rows == scan->plan_rows &&
            (!nearest || std::fabs(noted->total_cost - scan->total_cost) <
                             std::fabs(nearest->total_cost - scan->total_cost)))
            nearest = noted;
    }
    return nearest ? nearest->loops : 1;
}

} // namespace advisor::pg
