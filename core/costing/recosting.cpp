// Costs of a plan's nodes from the bottom up, with changed numbers of rows.
#include "core/costing/recosting.h"

#include "core/costing/scan_work.h"

#include <algorithm>
#include <cmath>

namespace advisor::core {

namespace {

constexpr double page_bytes = 8192;
constexpr double row_header_bytes = 24;

struct NodeCost {
    double startup = 0, total = 0, rows = 0;
};

double ratio(double now, double planned) {
    return now / std::max(planned, 1e-9);
}

double growth(double now, double planned) {
    return std::max(now, 1.0) / std::max(planned, 1.0);
}

class Recosting {
public:
    Recosting(const PlanShape &shape, const RowChanges &changes)
        : shape_(shape), changes_(changes), units_(shape.plan.units) {}

    double total() const {
        double sum = 0;
        for (std::size_t i = 0; i < shape_.plan.nodes.size(); ++i)
            if (shape_.plan.nodes[i].parent == no_node && at(i).role == NodeRole::input)
                sum += cost(i, std::nullopt, 1).total;
        return sum;
    }

private:
    using Rows = std::optional<double>;

    const PlanNode &at(std::size_t node) const { return shape_.plan.nodes[node]; }
    NodeCost cost(std::size_t node, Rows rows, double loops) const;
    NodeCost without_once(std::size_t node, const PlanNode &planned, Rows rows, double loops) const;
    NodeCost scan(std::size_t node, const PlanNode &planned, Rows rows, double loops) const;
    NodeCost nested_loop(std::size_t node, const PlanNode &planned, Rows rows, double loops) const;
    NodeCost hash_join(std::size_t node, const PlanNode &planned, Rows rows, double loops) const;
    NodeCost merge_join(std::size_t node, const PlanNode &planned, Rows rows, double loops) const;
    NodeCost sort(std::size_t node, const PlanNode &planned, double loops) const;
    NodeCost limit(std::size_t node, const PlanNode &planned, double loops) const;
    NodeCost others(std::size_t node, const PlanNode &planned, Rows rows, double loops) const;
    double loop_rest(std::size_t node, double planned_rest, const NodeCost &outer,
                     const NodeCost &inner) const;
    Rows known(std::size_t node) const;
    double factor(std::size_t node) const;
    double joined_rows(std::size_t node, Rows rows, const NodeCost &outer, const NodeCost &inner) const;
    double spill(double rows, double width) const;
    double log_of_sort(std::size_t node, double rows) const;

    const PlanShape &shape_;
    const RowChanges &changes_;
    const CostUnits &units_;
};

// Rows of one run, where they are known for the relations that the node covers.
Recosting::Rows Recosting::known(std::size_t node) const {
    const auto found = changes_.rows.find(shape_.keys[node]);
    if (found == changes_.rows.end() || shape_.in_loop[node])
        return std::nullopt;
    return found->second.rows / shape_.divisors[node];
}

double Recosting::factor(std::size_t node) const {
    const auto found = changes_.factors.find(shape_.keys[node]);
    return found == changes_.factors.end() ? 1 : found->second;
}

NodeCost Recosting::cost(std::size_t node, Rows rows, double loops) const {
    PlanNode planned = at(node);
    double once_planned = 0, once_now = 0;
    for (const std::size_t plan : shape_.once[node]) {
        once_planned += at(plan).total_cost;
        once_now += cost(plan, std::nullopt, 1).total;
    }
    planned.startup_cost = std::max(0.0, planned.startup_cost - once_planned);
    planned.total_cost = std::max(0.0, planned.total_cost - once_planned);
    NodeCost result = without_once(node, planned, rows, loops);
    result.startup += once_now;
    result.total += once_now;
    return result;
}

NodeCost Recosting::without_once(std::size_t node, const PlanNode &planned, Rows rows, double loops) const {
    switch (planned.kind) {
    case PlanNodeKind::seq_scan:
    case PlanNodeKind::index_scan:
    case PlanNodeKind::index_only_scan:
    case PlanNodeKind::bitmap_heap_scan:
    case PlanNodeKind::bitmap_index:
    case PlanNodeKind::other_scan: return scan(node, planned, rows, loops);
    case PlanNodeKind::nested_loop: return nested_loop(node, planned, rows, loops);
    case PlanNodeKind::hash_join: return hash_join(node, planned, rows, loops);
    case PlanNodeKind::merge_join: return merge_join(node, planned, rows, loops);
    case PlanNodeKind::sort: return sort(node, planned, loops);
    case PlanNodeKind::limit: return limit(node, planned, loops);
    case PlanNodeKind::materialize:
    case PlanNodeKind::memoize:
    case PlanNodeKind::group:
    case PlanNodeKind::append:
    case PlanNodeKind::gather:
    case PlanNodeKind::filter:
    case PlanNodeKind::pass:
    case PlanNodeKind::other: break;
    }
    return others(node, planned, rows, loops);
}

// Rows that the filter drops were fetched as well: the index conditions have selected so many at least.
NodeCost Recosting::scan(std::size_t node, const PlanNode &planned, Rows rows, double loops) const {
    double now = rows.value_or(known(node).value_or(planned.rows));
    if (const auto found = changes_.rows.find(shape_.keys[node]);
        !rows && shape_.in_loop[node] && found != changes_.rows.end())
        now = planned.rows * found->second.ratio;
    now *= rows ? 1 : factor(node);
    NodeCost result{planned.startup_cost, planned.total_cost, now};
    if (planned.kind == PlanNodeKind::seq_scan)
        return result;
    double change;
    if (planned.kind == PlanNodeKind::other_scan || planned.kind == PlanNodeKind::bitmap_index) {
        change = growth(now, planned.rows);
    } else {
        const double fetched = std::max(planned.scan.fetched, planned.rows);
        double fetched_now = planned.filtered ? std::max(fetched * std::max(factor(node), 1.0), now) : now;
        if (planned.scan.table_rows > 0)
            fetched_now = std::min(fetched_now, std::max(planned.scan.table_rows, fetched));
        const double each_now = scan_work(planned, loops, fetched_now, units_) / std::max(loops, 1e-9);
        const double spread = std::max(planned.scan.loops, 1.0);
        change = ratio(each_now, scan_work(planned, spread, fetched, units_) / spread);
    }
    result.total *= change;
    result.startup = std::min(result.startup, result.total);
    return result;
}

double Recosting::joined_rows(std::size_t node, Rows rows, const NodeCost &outer,
                              const NodeCost &inner) const {
    const PlanNode &planned = at(node);
    if (rows)
        return *rows;
    if (const Rows seen = known(node))
        return *seen * factor(node);
    const PlanNode &outer_planned = at(shape_.inputs[node][0]), &inner_planned = at(shape_.inputs[node][1]);
    double now = planned.rows * ratio(outer.rows, outer_planned.rows) * factor(node);
    if (!planned.matches_only)
        now *= ratio(inner.rows, inner_planned.rows);
    return planned.unique_inner || planned.matches_only ? std::min(now, std::max(outer.rows, planned.rows))
                                                        : now;
}

// The rows that the join is known to give are those that the inner side gave for each outer row.
NodeCost Recosting::nested_loop(std::size_t node, const PlanNode &planned, Rows rows, double loops) const {
    const std::size_t outer_node = shape_.inputs[node][0], inner_node = shape_.inputs[node][1];
    const NodeCost outer = cost(outer_node, std::nullopt, loops);
    const double inner_loops = loops * outer.rows;
    NodeCost inner = cost(inner_node, std::nullopt, inner_loops);
    const double now = joined_rows(node, rows, outer, inner);
    const bool told = rows || known(node) || factor(node) != 1;
    if (told && !planned.filtered && !planned.matches_only && shape_.in_loop[inner_node] && outer.rows > 0)
        inner = cost(inner_node, now / outer.rows, inner_loops);
    const double rest = std::max(0.0, planned.total_cost - at(outer_node).total_cost);
    NodeCost result;
    result.rows = now;
    result.total = outer.total + loop_rest(node, rest, outer, inner);
    const double own_startup = std::max(0.0, planned.startup_cost - at(outer_node).startup_cost);
    result.startup = std::min(result.total, outer.startup + own_startup);
    return result;
}

double Recosting::loop_rest(std::size_t node, double planned_rest, const NodeCost &outer,
                            const NodeCost &inner) const {
    const PlanNode &inner_planned = at(shape_.inputs[node][1]);
    const double outer_planned = std::max(at(shape_.inputs[node][0]).rows, 1.0);
    if (shape_.in_loop[shape_.inputs[node][1]])
        return planned_rest * ratio(outer.rows * inner.total, outer_planned * inner_planned.total_cost);
    double rescan = units_.cpu_operator * inner_planned.rows;
    if (outer_planned > 1)
        rescan = std::max(rescan, (planned_rest - inner_planned.total_cost) / (outer_planned - 1));
    return inner.total + std::max(0.0, outer.rows - 1) * rescan * ratio(inner.rows, inner_planned.rows);
}

// Written once and read once.
double Recosting::spill(double rows, double width) const {
    const double bytes = rows * (width + row_header_bytes);
    return bytes > units_.sort_memory ? 2 * bytes / page_bytes * units_.seq_page : 0;
}

NodeCost Recosting::hash_join(std::size_t node, const PlanNode &planned, Rows rows, double loops) const {
    const PlanNode &outer_planned = at(shape_.inputs[node][0]), &inner_planned = at(shape_.inputs[node][1]);
    const NodeCost outer = cost(shape_.inputs[node][0], std::nullopt, loops);
    const NodeCost inner = cost(shape_.inputs[node][1], std::nullopt, loops);
    NodeCost result;
    result.rows = joined_rows(node, rows, outer, inner);
    const auto batches = [&](double outer_rows, double inner_rows) {
        const double built = spill(inner_rows, inner_planned.width);
        return built > 0 ? built + 2 * outer_rows * (outer_planned.width + row_header_bytes) / page_bytes *
                                       units_.seq_page
                         : 0;
    };
    const double spilled = batches(outer_planned.rows, inner_planned.rows);
    const double own =
        std::max(0.0, planned.total_cost - outer_planned.total_cost - inner_planned.total_cost - spilled);
    const double work = outer_planned.rows + inner_planned.rows + planned.rows;
    const double own_now =
        own * growth(outer.rows + inner.rows + result.rows, work) + batches(outer.rows, inner.rows);
    result.total = outer.total + inner.total + own_now;
    result.startup =
        outer.startup + inner.total + own_now * ratio(inner.rows, outer.rows + inner.rows + result.rows);
    result.startup = std::min(result.startup, result.total);
    return result;
}

// Where the cost is below that of both inputs, the planner expects that one of them is not read to its end.
NodeCost Recosting::merge_join(std::size_t node, const PlanNode &planned, Rows rows, double loops) const {
    const PlanNode &outer_planned = at(shape_.inputs[node][0]), &inner_planned = at(shape_.inputs[node][1]);
    const NodeCost outer = cost(shape_.inputs[node][0], std::nullopt, loops);
    const NodeCost inner = cost(shape_.inputs[node][1], std::nullopt, loops);
    NodeCost result;
    result.rows = joined_rows(node, rows, outer, inner);
    const double both = outer_planned.total_cost + inner_planned.total_cost;
    const double work = outer_planned.rows + inner_planned.rows + planned.rows;
    const double least_own = planned.rows * units_.cpu_tuple;
    const double read = std::clamp(ratio(planned.total_cost - least_own, both), 0.0, 1.0);
    const double read_now = read < 0.99 ? std::min(1.0, read * changes_.early_stop) : read;
    const double own = std::max(0.0, planned.total_cost - read * both);
    result.total =
        read_now * (outer.total + inner.total) + own * growth(outer.rows + inner.rows + result.rows, work);
    result.startup = result.total * std::min(1.0, ratio(planned.startup_cost, planned.total_cost));
    return result;
}

double Recosting::log_of_sort(std::size_t node, double rows) const {
    const PlanNode &sort = at(node);
    double kept = std::max(rows, 2.0);
    if (sort.parent != no_node && at(sort.parent).kind == PlanNodeKind::limit && at(sort.parent).limit)
        kept = std::min(kept, std::max(2 * *at(sort.parent).limit, 2.0));
    return std::log2(kept);
}

NodeCost Recosting::sort(std::size_t node, const PlanNode &planned, double loops) const {
    const std::size_t input = shape_.inputs[node].empty() ? node : shape_.inputs[node].front();
    if (input == node)
        return {planned.startup_cost, planned.total_cost, planned.rows};
    const PlanNode &input_planned = at(input);
    const NodeCost in = cost(input, std::nullopt, loops);
    const double spilled = spill(input_planned.rows, planned.width);
    const double own = std::max(0.0, planned.total_cost - input_planned.total_cost - spilled);
    const double work = std::max(input_planned.rows, 2.0) * log_of_sort(node, input_planned.rows);
    const double work_now = std::max(in.rows, 2.0) * log_of_sort(node, in.rows);
    NodeCost result;
    result.rows = in.rows;
    result.total =
        in.total + own * work_now / work + (spilled > 0 || own > 0 ? spill(in.rows, planned.width) : 0);
    result.startup = std::max(0.0, result.total - in.rows * units_.cpu_operator);
    if (planned.startup_cost <
        input_planned.total_cost) // an incremental one gives rows before it has read all
        result.startup = result.total * ratio(planned.startup_cost, planned.total_cost);
    return result;
}

NodeCost Recosting::limit(std::size_t node, const PlanNode &planned, double loops) const {
    if (shape_.inputs[node].empty())
        return {planned.startup_cost, planned.total_cost, planned.rows};
    const PlanNode &input_planned = at(shape_.inputs[node].front());
    const NodeCost in = cost(shape_.inputs[node].front(), std::nullopt, loops);
    double wanted = in.rows;
    if (planned.limit)
        wanted = *planned.limit;
    else if (planned.rows < input_planned.rows * 0.999)
        wanted = planned.rows;
    double read = in.rows <= wanted ? 1 : ratio(wanted, in.rows);
    if (read < 1 && shape_.chancy_stop[node])
        read = changes_.wanted_last ? 1 : std::min(1.0, read * changes_.early_stop);
    return {in.startup, in.startup + (in.total - in.startup) * read, std::min(wanted, in.rows)};
}

NodeCost Recosting::others(std::size_t node, const PlanNode &planned, Rows rows, double loops) const {
    double in_planned = 0, in_now = 0, cost_planned = 0, change = 1;
    NodeCost result;
    for (const std::size_t input : shape_.inputs[node]) {
        const bool passes = planned.kind != PlanNodeKind::group && planned.kind != PlanNodeKind::append;
        const NodeCost in = cost(input, passes ? rows : std::nullopt, loops);
        result.total += in.total;
        in_now += in.rows;
        in_planned += at(input).rows;
        cost_planned += at(input).total_cost;
    }
    if (!shape_.inputs[node].empty())
        change = growth(in_now, in_planned);
    const double own = std::max(0.0, planned.total_cost - cost_planned);
    double fixed = 0; // starting workers
    if (planned.kind == PlanNodeKind::gather && !shape_.inputs[node].empty())
        fixed = std::clamp(planned.startup_cost - at(shape_.inputs[node].front()).startup_cost, 0.0, own);
    result.total += fixed + (own - fixed) * change;
    result.startup = result.total * std::min(1.0, ratio(planned.startup_cost, planned.total_cost));
    if (planned.kind == PlanNodeKind::group)
        result.rows = std::min(planned.rows, std::max(in_now, 1.0));
    else
        result.rows = shape_.inputs[node].empty() ? planned.rows : planned.rows * ratio(in_now, in_planned);
    result.rows = known(node).value_or(result.rows) * factor(node);
    return result;
}

} // namespace

double recost(const PlanShape &shape, const RowChanges &changes) {
    return Recosting(shape, changes).total();
}

} // namespace advisor::core
