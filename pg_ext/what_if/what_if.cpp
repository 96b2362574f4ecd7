// One what-if question: the planner's cost and plan of a statement, with indexes added and hidden.
#include "pg_ext/what_if/what_if.h"

#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"
#include "pg_ext/plan_walker.h"
#include "pg_ext/what_if/size_index.h"

#include <algorithm>

namespace advisor::pg {
namespace {

struct UsedIndexes {
    const IndexSet *set;
    bool *used; // by entry of the set
};

void note_index(Plan *node, void *context) {
    const auto *use = static_cast<UsedIndexes *>(context);
    const Oid index = scanned_index(node);
    for (int i = 0; OidIsValid(index) && i < use->set->added_count; ++i)
        if (use->set->added[i]->oid == index)
            use->used[i] = true;
}

void note_used(PlannedStmt *plan, const IndexSet &set, std::vector<int> &used) {
    if (set.added_count == 0)
        return;
    const auto count = static_cast<Size>(set.added_count);
    const IndexSet *borrowed = &set;
    const bool *flags = pg_call([=] {
        UsedIndexes use{borrowed, static_cast<bool *>(palloc0(sizeof(bool) * count))};
        walk_plan(plan, note_index, &use);
        return use.used;
    });
    for (int i = 0; i < set.added_count; ++i)
        if (flags[i])
            used.push_back(i);
}

HypotheticalIndexes resolve_definitions(const char *const *definitions, int count) {
    List *all = NIL;
    for (int position = 0; position < count; ++position) {
        if (!definitions[position])
            refuse(ERRCODE_NULL_VALUE_NOT_ALLOWED, "an index definition must not be null");
        all = list_concat(all,
                          define_hypothetical_indexes(definitions[position], position, CurrentMemoryContext));
    }
    HypotheticalIndexes result;
    result.count = list_length(all);
    result.items = static_cast<HypotheticalIndex **>(
        palloc0(sizeof(HypotheticalIndex *) * static_cast<Size>(result.count + 1)));
    for (int i = 0; i < result.count; ++i)
        result.items[i] = static_cast<HypotheticalIndex *>(list_nth(all, i));
    return result;
}

} // namespace

PlannedCost plan_statement(const AnalysedStatement *statement, ParamListInfo parameters, const IndexSet &set,
                           ExplainText explain, AccessCapture *capture) {
    PlannedCost result;
    ListCell *cell;
    foreach (cell, statement->queries) {
        const auto *query = static_cast<const Query *>(lfirst(cell));
        if (query->commandType == CMD_UTILITY) // a NOTIFY that a rule added
            continue;
        PlannedStmt *plan =
            plan_with_indexes(query, statement->source, CURSOR_OPT_PARALLEL_OK, parameters, set, capture);
        result.cost += plan->planTree->total_cost;
        note_used(plan, set, result.used);
        if (explain == ExplainText::yes) {
            if (!result.plan.empty())
                result.plan += "\n\n";
            result.plan += explain_plan(plan, statement->source, parameters, set);
        }
    }
    std::sort(result.used.begin(), result.used.end());
    result.used.erase(std::unique(result.used.begin(), result.used.end()), result.used.end());
    return result;
}

HypotheticalIndexes define_indexes(const char *const *definitions, int count, Sampling sampling) {
    const HypotheticalIndexes result = pg_call([=] { return resolve_definitions(definitions, count); });
    for (int i = 0; i < result.count; ++i)
        size_index(*result.items[i], sampling);
    return result;
}

IndexBytes bytes_of(const HypotheticalIndexes &indexes, int position) {
    IndexBytes result;
    for (int i = 0; i < indexes.count; ++i) {
        const HypotheticalIndex &index = *indexes.items[i];
        if (index.position != position)
            continue;
        result.bytes += static_cast<std::int64_t>(index.pages) * BLCKSZ;
        result.low += static_cast<std::int64_t>(index.pages_low) * BLCKSZ;
        result.high += static_cast<std::int64_t>(index.pages_high) * BLCKSZ;
    }
    return result;
}

} // namespace advisor::pg
