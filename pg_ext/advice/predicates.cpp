// Each recorded statement is planned once, in the surroundings that it ran in; the planner says what it asks
// of each table and expects, the counts of sampled executions say what became of it.
#include "pg_ext/advice/predicates.h"

#include "pg_ext/advice/plannable_statement.h"
#include "pg_ext/advice/planning_memory.h"
#include "pg_ext/advice/recorded_workload.h"
#include "pg_ext/plan_text.h"
#include "pg_ext/settings.h"

#include <algorithm>
#include <map>

namespace advisor::pg {
namespace {

using store::NodeKind;
using store::NodePlace;

using Plans = std::map<std::pair<std::int64_t, Oid>, std::vector<RecordedPlan>>; // by queryid and role

Plans plans_by_statement() {
    Plans plans;
    for (RecordedStatement &statement : read_statements(MyDatabaseId)) {
        auto &list = plans[{statement.queryid, statement.role}];
        std::move(statement.plans.begin(), statement.plans.end(), std::back_inserter(list));
    }
    return plans;
}

bool scans(const ReadNode &node, const std::string &relation) {
    return !node.relation.empty() && node.record.kind != NodeKind::modify_table &&
           node.record.kind != NodeKind::bitmap_index_scan && node.schema + "." + node.relation == relation;
}

// True for what may be run with values from elsewhere: conditions of a join are among its own there.
bool is_parameterised(const std::vector<ReadNode> &nodes, std::size_t position) {
    for (std::size_t steps = 0; steps < nodes.size(); ++steps) {
        const store::NodeRecord &record = nodes[position].record;
        if (record.place == NodePlace::sub_plan)
            return true;
        if (record.parent >= nodes.size())
            return false;
        const NodeKind parent = nodes[record.parent].record.kind;
        if (record.place == NodePlace::inner && parent == NodeKind::nested_loop)
            return true;
        position = record.parent;
    }
    return true;
}

struct Counted {
    double rows = 0, of = 0;
};

// False when what the scans of the relation gave can't be told apart or does not tell.
bool add_scan(const std::vector<ReadNode> &nodes, const std::string &relation, double tuples,
              Counted &counted) {
    const auto is_scan = [&](const ReadNode &node) { return scans(node, relation); };
    const auto found = std::find_if(nodes.begin(), nodes.end(), is_scan);
    if (found == nodes.end() || std::count_if(nodes.begin(), nodes.end(), is_scan) > 1)
        return false;
    const store::NodeRecord &record = found->record;
    const bool parallel = (record.flags & store::node_parallel_aware) != 0;
    if (is_parameterised(nodes, static_cast<std::size_t>(found - nodes.begin())) ||
        (!parallel && record.loops != record.samples))
        return false;
    counted.rows += record.rows;
    counted.of += record.kind == NodeKind::seq_scan ? record.rows + record.removed : tuples * record.samples;
    return true;
}

// Over all plans of the statement, as far as executions were counted.
std::optional<double> actual_selectivity(const std::vector<RecordedPlan> &plans, const std::string &relation,
                                         double tuples) {
    Counted counted;
    for (const RecordedPlan &plan : plans)
        if (!add_scan(read_nodes(plan, MyDatabaseId), relation, tuples, counted))
            return std::nullopt;
    if (counted.of <= 0)
        return std::nullopt;
    return std::min(counted.rows / counted.of, 1.0);
}

// Empty when it was dropped since.
std::string qualified_name(Oid relation) {
    return pg_call([=]() -> const char * {
        const char *name = get_rel_name(relation);
        return name ? quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)), name) : "";
    });
}

void add_conditions(PredicateGroup &group, const List *conditions) {
    const ListCell *cell;
    foreach (cell, conditions) {
        const auto *condition = static_cast<const CapturedCondition *>(lfirst(cell));
        group.columns.emplace_back(condition->column);
        group.operators.emplace_back(condition->operation);
    }
}

void add_keys(PredicateGroup &group, const List *keys, bool grouping) {
    const ListCell *cell;
    foreach (cell, keys) {
        const auto *key = static_cast<const CapturedSortKey *>(lfirst(cell));
        group.columns.emplace_back(key->key);
        group.operators.emplace_back(grouping ? "=" : key->descending ? ">" : "<");
    }
}

class StatementPredicates {
public:
    StatementPredicates(const StatementInput &input, const std::vector<RecordedPlan> &plans)
        : input_(input), plans_(plans) {}

    void read(const AccessCapture &capture, std::vector<PredicateGroup> &groups) {
        accesses_ = capture.accesses;
        const ListCell *cell;
        foreach (cell, accesses_)
            read_access(*static_cast<const CapturedAccess *>(lfirst(cell)));
        for (PredicateGroup &group : groups_)
            groups.push_back(std::move(group));
    }

private:
    PredicateGroup group_of(const CapturedAccess &access, const char *kind) const {
        PredicateGroup group;
        group.relation = qualified_name(access.relation);
        group.kind = kind;
        group.queryid = input_.id;
        group.calls = static_cast<std::int64_t>(input_.calls);
        return group;
    }

    // The planner may look at a table twice to answer one question.
    void add(PredicateGroup group) {
        if (group.columns.empty() || group.relation.empty())
            return;
        for (const PredicateGroup &known : groups_)
            if (known.relation == group.relation && std::strcmp(known.kind, group.kind) == 0 &&
                known.columns == group.columns && known.operators == group.operators)
                return;
        groups_.push_back(std::move(group));
    }

    bool is_read_under_one_name(Oid relation, const char *alias) const {
        const ListCell *cell;
        foreach (cell, accesses_) {
            const auto *other = static_cast<const CapturedAccess *>(lfirst(cell));
            if (other->relation == relation && std::strcmp(other->alias, alias) != 0)
                return false;
        }
        return true;
    }

    void read_access(const CapturedAccess &access) {
        PredicateGroup filter = group_of(access, "filter");
        add_conditions(filter, access.filters);
        if (access.tuples > 0) {
            filter.estimated_selectivity = std::min(access.rows / access.tuples, 1.0);
            if (is_read_under_one_name(access.relation, access.alias))
                filter.actual_selectivity = actual_selectivity(plans_, filter.relation, access.tuples);
        }
        add(std::move(filter));
        PredicateGroup join = group_of(access, "join");
        add_conditions(join, access.joins);
        add(std::move(join));
        PredicateGroup order = group_of(access, "order");
        add_keys(order, access.ordered ? access.order : NIL, false);
        add(std::move(order));
        PredicateGroup group = group_of(access, "group");
        add_keys(group, access.group, true);
        add(std::move(group));
    }

    const StatementInput &input_;
    const std::vector<RecordedPlan> &plans_;
    const List *accesses_ = NIL;
    std::vector<PredicateGroup> groups_;
};

bool add_statement(const StatementInput &input, const std::vector<RecordedPlan> &plans,
                   std::vector<PredicateGroup> &groups) {
    const PlanningMemory memory("db_advisor predicates");
    PlannableStatement statement(input);
    AccessCapture capture{CurrentMemoryContext};
    capture.conditions = true;
    if (statement.prepare(capture).failure)
        return false;
    StatementPredicates(input, plans).read(capture, groups);
    return true;
}

} // namespace

PredicateGroups recorded_predicates() {
    const TimestampTz deadline =
        GetCurrentTimestamp() + static_cast<std::int64_t>(settings::analysis_time_budget) * 1000;
    const RecordedWorkload workload = recorded_workload(Evidence::any, Reader::caller);
    Plans plans = plans_by_statement();
    PredicateGroups result;
    for (const StatementInput &input : workload.statements) {
        poll_interrupts();
        if (GetCurrentTimestamp() >= deadline)
            ++result.not_reached;
        else if (!add_statement(input, plans[{input.id, input.surroundings->role}], result.groups))
            ++result.not_planned;
    }
    return result;
}

} // namespace advisor::pg
