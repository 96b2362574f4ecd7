// The cost of a GIN scan, by the formula of gincostestimate (src/backend/utils/adt/selfuncs.c, 15 to 18) with
// the entries and pages that the index would have; the server reads them from the index's first page.
#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"
#include "pg_ext/what_if/access_method.h"
#include "pg_ext/what_if/cost_estimates.h"
#include "pg_ext/what_if/planner_call.h"

#include <algorithm>

namespace advisor::pg {
namespace {

constexpr double operators_per_page = 50;
constexpr double entries_of_partial_match = 100;
constexpr double bytes_per_row_position = 3;

// What the conditions search for, added up.
struct Search {
    bool whole_column[INDEX_MAX_KEYS];
    bool some_keys[INDEX_MAX_KEYS];
    double partial; // entries met by a prefix
    double exact;
    double searches;
    double scans; // repetitions for the members of arrays
};

Node *constant_of(PlannerInfo *root, Node *operand) {
    operand = estimate_expression_value(root, operand);
    return IsA(operand, RelabelType) ? reinterpret_cast<Node *>(castNode(RelabelType, operand)->arg)
                                     : operand;
}

struct Extracted {
    int32 count;
    bool *partial;
    int32 mode;
};

// Asks the operator class what it would look up.
Extracted extract_query(const IndexOptInfo *info, Oid opclass, int key, Oid operation, Datum value) {
    int strategy;
    Oid left_type, right_type;
    get_op_opfamily_properties(operation, info->opfamily[key], false, &strategy, &left_type, &right_type);
    const Oid collation =
        OidIsValid(info->indexcollations[key]) ? info->indexcollations[key] : DEFAULT_COLLATION_OID;
    Extracted result{0, nullptr, GIN_SEARCH_MODE_DEFAULT};
    Pointer *extra = nullptr;
    bool *nulls = nullptr;
    FmgrInfo function;
    fmgr_info(support_function(opclass, GIN_EXTRACTQUERY_PROC), &function);
    FunctionCall7Coll(&function, collation, value, PointerGetDatum(&result.count),
                      UInt16GetDatum(static_cast<uint16>(strategy)), PointerGetDatum(&result.partial),
                      PointerGetDatum(&extra), PointerGetDatum(&nulls), PointerGetDatum(&result.mode));
    return result;
}

// False: nothing can match.
bool add_pattern(const IndexOptInfo *info, Oid opclass, int key, Oid operation, Datum value, Search *search) {
    const Extracted query = extract_query(info, opclass, key, operation, value);
    if (query.count <= 0 && query.mode == GIN_SEARCH_MODE_DEFAULT)
        return false;
    for (int32 i = 0; i < query.count; ++i) {
        if (query.partial && query.partial[i])
            search->partial += entries_of_partial_match;
        else
            search->exact += 1;
        search->searches += 1;
    }
    if (query.mode == GIN_SEARCH_MODE_DEFAULT) {
        search->some_keys[key] = true;
    } else if (query.mode == GIN_SEARCH_MODE_INCLUDE_EMPTY) {
        search->some_keys[key] = true;
        search->exact += 1;
        search->searches += 1;
    } else {
        search->whole_column[key] = true;
    }
    return true;
}

bool add_operator(PlannerInfo *root, const IndexOptInfo *info, Oid opclass, int key, const OpExpr *clause,
                  Search *search) {
    Node *operand = constant_of(root, static_cast<Node *>(lsecond(clause->args)));
    if (!IsA(operand, Const)) {
        search->exact += 1;
        search->searches += 1;
        return true;
    }
    const auto *constant = castNode(Const, operand);
    return !constant->constisnull &&
           add_pattern(info, opclass, key, clause->opno, constant->constvalue, search);
}

// Each member of the array is a scan of its own: their mean is added, and the number of scans multiplied.
bool add_members(const IndexOptInfo *info, Oid opclass, int key, Oid operation, Datum array, double entries,
                 Search *search) {
    ArrayType *members = DatumGetArrayTypeP(array);
    int16 length;
    bool by_value;
    char alignment;
    get_typlenbyvalalign(ARR_ELEMTYPE(members), &length, &by_value, &alignment);
    Datum *values;
    bool *nulls;
    int count;
    deconstruct_array(members, ARR_ELEMTYPE(members), length, by_value, alignment, &values, &nulls, &count);
    Search all{};
    int possible = 0;
    for (int i = 0; i < count; ++i) {
        Search one{};
        if (nulls[i] || !add_pattern(info, opclass, key, operation, values[i], &one))
            continue;
        ++possible;
        const bool everything = one.whole_column[key] && !one.some_keys[key];
        all.partial += everything ? 0 : one.partial;
        all.exact += everything ? entries : one.exact;
        all.searches += everything ? entries : one.searches;
    }
    if (possible == 0)
        return false;
    search->partial += all.partial / possible;
    search->exact += all.exact / possible;
    search->searches += all.searches / possible;
    search->scans *= possible;
    return true;
}

bool add_any_of(PlannerInfo *root, const IndexOptInfo *info, Oid opclass, int key,
                const ScalarArrayOpExpr *clause, double entries, Search *search) {
    Node *operand = constant_of(root, static_cast<Node *>(lsecond(clause->args)));
    if (!IsA(operand, Const)) {
        search->exact += 1;
        search->searches += 1;
        search->scans *= compat::array_length(root, operand);
        return true;
    }
    const auto *constant = castNode(Const, operand);
    return !constant->constisnull &&
           add_members(info, opclass, key, clause->opno, constant->constvalue, entries, search);
}

bool read_search(PlannerInfo *root, const IndexPath *path, const HypotheticalIndex *index, double entries,
                 Search *search) {
    ListCell *cell;
    foreach (cell, path->indexclauses) {
        const auto *matched = lfirst_node(IndexClause, cell);
        const int key = matched->indexcol;
        ListCell *condition;
        foreach (condition, matched->indexquals) {
            Expr *clause = lfirst_node(RestrictInfo, condition)->clause;
            const Oid opclass = index->opclasses[key];
            bool possible = true;
            if (IsA(clause, OpExpr))
                possible =
                    add_operator(root, path->indexinfo, opclass, key, castNode(OpExpr, clause), search);
            else if (IsA(clause, ScalarArrayOpExpr))
                possible = add_any_of(root, path->indexinfo, opclass, key,
                                      castNode(ScalarArrayOpExpr, clause), entries, search);
            if (!possible)
                return false;
        }
    }
    return true;
}

bool reads_everything(const Search &search, int keys, bool unconditional) {
    for (int i = 0; i < keys; ++i)
        if (search.whole_column[i] && !search.some_keys[i])
            return true;
    return unconditional;
}

// Pages read when a scan is repeated with a warm cache, per outer repetition.
double repeated(double pages, double of, const Search &search, double loops, PlannerInfo *root) {
    if (loops <= 1 && search.scans <= 1)
        return pages;
    return index_pages_fetched(pages * loops * search.scans, static_cast<BlockNumber>(of), of, root) / loops;
}

struct Pages {
    double entry;         // read before the first row
    double partial_lists; // likewise, for entries met by a prefix
    double lists;
};

Pages pages_read(const HypotheticalIndex *index, const Search &search, double entries, double rows,
                 double share) {
    const double partial = std::min(1.0, search.partial / entries);
    const double descents = std::ceil(search.searches * std::rint(std::pow(index->entry_pages, 0.15)));
    Pages pages{};
    pages.entry = descents + std::ceil(index->entry_pages * partial);
    pages.partial_lists = std::ceil(index->data_pages * partial);
    const double by_rows = std::ceil(share * (rows / (BLCKSZ / bytes_per_row_position)));
    pages.lists = std::max(std::ceil(index->data_pages * search.exact / entries), by_rows);
    return pages;
}

// What 16 and later add for the processor's work on entries and pages.
void add_processor_cost(const Pages &pages, const Search &search, double entries, Cost *startup,
                        Cost *total) {
    const double per_page = operators_per_page * cpu_operator_cost;
    if (entries > 1) {
        const double descent = std::ceil(std::log2(entries)) * cpu_operator_cost * search.searches;
        *startup += descent;
        *total += search.scans * descent;
    }
    *startup += pages.entry * per_page + pages.partial_lists * per_page + per_page * search.searches;
    *total += pages.entry * search.scans * per_page + pages.partial_lists * (search.scans - 1) * per_page +
              pages.lists * search.scans * per_page;
}

} // namespace

void estimate_gin_cost(PlannerInfo *root, IndexPath *path, double loop_count, Cost *startup_cost,
                       Cost *total_cost, Selectivity *selectivity, double *correlation, double *pages) {
    IndexOptInfo *info = path->indexinfo;
    const HypotheticalIndex *index = active_index(info->indexoid);
    if (!index)
        refuse(ERRCODE_INTERNAL_ERROR, "a hypothetical index is not known");
    List *conditions = get_quals_from_indexclauses(path->indexclauses);
    const double entries = std::max(1.0, index->entries);
    *startup_cost = *total_cost = *correlation = *pages = 0;
    Search search{};
    search.scans = 1;
    *selectivity = 0;
    if (!read_search(root, path, index, entries, &search))
        return;
    if (reads_everything(search, info->nkeycolumns, conditions == NIL)) {
        search.partial = 0;
        search.exact = search.searches = entries;
    }
    *selectivity = clauselist_selectivity(root, add_predicate_to_index_quals(info, conditions),
                                          static_cast<int>(info->rel->relid), JOIN_INNER, nullptr);
    const Pages read = pages_read(index, search, entries, info->tuples, *selectivity);
    if (compat::gin_scans_cost_processor_time)
        add_processor_cost(read, search, entries, startup_cost, total_cost);

    double random_page = 0;
    get_tablespace_page_costs(info->reltablespace, &random_page, nullptr);
    *startup_cost += (repeated(read.entry, index->entry_pages, search, loop_count, root) +
                      repeated(read.partial_lists, index->data_pages, search, loop_count, root)) *
                     random_page;
    const double lists = repeated(read.lists, index->data_pages, search, loop_count, root);
    *total_cost += *startup_cost + lists * random_page;

    const double operands = index_other_operands_eval_cost(root, conditions);
    const double operators = cpu_operator_cost * list_length(conditions);
    *startup_cost += operands;
    *total_cost += operands;
    if (compat::gin_scans_cost_processor_time)
        *total_cost +=
            search.searches * search.scans * operators + info->tuples * *selectivity * cpu_index_tuple_cost;
    else
        *total_cost += info->tuples * *selectivity * (cpu_index_tuple_cost + operators);
    *pages = lists;
}

} // namespace advisor::pg
