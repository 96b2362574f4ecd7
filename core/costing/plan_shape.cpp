// Which relations each node covers, and how often it runs.
#include "core/costing/recosting.h"

#include <set>

namespace advisor::core {

namespace {

using Names = std::set<std::string>;

bool is_scan(const PlanNode &node) {
    return node.kind <= PlanNodeKind::other_scan && node.kind != PlanNodeKind::bitmap_index;
}

bool is_join(const PlanNode &node) {
    return node.kind == PlanNodeKind::nested_loop || node.kind == PlanNodeKind::hash_join ||
           node.kind == PlanNodeKind::merge_join;
}

// Runs its input once, however often it is asked itself.
bool keeps_rows(const PlanNode &node) {
    return node.kind == PlanNodeKind::materialize || node.kind == PlanNodeKind::sort;
}

std::string joined(const Names &names) {
    std::string text;
    for (const std::string &name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::string key_of(const PlanNode &node, const Names &names) {
    if (names.empty())
        return "";
    if (is_scan(node) || is_join(node) || node.kind == PlanNodeKind::append)
        return joined(names);
    if (node.kind == PlanNodeKind::group && !node.partial_result)
        return "groups of " + joined(names);
    return node.kind == PlanNodeKind::filter && node.filtered ? "filtered " + joined(names) : "";
}

// Rows that meet the conditions may lie anywhere in the order in which they are read.
bool leaves_rows_out(const PlanShape &shape, std::size_t node) {
    const PlanNode &here = shape.plan.nodes[node];
    if (here.filtered || is_join(here))
        return true;
    if (keeps_rows(here) || here.kind == PlanNodeKind::group)
        return false; // reads everything first
    for (const std::size_t input : shape.inputs[node])
        if (leaves_rows_out(shape, input))
            return true;
    return false;
}

} // namespace

PlanShape::PlanShape(const CostedPlan &costed)
    : plan(costed), inputs(costed.nodes.size()), once(costed.nodes.size()), keys(costed.nodes.size()),
      in_loop(costed.nodes.size()), divisors(costed.nodes.size(), 1.0), chancy_stop(costed.nodes.size()) {
    std::vector<Names> names(plan.nodes.size());
    std::vector<bool> partial(plan.nodes.size());
    for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
        const PlanNode &node = plan.nodes[i];
        in_loop[i] = node.role == NodeRole::repeated;
        if (node.parent >= i)
            continue;
        if (node.role == NodeRole::once)
            once[node.parent].push_back(i);
        if (node.role != NodeRole::input)
            continue;
        inputs[node.parent].push_back(i);
        const PlanNode &parent = plan.nodes[node.parent];
        const bool inner = parent.kind == PlanNodeKind::nested_loop && inputs[node.parent].size() == 2;
        in_loop[i] = (in_loop[node.parent] && !keeps_rows(parent)) || (inner && !keeps_rows(node));
        divisors[i] = divisors[node.parent] * (parent.kind == PlanNodeKind::gather ? parent.divisor : 1);
    }
    for (std::size_t i = plan.nodes.size(); i-- > 0;) {
        const PlanNode &node = plan.nodes[i];
        if (is_scan(node) && !node.relation.empty())
            names[i].insert(node.relation);
        partial[i] = partial[i] || node.partial;
        keys[i] = key_of(node, names[i]);
        if (!partial[i])
            divisors[i] = 1;
        if (node.kind == PlanNodeKind::limit)
            chancy_stop[i] = !inputs[i].empty() && leaves_rows_out(*this, inputs[i].front());
        if (node.parent >= i || node.role != NodeRole::input)
            continue;
        names[node.parent].insert(names[i].begin(), names[i].end());
        if (plan.nodes[node.parent].kind != PlanNodeKind::gather && partial[i])
            partial[node.parent] = true;
    }
}

} // namespace advisor::core
