// The cost of a BRIN scan, by the formula of brincostestimate (src/backend/utils/adt/selfuncs.c, 15 to 18)
// with the ranges and pages that the index would have; the server takes its defaults for these when an index
// is hypothetical.
#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"
#include "pg_ext/what_if/cost_estimates.h"
#include "pg_ext/what_if/planner_call.h"

#include <algorithm>

namespace advisor::pg {
namespace {

constexpr double no_correlation = 1e-10;
constexpr double operators_per_page = 0.1; // for setting a page's bit

double correlation_in(HeapTuple statistics) {
    AttStatsSlot slot;
    if (!get_attstatsslot(&slot, statistics, STATISTIC_KIND_CORRELATION, InvalidOid, ATTSTATSSLOT_NUMBERS))
        return 0;
    const double correlation = slot.nnumbers > 0 ? std::abs(static_cast<double>(slot.numbers[0])) : 0;
    free_attstatsslot(&slot);
    return correlation;
}

double column_correlation(PlannerInfo *root, const IndexOptInfo *index, AttrNumber column) {
    RangeTblEntry *entry = planner_rt_fetch(index->rel->relid, root);
    VariableStatData variable{};
    if (get_relation_stats_hook && get_relation_stats_hook(root, entry, column, &variable)) {
        const double hooked = HeapTupleIsValid(variable.statsTuple) ? correlation_in(variable.statsTuple) : 0;
        ReleaseVariableStats(variable);
        return hooked;
    }
    HeapTuple tuple = SearchSysCache3(STATRELATTINH, ObjectIdGetDatum(entry->relid), Int16GetDatum(column),
                                      BoolGetDatum(false));
    if (!HeapTupleIsValid(tuple))
        return 0;
    const double correlation = correlation_in(tuple);
    ReleaseSysCache(tuple);
    return correlation;
}

// The best that a condition's column has: all conditions narrow the scan together.
double best_correlation(PlannerInfo *root, const IndexPath *path, const HypotheticalIndex *index) {
    double best = 0;
    ListCell *cell;
    foreach (cell, path->indexclauses) {
        const int key = lfirst_node(IndexClause, cell)->indexcol;
        double correlation = 0;
        if (index->attributes[key] != 0)
            correlation = column_correlation(root, path->indexinfo, index->attributes[key]);
        else if (index->expression_statistics[key])
            correlation = correlation_in(index->expression_statistics[key]);
        best = std::max(best, correlation);
    }
    return best;
}

} // namespace

void estimate_brin_cost(PlannerInfo *root, IndexPath *path, double loop_count, Cost *startup_cost,
                        Cost *total_cost, Selectivity *selectivity, double *correlation, double *pages) {
    const IndexOptInfo *info = path->indexinfo;
    const HypotheticalIndex *index = active_index(info->indexoid);
    if (!index)
        refuse(ERRCODE_INTERNAL_ERROR, "a hypothetical index is not known");
    List *conditions = get_quals_from_indexclauses(path->indexclauses);
    const double ranges = std::max(1.0, std::ceil(info->rel->pages / double(index->pages_per_range)));

    *correlation = best_correlation(root, path, index);
    const Selectivity share =
        clauselist_selectivity(root, conditions, static_cast<int>(info->rel->relid), JOIN_INNER, nullptr);
    double visited = ranges;
    if (*correlation >= no_correlation)
        visited = std::min(std::ceil(ranges * share) / *correlation, ranges);
    *selectivity = std::clamp(visited / ranges, 0.0, 1.0);

    double random_page = 0, sequential_page = 0;
    get_tablespace_page_costs(info->reltablespace, &random_page, &sequential_page);
    // The map is read in order, the summaries in any.
    *startup_cost =
        sequential_page * index->map_pages * loop_count + index_other_operands_eval_cost(root, conditions);
    *total_cost = *startup_cost + random_page * (info->pages - index->map_pages) * loop_count +
                  operators_per_page * cpu_operator_cost * visited * index->pages_per_range;
    *pages = info->pages;
}

} // namespace advisor::pg
