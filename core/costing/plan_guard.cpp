// The cases in which a plan must hold.
#include "core/costing/plan_guard.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>

namespace advisor::core {

namespace {

// What counts as dearer, and what for certain: re-costing is not exact, least of all where pages are read at
// random.
constexpr double margin = 1.1, certain_margin = 1.25;
constexpr double few_rows = 5;      // one row or three make no difference
constexpr double small_error = 1.5; // of an estimate
constexpr double room = 2;          // by which the next estimate may be worse than those that were seen

double apart(double left, double right) {
    return std::max({left, right, few_rows}) / std::max(std::min(left, right), few_rows);
}

// "1,234,567"; the core's other texts for people are in rules/, which comes later in the flow.
std::string whole(double number) {
    char digits[64];
    const auto end = std::to_chars(digits, digits + sizeof digits, std::round(std::min(number, 1e15)),
                                   std::chars_format::fixed, 0);
    std::string text;
    for (const char *at = digits; at != end.ptr; ++at) {
        if (at != digits && (end.ptr - at) % 3 == 0)
            text += ',';
        text += *at;
    }
    return text;
}

class Guard {
public:
    Guard(std::span<const CostedPlan> before, std::span<const CostedPlan> after, const RecordedRows &records)
        : records_(records.by_relations()) {
        for (const CostedPlan &plan : before)
            before_.emplace_back(plan);
        for (const CostedPlan &plan : after)
            after_.emplace_back(plan);
    }

    Guarded judge() {
        correct();
        Guarded result;
        result.corrected = !worst_.empty();
        result.cost_before = cost(before_, changes_);
        result.cost_after = cost(after_, changes_);
        if (result.corrected) {
            const RecordedRows::Counted &counted = records_.at(worst_);
            result.estimate = worst_ + ": " + whole(estimates_.at(worst_)) + " rows estimated, " +
                              whole(counted.rows) + " recorded";
        }
        result.guessed = is_guessed();
        if (result.corrected && is_dearer(result.cost_after, result.cost_before)) {
            result.outcome = is_dearer(result.cost_after, result.cost_before, certain_margin)
                                 ? Guarded::Outcome::worse
                                 : Guarded::Outcome::doubtful;
            result.reason = "with the recorded rows (" + result.estimate + ") its new plan costs " +
                            whole(result.cost_after) + " instead of " + whole(result.cost_before);
        } else if (const std::optional<std::string> doubt = find_doubt()) {
            result.outcome = Guarded::Outcome::doubtful;
            result.reason = *doubt;
        }
        return result;
    }

private:
    static double cost(const std::vector<PlanShape> &shapes, const RowChanges &changes) {
        double sum = 0;
        for (const PlanShape &shape : shapes)
            sum += recost(shape, changes);
        return sum;
    }
    static bool is_dearer(double after, double before, double by = margin) { return after > before * by + 1; }

    template <class Visit>
    void each_node(Visit visit) const {
        for (const auto *shapes : {&before_, &after_})
            for (const PlanShape &shape : *shapes)
                for (std::size_t i = 0; i < shape.plan.nodes.size(); ++i)
                    if (!shape.keys[i].empty())
                        visit(shape, i);
    }

    void correct();
    bool is_guessed() const;
    std::optional<std::string> find_doubt() const;
    std::optional<std::string> doubt_of(const RowChanges &changes, const std::string &what) const;
    std::set<std::string> uncertain(bool joins) const;

    const std::map<std::string, RecordedRows::Counted> &records_;
    std::vector<PlanShape> before_, after_;
    std::map<std::string, double> estimates_; // of nodes that run once
    RowChanges changes_;
    std::string worst_; // the relations where records and estimate are furthest apart
};

// All that is known is used as soon as one estimate is contradicted.
void Guard::correct() {
    double most = contradiction;
    each_node([&](const PlanShape &shape, std::size_t node) {
        if (!shape.in_loop[node])
            estimates_.try_emplace(shape.keys[node], shape.plan.nodes[node].rows * shape.divisors[node]);
    });
    each_node([&](const PlanShape &shape, std::size_t node) {
        const std::string &key = shape.keys[node];
        const auto found = records_.find(key);
        if (found == records_.end())
            return;
        const double estimated = estimates_.try_emplace(key, found->second.estimated).first->second;
        changes_.rows[key] = {found->second.rows, found->second.rows / std::max(estimated, 1.0)};
        // Of equals the one that covers least is the cause.
        const double factor = apart(found->second.rows, estimated);
        if (factor > most || (factor == most && (worst_.empty() || key.size() < worst_.size()))) {
            most = factor;
            worst_ = key;
        }
    });
    if (worst_.empty())
        changes_.rows.clear();
}

bool Guard::is_guessed() const {
    bool guessed = false;
    each_node([&](const PlanShape &shape, std::size_t node) {
        const Doubt doubt = shape.plan.nodes[node].doubt;
        guessed = guessed || (!records_.contains(shape.keys[node]) &&
                              (doubt == Doubt::default_selectivity || doubt == Doubt::unknown_parameter));
    });
    return guessed;
}

// Relations whose rows rest on an estimate that may be far off and that nothing backs up.
std::set<std::string> Guard::uncertain(bool joins) const {
    std::set<std::string> keys;
    each_node([&](const PlanShape &shape, std::size_t node) {
        const PlanNode &here = shape.plan.nodes[node];
        const bool join = here.kind == PlanNodeKind::nested_loop || here.kind == PlanNodeKind::hash_join ||
                          here.kind == PlanNodeKind::merge_join;
        if (!records_.contains(shape.keys[node]) && (joins ? join : here.doubt != Doubt::none))
            keys.insert(shape.keys[node]);
    });
    return keys;
}

std::optional<std::string> Guard::doubt_of(const RowChanges &changes, const std::string &what) const {
    const double after = cost(after_, changes), before = cost(before_, changes);
    if (!is_dearer(after, before))
        return std::nullopt;
    return what + ", its new plan costs " + whole(after) + " instead of " + whole(before);
}

std::optional<std::string> Guard::find_doubt() const {
    const std::set<std::string> scans = uncertain(false), joins = uncertain(true);
    for (const double factor : {uncertainty, 1 / uncertainty}) {
        const std::string times = factor > 1 ? "ten times the rows" : "a tenth of the rows";
        std::set<std::string> single = scans;
        single.insert(joins.begin(), joins.end());
        for (const std::string &key : single) {
            RowChanges changes = changes_;
            changes.factors[key] = factor;
            if (auto doubt = doubt_of(changes, "if " + times + " estimated come from " + key))
                return doubt;
        }
        RowChanges all = changes_;
        for (const std::string &key : scans)
            all.factors[key] = factor;
        if (auto doubt = doubt_of(all, "if " + times + " estimated come from its tables"))
            return doubt;
        RowChanges stop = changes_;
        stop.early_stop = factor;
        if (auto doubt = doubt_of(stop, factor > 1 ? "if its scans are stopped ten times as late"
                                                   : "if its scans are stopped much earlier"))
            return doubt;
    }
    RowChanges last = changes_;
    last.wanted_last = true;
    return doubt_of(last, "if the wanted rows are the last ones in the order in which it reads");
}

} // namespace

void RecordedRows::add(const CostedPlan &plan) {
    const PlanShape shape(plan);
    std::set<std::string> seen; // what covers the same relations gives the same rows
    for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
        const PlanNode &node = plan.nodes[i];
        const std::string &key = shape.keys[i];
        if (key.empty() || node.samples <= 0 || shape.in_loop[i] || !seen.insert(key).second)
            continue;
        const bool spread = shape.divisors[i] != 1;
        const double runs = spread ? node.samples : std::max(node.actual_loops, node.samples);
        Counted &counted = counted_[key];
        const double all = counted.samples + node.samples;
        counted.rows = (counted.rows * counted.samples + node.actual_rows / runs * node.samples) / all;
        counted.estimated = node.rows * shape.divisors[i];
        counted.samples = all;
        counted.error = std::max(counted.error, apart(node.actual_rows / runs, counted.estimated));
    }
}

std::vector<AssumedEstimate> doubtful_estimates(std::span<const CostedPlan> plans,
                                                const RecordedRows &records) {
    std::vector<AssumedEstimate> found;
    for (const CostedPlan &plan : plans) {
        const PlanShape shape(plan);
        for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
            const PlanNode &node = plan.nodes[i];
            const auto counted = records.by_relations().find(node.relation);
            if (node.relation.empty() || shape.in_loop[i] || counted == records.by_relations().end())
                continue;
            const double estimated = std::max(node.rows * shape.divisors[i], 1.0);
            const double rows = std::max(counted->second.rows, 1.0);
            const double error = std::max(counted->second.error, apart(rows, estimated));
            if (error < small_error)
                continue;
            found.push_back({node.relation, rows / (room * error) / estimated});
            found.push_back({node.relation, rows * room * error / estimated});
        }
    }
    return found;
}

Guarded guard_change(std::span<const CostedPlan> before, std::span<const CostedPlan> after,
                     const RecordedRows &records) {
    return Guard(before, after, records).judge();
}

} // namespace advisor::core
