// How big a hypothetical index would be after its build.
#include "pg_ext/what_if/size_index.h"

#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"
#include "pg_ext/what_if/access_method.h"
#include "pg_ext/what_if/index_shape.h"
#include "pg_ext/what_if/sampled_statistics.h"
#include "pg_ext/what_if/trust.h"

#include <algorithm>

namespace advisor::pg {
namespace {

// SELECT FROM table WHERE predicate.
Query *predicate_query(Relation table, List *predicate) {
    ParseState *state = make_parsestate(nullptr);
    addRangeTableEntryForRelation(state, table, AccessShareLock, nullptr, false, true);
    Query *query = makeNode(Query);
    query->commandType = CMD_SELECT;
    query->canSetTag = true;
    query->rtable = state->p_rtable;
    set_permission_infos(query, state);
    RangeTblRef *reference = makeNode(RangeTblRef);
    reference->rtindex = 1;
    query->jointree = makeFromExpr(list_make1(reference),
                                   reinterpret_cast<Node *>(make_ands_explicit(copy_tree(predicate))));
    free_parsestate(state);
    return query;
}

// The share of the table's rows that the planner expects to satisfy the predicate.
double predicate_share(Relation table, List *predicate) {
    const double matching =
        standard_planner(predicate_query(table, predicate), "", 0, nullptr)->planTree->plan_rows;
    const double all = standard_planner(predicate_query(table, NIL), "", 0, nullptr)->planTree->plan_rows;
    return all > 0 ? std::min(1.0, matching / all) : 1.0;
}

// A hash index leaves rows out whose key is null.
List *not_null(const HypotheticalIndex &index) {
    const HypotheticalIndex *borrowed = &index;
    return pg_call([=] {
        const AttrNumber column = borrowed->attributes[0];
        NullTest *test = makeNode(NullTest);
        test->nulltesttype = IS_NOT_NULL;
        test->location = -1;
        if (column == 0) {
            test->arg = static_cast<Expr *>(linitial(borrowed->expressions));
        } else {
            Oid type, collation;
            int32 modifier;
            get_atttypetypmodcoll(borrowed->relation, column, &type, &modifier, &collation);
            test->arg = reinterpret_cast<Expr *>(makeVar(1, column, type, modifier, collation, 0));
        }
        return lappend(list_copy(borrowed->predicate), test);
    });
}

HypotheticalKeys keys_of(const HypotheticalIndex &index) {
    HypotheticalKeys keys;
    keys.columns = {index.attributes, static_cast<std::size_t>(index.ncolumns)};
    keys.key_count = index.nkeycolumns;
    keys.method = index.method;
    keys.expressions = index.expressions;
    keys.predicate = index.method == HASH_AM_OID ? not_null(index) : index.predicate;
    keys.opclasses = {index.opclasses, static_cast<std::size_t>(index.nkeycolumns)};
    keys.collations = {index.collations, static_cast<std::size_t>(index.nkeycolumns)};
    keys.unique = index.unique;
    keys.deduplicate_items = index.deduplicate_items;
    keys.fillfactor = index.fillfactor;
    keys.pages_per_range = index.pages_per_range;
    return keys;
}

// Expressions that ANALYZE has never seen: what it would say of them, from the sample.
void sample_expressions(HypotheticalIndex &index, Relation table) {
    MemoryContext target = CurrentMemoryContext;
    for (int key = 0; key < index.nkeycolumns; ++key)
        if (index.attributes[key] == 0)
            index.expression_statistics[key] =
                sample_statistics(table, keys_of(index), key, index.tuples, target);
}

// The function of each operator class that makes what the index stores of a value.
bool may_extract(const HypotheticalIndex *index, Oid owner) {
    const int function = index->method == GIN_AM_OID      ? GIN_EXTRACTVALUE_PROC
                         : index->method == GIST_AM_OID   ? GIST_COMPRESS_PROC
                         : index->method == SPGIST_AM_OID ? SPGIST_COMPRESS_PROC
                                                          : 0;
    for (int key = 0; function != 0 && key < index->nkeycolumns; ++key)
        if (!may_run(support_function(index->opclasses[key], function), owner))
            return false;
    return true;
}

// Rows are read, and expressions run, as the table's owner: only for who may read all of them, and only code
// that the owner may be made to run.
bool may_sample(const HypotheticalIndex &index, Relation table) {
    List *expressions = index.expressions;
    List *predicate = index.predicate;
    const HypotheticalIndex *borrowed = &index;
    return pg_call([=] {
        const Oid relation = RelationGetRelid(table);
        return pg_class_aclcheck(relation, GetUserId(), ACL_SELECT) == ACLCHECK_OK &&
               check_enable_rls(relation, InvalidOid, true) != RLS_ENABLED &&
               may_evaluate(list_concat_copy(expressions, predicate), table->rd_rel->relowner) &&
               may_extract(borrowed, table->rd_rel->relowner);
    });
}

} // namespace

void size_index(HypotheticalIndex &index, Sampling sampling) {
    const Oid relation = index.relation;
    Relation table = pg_call([=] { return table_open(relation, AccessShareLock); });
    if (sampling != Sampling::none && !may_sample(index, table))
        sampling = Sampling::none;
    ShapeOptions options;
    options.allow_sample = sampling != Sampling::none;
    const HypotheticalKeys keys = keys_of(index);
    List *predicate = keys.predicate;
    if (predicate != NIL)
        options.predicate_selectivity = pg_call([=] { return predicate_share(table, predicate); });
    const IndexShape shape = estimate_index_shape(table, keys, options);
    index.tuples = shape.tuples;
    index.pages = static_cast<BlockNumber>(shape.pages);
    index.pages_low = static_cast<BlockNumber>(shape.pages_low);
    index.pages_high = static_cast<BlockNumber>(shape.pages_high);
    index.height = shape.height;
    index.map_pages = shape.map_pages;
    index.entries = shape.entries;
    index.entry_pages = shape.entry_pages;
    index.data_pages = shape.data_pages;
    index.entries_per_row = shape.entries_per_row;
    if (sampling == Sampling::sizes_and_expressions)
        sample_expressions(index, table);
    pg_call([=] { table_close(table, NoLock); });
}

} // namespace advisor::pg
