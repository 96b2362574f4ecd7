// Walks plan and execution state side by side.
#include "pg_ext/observe/plan_tree.h"

#include "pg_ext/plan_walker.h"

namespace advisor::pg::observe {
namespace {

using store::NodePlace;

// What refers to a subplan: the first one found, as in EXPLAIN.
struct Reference {
    const SubPlan *subplan;
    std::uint16_t parent;
    NodePlace place;
};

struct Listing {
    PlanTree &tree;
    int subplans;
    Reference references[store::most_plan_nodes];

    // Only as much of the array is cleared as there are subplans.
    Listing(PlanTree &to, int count) noexcept : tree(to), subplans(count) {
        for (int i = 0; i < count; ++i)
            references[i] = {};
    }
    bool add(const Plan *plan, PlanState *state, std::uint16_t parent, NodePlace place);
    bool add_members(const List *plans, PlanState *state, std::uint16_t parent);
    void note(const SubPlan *subplan, std::uint16_t parent, NodePlace place) {
        if (subplan->plan_id <= subplans && !references[subplan->plan_id - 1].subplan)
            references[subplan->plan_id - 1] = {subplan, parent, place};
    }
};

struct MemberStates {
    PlanState **states;
    int count;
};

MemberStates member_states(PlanState *state) {
    if (!state)
        return {nullptr, 0};
    switch (nodeTag(state)) {
    case T_AppendState: {
        const auto *append = reinterpret_cast<AppendState *>(state);
        return {append->appendplans, append->as_nplans};
    }
    case T_MergeAppendState: {
        const auto *append = reinterpret_cast<MergeAppendState *>(state);
        return {append->mergeplans, append->ms_nplans};
    }
    case T_BitmapAndState: {
        const auto *bitmap = reinterpret_cast<BitmapAndState *>(state);
        return {bitmap->bitmapplans, bitmap->nplans};
    }
    case T_BitmapOrState: {
        const auto *bitmap = reinterpret_cast<BitmapOrState *>(state);
        return {bitmap->bitmapplans, bitmap->nplans};
    }
    default: return {nullptr, 0};
    }
}

PlanState *custom_member(PlanState *state, int position) {
    if (!state || !IsA(state, CustomScanState))
        return nullptr;
    const List *states = reinterpret_cast<CustomScanState *>(state)->custom_ps;
    return position < list_length(states) ? static_cast<PlanState *>(list_nth(states, position)) : nullptr;
}

// Members that were left out at the start have no state: those that have one come in the same order.
bool Listing::add_members(const List *plans, PlanState *state, std::uint16_t parent) {
    const MemberStates members = member_states(state);
    int next = 0;
    const ListCell *cell;
    foreach (cell, plans) {
        const auto *plan = static_cast<const Plan *>(lfirst(cell));
        PlanState *member = custom_member(state, foreach_current_index(cell));
        if (next < members.count && members.states[next]->plan == plan)
            member = members.states[next++];
        if (!add(plan, member, parent, NodePlace::member))
            return false;
    }
    return true;
}

bool Listing::add(const Plan *plan, PlanState *state, std::uint16_t parent, NodePlace place) {
    if (!plan)
        return true;
    if (tree.count == store::most_plan_nodes)
        return false;
    const auto position = static_cast<std::uint16_t>(tree.count++);
    tree.nodes[position] = {plan, state, nullptr, parent, 0, place};
    const ListCell *cell;
    foreach (cell, plan->initPlan)
        note(static_cast<const SubPlan *>(lfirst(cell)), position, NodePlace::init_plan);
    if (state)
        foreach (cell, state->subPlan)
            note(static_cast<const SubPlanState *>(lfirst(cell))->subplan, position, NodePlace::sub_plan);
    const ChildPlans children = children_of(plan);
    if (children.outer &&
        !add(children.outer, state ? outerPlanState(state) : nullptr, position, NodePlace::outer))
        return false;
    if (children.inner &&
        !add(children.inner, state ? innerPlanState(state) : nullptr, position, NodePlace::inner))
        return false;
    if (children.subquery &&
        !add(children.subquery, state ? reinterpret_cast<SubqueryScanState *>(state)->subplan : nullptr,
             position, NodePlace::subquery))
        return false;
    return !children.members || add_members(children.members, state, position);
}

} // namespace

bool list_nodes(const QueryDesc *query, PlanTree &tree) {
    tree.statement = query->plannedstmt;
    tree.relations = query->estate->es_relations;
    tree.count = 0;
    const List *subplans = query->plannedstmt->subplans;
    const List *states = query->estate->es_subplanstates;
    if (list_length(subplans) > static_cast<int>(store::most_plan_nodes))
        return false;
    Listing listing(tree, list_length(subplans));
    if (!listing.add(query->plannedstmt->planTree, query->planstate, store::no_parent, NodePlace::root))
        return false;
    std::uint16_t roots[store::most_plan_nodes];
    for (int i = 0; i < listing.subplans; ++i) {
        roots[i] = static_cast<std::uint16_t>(tree.count);
        auto *state = i < list_length(states) ? static_cast<PlanState *>(list_nth(states, i)) : nullptr;
        if (!listing.add(static_cast<const Plan *>(list_nth(subplans, i)), state, store::no_parent,
                         NodePlace::loose))
            return false;
    }
    for (int i = 0; i < listing.subplans; ++i) {
        if (!list_nth(subplans, i))
            continue;
        PlanNode &root = tree.nodes[roots[i]];
        const Reference &reference = listing.references[i];
        root.number = static_cast<std::uint16_t>(i + 1);
        if (reference.subplan) {
            root.subplan = reference.subplan;
            root.parent = reference.parent;
            root.place = reference.place;
        }
    }
    return true;
}

} // namespace advisor::pg::observe
