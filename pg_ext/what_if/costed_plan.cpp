// A plan is described as the recorder describes executed ones, so that both name their nodes alike.
#include "pg_ext/what_if/costed_plan.h"

#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"
#include "pg_ext/observe/plan_description.h"
#include "pg_ext/observe/plan_nodes.h"
#include "pg_ext/observe/plan_tree.h"
#include "pg_ext/plan_values.h"
#include "pg_ext/plan_walker.h"
#include "pg_ext/what_if/path_facts.h"

namespace advisor::pg {
namespace {

template <class Node>
const Node *as(const Plan *plan) {
    return reinterpret_cast<const Node *>(plan);
}

// Of one node, beside what the description and the record say.
struct NodeFacts {
    double limit; // negative: none
    bool filtered, unique_inner;
    core::ScanFacts scan;
    core::Doubt doubt;
};

struct Described {
    store::NodeRecord *records;
    NodeFacts *facts;
    std::uint32_t count;
    const char *text;
};

double constant_of(const Node *expression) {
    if (!expression)
        return 0;
    const auto *constant = reinterpret_cast<const Const *>(expression);
    return IsA(expression, Const) && !constant->constisnull
               ? static_cast<double>(DatumGetInt64(constant->constvalue))
               : -1;
}

double limit_of(const Limit *limit) {
    const double count = limit->limitCount ? constant_of(limit->limitCount) : -1;
    const double offset = constant_of(limit->limitOffset);
    return count < 0 || offset < 0 ? -1 : count + offset;
}

void add_scan_facts(const Plan *plan, Oid relation, const PathFacts &paths, NodeFacts &facts) {
    if (const RelationFacts *known = facts_of(paths, relation)) {
        facts.scan.table_rows = known->tuples;
        facts.scan.table_pages = known->pages;
        facts.scan.all_visible = known->all_visible;
        facts.doubt = known->doubt;
    }
    if (IsA(plan, BitmapHeapScan)) {
        facts.scan.fetched = plan->lefttree->plan_rows;
        facts.scan.loops = loops_of_bitmap(paths, relation, plan);
    } else if (OidIsValid(scanned_index(plan))) {
        if (const IndexPathFacts *known = facts_of(paths, plan)) {
            facts.scan.fetched = known->fetched;
            facts.scan.correlation = known->correlation;
            facts.scan.index_pages = known->index_pages;
            facts.scan.loops = known->loops;
        }
    }
}

NodeFacts facts_of_node(const Plan *plan, Oid relation, const PathFacts &paths) {
    NodeFacts facts{-1, plan->qual != NIL, false, {}, core::Doubt::none};
    switch (nodeTag(plan)) {
    case T_Limit: facts.limit = limit_of(as<Limit>(plan)); break;
    case T_NestLoop:
    case T_MergeJoin:
    case T_HashJoin:
        facts.unique_inner = as<Join>(plan)->inner_unique;
        facts.filtered = facts.filtered || as<Join>(plan)->joinqual != NIL;
        break;
    default: break;
    }
    if (OidIsValid(relation))
        add_scan_facts(plan, relation, paths, facts);
    return facts;
}

// No executor is started: nothing is opened, no other extension notices.
Described describe(PlannedStmt *plan, ParamListInfo parameters, const PathFacts &paths) {
    QueryDesc query{};
    query.plannedstmt = plan;
    query.params = parameters;
    query.estate = CreateExecutorState();
    Described result{};
    auto *tree = static_cast<observe::PlanTree *>(palloc(sizeof(observe::PlanTree)));
    if (observe::list_nodes(&query, *tree)) {
        result.count = tree->count;
        result.records = static_cast<store::NodeRecord *>(palloc0(sizeof(store::NodeRecord) * result.count));
        result.facts = static_cast<NodeFacts *>(palloc0(sizeof(NodeFacts) * result.count));
        observe::collect_nodes(&query, false, result.records, result.count);
        for (std::uint32_t i = 0; i < result.count; ++i)
            result.facts[i] = facts_of_node(tree->nodes[i].plan, result.records[i].relation, paths);
        result.text = observe::describe_plan(&query)->data;
    }
    FreeExecutorState(query.estate);
    return result;
}

core::CostUnits current_units() {
    core::CostUnits units;
    units.seq_page = seq_page_cost;
    units.random_page = random_page_cost;
    units.cpu_tuple = cpu_tuple_cost;
    units.cpu_index_tuple = cpu_index_tuple_cost;
    units.cpu_operator = cpu_operator_cost;
    units.sort_memory = work_mem * 1024.0;
    return units;
}

// A plan of too many nodes is not looked at: no nodes.
core::CostedPlan values_of(const Described &described, const PlannedStmt *plan) {
    RecordedPlan recorded;
    if (described.count > 0) {
        recorded.nodes.assign(described.records, described.records + described.count);
        recorded.description = described.text;
    }
    core::CostedPlan values = plan_values(read_nodes(recorded, MyDatabaseId));
    for (std::size_t i = 0; i < values.nodes.size(); ++i) {
        const NodeFacts &facts = described.facts[i];
        core::PlanNode &node = values.nodes[i];
        if (facts.limit >= 0)
            node.limit = facts.limit;
        node.filtered = facts.filtered;
        node.unique_inner = facts.unique_inner;
        node.scan = facts.scan;
        if (node.doubt == core::Doubt::none)
            node.doubt = facts.doubt;
    }
    if (!values.nodes.empty()) { // records keep costs with few digits
        values.nodes[0].startup_cost = plan->planTree->startup_cost;
        values.nodes[0].total_cost = plan->planTree->total_cost;
    }
    values.units = current_units();
    return values;
}

} // namespace

std::vector<core::CostedPlan> costed_plans(const AnalysedStatement *statement, ParamListInfo parameters,
                                           const IndexSet &set) {
    std::vector<core::CostedPlan> plans;
    ListCell *cell;
    foreach (cell, statement->queries) {
        const auto *query = static_cast<const Query *>(lfirst(cell));
        if (query->commandType == CMD_UTILITY)
            continue;
        PathFacts paths;
        PlannedStmt *plan = plan_with_indexes(query, statement->source, CURSOR_OPT_PARALLEL_OK, parameters,
                                              set, nullptr, &paths);
        const PathFacts *noted = &paths;
        const Described described = pg_call([=] { return describe(plan, parameters, *noted); });
        plans.push_back(values_of(described, plan));
    }
    return plans;
}

} // namespace advisor::pg
