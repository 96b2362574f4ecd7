// How big a hypothetical index would be after its build.
#include "pg_ext/what_if/size_index.h"

#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"
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

HypotheticalKeys keys_of(const HypotheticalIndex &index) {
    HypotheticalKeys keys;
    keys.columns = {index.attributes, static_cast<std::size_t>(index.ncolumns)};
    keys.key_count = index.nkeycolumns;
    keys.expressions = index.expressions;
    keys.predicate = index.predicate;
    keys.opclasses = {index.opclasses, static_cast<std::size_t>(index.nkeycolumns)};
    keys.collations = {index.collations, static_cast<std::size_t>(index.nkeycolumns)};
    keys.unique = index.unique;
    keys.deduplicate_items = index.deduplicate_items;
    keys.fillfactor = index.fillfactor;
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

// Rows are read, and expressions run, as the table's owner: only for who may read all of them, and only code
// that the owner may be made to run.
bool may_sample(const HypotheticalIndex &index, Relation table) {
    List *expressions = index.expressions;
    List *predicate = index.predicate;
    return pg_call([=] {
        const Oid relation = RelationGetRelid(table);
        return pg_class_aclcheck(relation, GetUserId(), ACL_SELECT) == ACLCHECK_OK &&
               check_enable_rls(relation, InvalidOid, true) != RLS_ENABLED &&
               may_evaluate(list_concat_copy(expressions, predicate), table->rd_rel->relowner);
    });
}

} // namespace

void size_index(HypotheticalIndex &index, Sampling sampling) {
    const Oid relation = index.relation;
    List *predicate = index.predicate;
    Relation table = pg_call([=] { return table_open(relation, AccessShareLock); });
    if (sampling != Sampling::none && !may_sample(index, table))
        sampling = Sampling::none;
    ShapeOptions options;
    options.allow_sample = sampling != Sampling::none;
    if (predicate != NIL)
        options.predicate_selectivity = pg_call([=] { return predicate_share(table, predicate); });
    const IndexShape shape = estimate_index_shape(table, keys_of(index), options);
    index.tuples = shape.tuples;
    index.pages = static_cast<BlockNumber>(shape.pages);
    index.height = shape.height;
    if (sampling == Sampling::sizes_and_expressions)
        sample_expressions(index, table);
    pg_call([=] { table_close(table, NoLock); });
}

} // namespace advisor::pg
