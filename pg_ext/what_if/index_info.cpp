// A hypothetical index as the planner knows indexes.
#include "pg_ext/what_if/index_info.h"

#include "pg_ext/compat.h"
#include "pg_ext/what_if/access_method.h"
#include "pg_ext/what_if/cost_estimates.h"

namespace advisor::pg {
namespace {

// Target list of the index's columns, as build_index_tlist (src/backend/optimizer/util/plancat.c, 15) makes
// it.
List *index_target_list(const HypotheticalIndex *index, List *expressions, Index varno, Relation relation) {
    List *targets = NIL;
    ListCell *expression = list_head(expressions);
    for (int column = 0; column < index->ncolumns; ++column) {
        Expr *value;
        if (index->attributes[column] != 0) {
            Form_pg_attribute attribute =
                TupleDescAttr(RelationGetDescr(relation), index->attributes[column] - 1);
            value = reinterpret_cast<Expr *>(makeVar(static_cast<int>(varno), index->attributes[column],
                                                     attribute->atttypid, attribute->atttypmod,
                                                     attribute->attcollation, 0));
        } else {
            value = static_cast<Expr *>(lfirst(expression));
            expression = lnext(expressions, expression);
        }
        targets =
            lappend(targets, makeTargetEntry(value, static_cast<AttrNumber>(column + 1), nullptr, false));
    }
    return targets;
}

void copy_columns(IndexOptInfo *info, const HypotheticalIndex *index) {
    const auto columns = static_cast<Size>(index->ncolumns);
    const auto keys = static_cast<Size>(index->nkeycolumns);
    info->ncolumns = index->ncolumns;
    info->nkeycolumns = index->nkeycolumns;
    info->indexkeys = static_cast<int *>(palloc0(sizeof(int) * columns));
    info->indexcollations = static_cast<Oid *>(palloc0(sizeof(Oid) * keys));
    info->opfamily = static_cast<Oid *>(palloc0(sizeof(Oid) * keys));
    info->opcintype = static_cast<Oid *>(palloc0(sizeof(Oid) * keys));
    info->canreturn = static_cast<bool *>(palloc0(sizeof(bool) * columns));
    info->opclassoptions = static_cast<bytea **>(palloc0(sizeof(bytea *) * columns));
    for (int column = 0; column < index->ncolumns; ++column) {
        info->indexkeys[column] = index->attributes[column];
        info->canreturn[column] = index->can_return[column];
    }
    for (int key = 0; key < index->nkeycolumns; ++key) {
        info->indexcollations[key] = index->collations[key];
        info->opfamily[key] = index->opfamilies[key];
        info->opcintype[key] = index->opcintypes[key];
    }
}

void copy_order(IndexOptInfo *info, const HypotheticalIndex *index) {
    const auto keys = static_cast<Size>(index->nkeycolumns);
    info->sortopfamily = info->opfamily;
    info->reverse_sort = static_cast<bool *>(palloc0(sizeof(bool) * keys));
    info->nulls_first = static_cast<bool *>(palloc0(sizeof(bool) * keys));
    for (int key = 0; key < index->nkeycolumns; ++key) {
        info->reverse_sort[key] = index->descending[key];
        info->nulls_first[key] = index->nulls_first[key];
    }
}

// The core's estimates for these two open the index or make up its insides.
void use_cost_estimate(IndexOptInfo *info, const IndexAmRoutine *routine) {
    using Estimate = decltype(info->amcostestimate);
    switch (info->relam) {
    case BRIN_AM_OID: info->amcostestimate = reinterpret_cast<Estimate>(estimate_brin_cost); break;
    case GIN_AM_OID: info->amcostestimate = reinterpret_cast<Estimate>(estimate_gin_cost); break;
    default: info->amcostestimate = reinterpret_cast<Estimate>(routine->amcostestimate); break;
    }
}

} // namespace

IndexOptInfo *to_index_info(const HypotheticalIndex *index, RelOptInfo *rel, Relation relation) {
    IndexOptInfo *info = makeNode(IndexOptInfo);
    IndexAmRoutine *routine = GetIndexAmRoutineByAmId(index->method, false);
    info->indexoid = index->oid;
    info->reltablespace = InvalidOid;
    info->rel = rel;
    info->pages = index->pages;
    info->tuples = index->tuples * index->entries_per_row; // what a build counts
    info->tree_height = index->height;
    info->relam = index->method;
    copy_columns(info, index);
    if (routine->amcanorder)
        copy_order(info, index);
    info->indexprs = copy_tree(index->expressions);
    info->indpred = copy_tree(index->predicate);
    // Trees are stored with varno 1; the table may stand anywhere in FROM.
    ChangeVarNodes(reinterpret_cast<Node *>(info->indexprs), 1, static_cast<int>(rel->relid), 0);
    ChangeVarNodes(reinterpret_cast<Node *>(info->indpred), 1, static_cast<int>(rel->relid), 0);
    info->indextlist = index_target_list(index, info->indexprs, rel->relid, relation);
    info->unique = index->unique;
    info->immediate = true;
    info->hypothetical = true; // keeps the planner from opening it
    info->amcanorderbyop = routine->amcanorderbyop;
    info->amoptionalkey = routine->amoptionalkey;
    info->amsearcharray = routine->amsearcharray;
    info->amsearchnulls = routine->amsearchnulls;
    info->amhasgettuple = routine->amgettuple != nullptr;
    info->amhasgetbitmap = routine->amgetbitmap != nullptr && compat::scans_bitmaps(relation);
    info->amcanparallel = routine->amcanparallel;
    info->amcanmarkpos = routine->ammarkpos != nullptr && routine->amrestrpos != nullptr;
    use_cost_estimate(info, routine);
    return info;
}

} // namespace advisor::pg
