// Slices of time, put together to what was before and what came after a change.
#include "pg_ext/advice/periods.h"

#include "pg_ext/boundary.h"
#include "pg_ext/plan_text.h"
#include "pg_ext/store/latency.h"

#include <algorithm>
#include <map>

namespace advisor::pg {
namespace {

using store::NodeKind;

constexpr TimestampTz hour = TimestampTz{3600} * 1000 * 1000;
constexpr double least_control_calls = 20; // in each period

struct Collected {
    StatementPeriods periods;
    bool touches = false;
    double before_found = 0, after_found = 0; // sums over executions whose plan tells
    double before_known = 0, after_known = 0;
};

template <class Value>
bool holds(const std::vector<Value> &values, const Value &wanted) {
    return std::find(values.begin(), values.end(), wanted) != values.end();
}

bool reads_index(const IndexChange &change, const std::vector<ReadNode> &nodes) {
    return std::any_of(nodes.begin(), nodes.end(), [&](const ReadNode &node) {
        if (node.record.index != 0 && holds(change.indexes, Oid{node.record.index}))
            return true;
        return node.index == change.name && (node.schema.empty() || node.schema == change.schema);
    });
}

bool gives_found_rows(NodeKind kind) {
    switch (kind) {
    case NodeKind::append:
    case NodeKind::merge_append:
    case NodeKind::nested_loop:
    case NodeKind::merge_join:
    case NodeKind::hash_join:
    case NodeKind::seq_scan:
    case NodeKind::index_scan:
    case NodeKind::index_only_scan:
    case NodeKind::bitmap_heap_scan: return true;
    default: return false;
    }
}

// The topmost scan or join covers all relations: whatever the plan, it gives the same rows for the same
// parameters.
std::optional<double> found_rows(const RecordedPlan &plan) {
    const auto top = std::find_if(plan.nodes.begin(), plan.nodes.end(),
                                  [](const auto &node) { return gives_found_rows(node.kind); });
    if (top == plan.nodes.end() || top->samples == 0)
        return std::nullopt;
    const auto per_loop = rows_per_loop(*top);
    return per_loop ? std::optional(*per_loop * top->loops / static_cast<double>(top->samples))
                    : std::nullopt;
}

bool is_before(const IndexChange &change, const RecordedSlice &slice, TimestampTz since) {
    if (slice.from < since || slice.from >= change.changed)
        return false;
    return change.exact || slice.from + hour <= change.changed;
}

bool is_after(const IndexChange &change, const RecordedSlice &slice, bool with_index) {
    return slice.from >= change.settled && (slice.from < change.until || with_index);
}

void add(Period &period, const RecordedSlice &slice) {
    core::Executions &executions = period.executions;
    executions.calls += static_cast<double>(slice.calls);
    executions.total_ms += slice.total_ms;
    executions.sum_squares_ms += slice.sum_squares_ms;
    executions.histogram.resize(std::max(executions.histogram.size(), slice.histogram.size()));
    for (std::size_t i = 0; i < slice.histogram.size(); ++i)
        executions.histogram[i] += slice.histogram[i];
    period.rows += static_cast<double>(slice.rows);
    period.blocks += static_cast<double>(slice.blocks);
    period.wal_bytes += static_cast<double>(slice.wal_bytes);
}

void add_plan(Period &period, std::int64_t planid, double calls) {
    const auto known = std::find_if(period.plans.begin(), period.plans.end(),
                                    [=](const PlanShare &share) { return share.planid == planid; });
    if (known != period.plans.end())
        known->calls += calls;
    else
        period.plans.push_back({planid, calls});
}

void collect_plan(const IndexChange &change, const RecordedStatement &statement, const RecordedPlan &plan,
                  TimestampTz since, Collected &to) {
    const bool with_index = to.touches && reads_index(change, read_nodes(plan, statement.database));
    const auto found = found_rows(plan);
    for (const RecordedSlice &slice : plan.slices) {
        const bool before = is_before(change, slice, since);
        if (slice.calls == 0 || (!before && !is_after(change, slice, with_index)))
            continue;
        const auto calls = static_cast<double>(slice.calls);
        Period &period = before ? to.periods.before : to.periods.after;
        add(period, slice);
        add_plan(period, plan.planid, calls);
        if (with_index)
            period.index_calls += calls;
        if (found) {
            (before ? to.before_found : to.after_found) += *found * calls;
            (before ? to.before_known : to.after_known) += calls;
        }
    }
}

bool concerns(const IndexChange &change, const store::NodeRecord &node) {
    return node.relation != 0 && holds(change.relations, Oid{node.relation});
}

bool inserts_rows(const store::NodeRecord &node) {
    return node.kind == NodeKind::modify_table &&
           static_cast<store::Modification>(node.variant) == store::Modification::insert;
}

// Where hardly anything ran between two changes, the time before both is what the second is compared with.
TimestampTz beginning(const IndexChange &change, const RecordedStatement &statement) {
    constexpr std::int64_t enough = 5;
    std::int64_t calls = 0;
    for (const RecordedPlan &plan : statement.plans)
        for (const RecordedSlice &slice : plan.slices)
            if (is_before(change, slice, change.since))
                calls += slice.calls;
    return calls >= enough ? change.since : DT_NOBEGIN;
}

void collect(const IndexChange &change, const RecordedStatement &statement, Collected &to) {
    to.periods.queryid = statement.queryid;
    for (const Oid relation : statement.relations)
        to.touches = to.touches || holds(change.relations, relation);
    for (const RecordedPlan &plan : statement.plans)
        for (const store::NodeRecord &node : plan.nodes) {
            if (!concerns(change, node))
                continue;
            to.touches = true;
            to.periods.writes = to.periods.writes || node.kind == NodeKind::modify_table;
            to.periods.inserts = to.periods.inserts || inserts_rows(node);
        }
    const TimestampTz since = beginning(change, statement);
    for (const RecordedPlan &plan : statement.plans)
        collect_plan(change, statement, plan, since, to);
}

void finish(Period &period, double found, double known) {
    const core::Executions &executions = period.executions;
    if (executions.calls <= 0)
        return;
    std::stable_sort(period.plans.begin(), period.plans.end(),
                     [](const PlanShare &a, const PlanShare &b) { return a.calls > b.calls; });
    if (known >= 0.9 * executions.calls)
        period.found_rows = found / known;
    constexpr double longest = 1e12;
    period.p95_ms = store::latency_quantile(executions.histogram, 0.95, 0, longest);
}

bool same_plans(const StatementPeriods &statement) {
    const auto in = [](const Period &period, std::int64_t planid) {
        return std::any_of(period.plans.begin(), period.plans.end(),
                           [=](const PlanShare &share) { return share.planid == planid; });
    };
    const auto all_in = [&](const Period &one, const Period &other) {
        return std::all_of(one.plans.begin(), one.plans.end(),
                           [&](const PlanShare &share) { return in(other, share.planid); });
    };
    return all_in(statement.before, statement.after) && all_in(statement.after, statement.before);
}

// A statement that does not write to the table and kept its plans does what it did.
bool is_control(const StatementPeriods &statement) {
    return !statement.writes && statement.before.executions.calls >= least_control_calls &&
           statement.after.executions.calls >= least_control_calls && same_plans(statement);
}

} // namespace

std::vector<double> latency_bounds() {
    std::vector<double> bounds;
    for (std::uint32_t bucket = 0; bucket <= store::histogram_buckets; ++bucket)
        bounds.push_back(store::start_of_bucket(bucket));
    return bounds;
}

PeriodsAround periods_around(const IndexChange &change) {
    std::map<std::int64_t, Collected> collected; // of all roles that ran it
    for (const RecordedStatement &statement : read_statements(MyDatabaseId)) {
        if (!statement.utility)
            collect(change, statement, collected[statement.queryid]);
        poll_interrupts();
    }
    const std::vector<double> bounds = latency_bounds();
    PeriodsAround result;
    std::vector<double> control_ratios;
    for (auto &[queryid, one] : collected) {
        finish(one.periods.before, one.before_found, one.before_known);
        finish(one.periods.after, one.after_found, one.after_known);
        if (is_control(one.periods))
            control_ratios.push_back(core::log_mean(one.periods.after.executions, bounds) -
                                     core::log_mean(one.periods.before.executions, bounds));
        if (one.touches && one.periods.before.executions.calls + one.periods.after.executions.calls > 0)
            result.statements.push_back(std::move(one.periods));
    }
    result.drift = core::drift_of(std::move(control_ratios));
    return result;
}

} // namespace advisor::pg
