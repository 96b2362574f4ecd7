// Local search: insert a group and make room, or ruin a part and rebuild it; the first better set is kept.
#include "core/selection/improve.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>

namespace advisor::core {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double rounding = 1e-9;
constexpr double least_bytes = 8192;
constexpr std::size_t most_work =
    5'000'000;                         // of one call, in statements looked at: the same on every machine
constexpr std::size_t few_chosen = 24; // so few that pairs of them are tried too
constexpr std::size_t none = static_cast<std::size_t>(-1);

// What a statement would cost with the group, found when the statement was in that version.
struct GroupStatement {
    std::size_t statement = 0;
    IndexBits members;
    double then = 0;
    std::uint64_t version = none;
};

// Indexes that some plan uses together.
struct Group {
    CandidateSet members;
    std::vector<GroupStatement> statements;
};

// A set with what it costs by the known plans. Each state of a statement has a version number of its own, so
// that figures can be kept as long as the statements that they rest on are in that state.
class TrialSet {
public:
    explicit TrialSet(const ImproveProblem &problem)
        : problem_(problem), there_(problem.weights.size()),
          cost_(problem.before.begin(), problem.before.end()), version_(problem.weights.size()),
          is_chosen_(problem.costs.size()) {
        for (const Candidate &candidate : problem.candidates)
            per_table_.resize(std::max(per_table_.size(), candidate.table + 1));
        for (std::size_t statement = 0; statement < cost_.size(); ++statement)
            if (is_known(statement))
                value_ += problem_.weights[statement] * cost_[statement];
    }

    const CandidateSet &chosen() const { return chosen_; }
    bool has(std::size_t candidate) const { return is_chosen_[candidate]; }
    double value() const { return value_; } // workload and writes
    std::uint64_t version(std::size_t statement) const { return version_[statement]; }
    bool is_known(std::size_t statement) const { return problem_.before[statement] >= 0; }
    double bytes_of(std::size_t candidate) const {
        return static_cast<double>(problem_.costs[candidate].budgeted_bytes());
    }
    double budget() const {
        return problem_.limits.storage_budget ? static_cast<double>(*problem_.limits.storage_budget)
                                              : infinite;
    }

    void toggle(std::size_t candidate) {
        const bool added = !is_chosen_[candidate];
        is_chosen_[candidate] = added;
        chosen_ = added ? set_with(chosen_, {candidate}) : set_without(chosen_, candidate);
        bytes_ += (added ? 1 : -1) * bytes_of(candidate);
        value_ += (added ? 1 : -1) * problem_.costs[candidate].write_cost;
        std::size_t &on_table = per_table_[problem_.candidates[candidate].table];
        on_table = added ? on_table + 1 : on_table - 1;
        for (const Served &served : problem_.served[candidate]) {
            const std::size_t statement = served.statement;
            if (!is_known(statement))
                continue;
            undo_.push_back({statement, served.position, version_[statement], cost_[statement]});
            there_[statement].set(served.position, added);
            change(statement, estimate(statement, there_[statement]), ++newest_);
        }
    }

    // Within the limits, and no statement dearer than without any index.
    bool is_sound() const { return dearer_ == 0 && bytes_ <= budget() && crowded_table() == none; }

    // A table with more new indexes than allowed.
    std::size_t crowded_table() const {
        for (const std::size_t candidate : chosen_)
            if (per_table_[problem_.candidates[candidate].table] > problem_.limits.max_indexes_per_table)
                return problem_.candidates[candidate].table;
        return none;
    }

    struct Effect {
        double saved = 0; // workload and writes
        bool sound = true;
    };

    // Of adding what is missing of the group, limits aside.
    Effect effect(Group &group) const {
        Effect effect;
        for (const std::size_t candidate : group.members)
            if (!is_chosen_[candidate])
                effect.saved -= problem_.costs[candidate].write_cost;
        for (GroupStatement &one : group.statements) {
            if (one.version != version_[one.statement]) {
                one.then = estimate(one.statement, there_[one.statement] | one.members);
                one.version = version_[one.statement];
            }
            effect.saved += problem_.weights[one.statement] * (cost_[one.statement] - one.then);
            effect.sound = effect.sound && !is_dearer(one.then, problem_.before[one.statement]);
        }
        return effect;
    }

    bool has_room_for(const CandidateSet &missing) const {
        double bytes = bytes_;
        for (const std::size_t candidate : missing) {
            const std::size_t table = problem_.candidates[candidate].table;
            const auto more = static_cast<std::size_t>(
                std::count_if(missing.begin(), missing.end(),
                              [&](std::size_t other) { return problem_.candidates[other].table == table; }));
            if (per_table_[table] + more > problem_.limits.max_indexes_per_table)
                return false;
            bytes += bytes_of(candidate);
        }
        return bytes <= budget();
    }

    // What the set would be worth less without the candidate; negative: it is better without.
    double loss(const std::vector<Served> &served_statements, double write_cost) const {
        double lost = -write_cost;
        std::ptrdiff_t dearer = 0;
        for (const Served &served : served_statements) {
            if (!is_known(served.statement))
                continue;
            IndexBits without = there_[served.statement];
            without.set(served.position, false);
            const double before = problem_.before[served.statement];
            const double now = cost_[served.statement];
            const double then = estimate(served.statement, without);
            lost += problem_.weights[served.statement] * (then - now);
            dearer += static_cast<std::ptrdiff_t>(is_dearer(then, before)) -
                      static_cast<std::ptrdiff_t>(is_dearer(now, before));
        }
        if (dearer != 0)
            return dearer > 0 ? infinite : -infinite;
        return lost;
    }

    // The statements that are dearer now.
    std::vector<std::size_t> dearer_statements() const {
        std::vector<std::size_t> statements;
        for (std::size_t statement = 0; dearer_ > 0 && statement < cost_.size(); ++statement)
            if (is_known(statement) && is_dearer(cost_[statement], problem_.before[statement]))
                statements.push_back(statement);
        return statements;
    }

    struct Mark {
        CandidateSet chosen;
        double value = 0, bytes = 0;
        std::ptrdiff_t dearer = 0;
        std::size_t undo = 0;
    };
    Mark mark() const { return {chosen_, value_, bytes_, dearer_, undo_.size()}; }

    void return_to(const Mark &mark) {
        for (; undo_.size() > mark.undo; undo_.pop_back()) {
            const Undo &last = undo_.back();
            there_[last.statement].set(last.position, !there_[last.statement].test(last.position));
            version_[last.statement] = last.version;
            cost_[last.statement] = last.cost;
        }
        for (const std::size_t candidate : chosen_) {
            is_chosen_[candidate] = false;
            --per_table_[problem_.candidates[candidate].table];
        }
        for (const std::size_t candidate : mark.chosen) {
            is_chosen_[candidate] = true;
            ++per_table_[problem_.candidates[candidate].table];
        }
        chosen_ = mark.chosen;
        value_ = mark.value;
        bytes_ = mark.bytes;
        dearer_ = mark.dearer;
    }

    bool is_better_than(const Mark &mark) const {
        return is_sound() && value_ < mark.value - rounding * std::abs(mark.value);
    }

private:
    struct Undo {
        std::size_t statement, position;
        std::uint64_t version;
        double cost;
    };

    double estimate(std::size_t statement, const IndexBits &there) const {
        return problem_.library->estimate(statement, there);
    }

    void change(std::size_t statement, double then, std::uint64_t version) {
        double &now = cost_[statement];
        value_ += problem_.weights[statement] * (then - now);
        dearer_ += static_cast<std::ptrdiff_t>(is_dearer(then, problem_.before[statement])) -
                   static_cast<std::ptrdiff_t>(is_dearer(now, problem_.before[statement]));
        now = then;
        version_[statement] = version;
    }

    const ImproveProblem &problem_;
    std::vector<IndexBits> there_;       // by statement
    std::vector<double> cost_;           // by statement, with the chosen
    std::vector<std::uint64_t> version_; // by statement
    std::uint64_t newest_ = 0;
    std::vector<bool> is_chosen_;
    CandidateSet chosen_;
    std::vector<std::size_t> per_table_;
    std::vector<Undo> undo_;
    double value_ = 0, bytes_ = 0;
    std::ptrdiff_t dearer_ = 0; // statements that got dearer
};

class LocalSearch {
public:
    LocalSearch(const ImproveProblem &problem, const CandidateSet &start)
        : problem_(problem), set_(problem), losses_(problem.costs.size()) {
        collect_groups();
        for (const std::size_t candidate : start)
            set_.toggle(candidate);
        repair();
        evict({});
        tidy();
    }

    CandidateSet run() {
        refill({});
        bool better = true;
        while (better && !is_exhausted()) {
            better = insert_groups();
            better = rebuild() || better;
        }
        return set_.chosen();
    }

private:
    // Holds as long as the statements that it rests on are in the same state.
    struct Loss {
        double lost = 0;
        std::uint64_t seen = 0;
    };

    bool is_exhausted() const { return work_ > most_work; }

    void collect_groups() {
        std::set<CandidateSet> found;
        for (std::size_t statement = 0; statement < problem_.weights.size(); ++statement)
            for (const KnownPlan &plan : problem_.library->useful_plans(statement))
                if (set_.is_known(statement) && plan.cost < problem_.before[statement]) {
                    CandidateSet group = used_by(plan, statement);
                    if (is_allowed(group))
                        found.insert(std::move(group));
                }
        for (const CandidateSet &members : found) {
            std::map<std::size_t, IndexBits> statements;
            for (const std::size_t candidate : members)
                for (const Served &served : problem_.served[candidate])
                    if (set_.is_known(served.statement))
                        statements[served.statement].set(served.position);
            Group group{members, {}};
            for (const auto &[statement, bits] : statements)
                group.statements.push_back({statement, bits});
            groups_.push_back(std::move(group));
        }
        const auto by_rank = [&](std::size_t a, std::size_t b) {
            return problem_.rank[a] < problem_.rank[b];
        };
        std::stable_sort(groups_.begin(), groups_.end(), [&](const Group &left, const Group &right) {
            CandidateSet first = left.members, second = right.members;
            std::sort(first.begin(), first.end(), by_rank);
            std::sort(second.begin(), second.end(), by_rank);
            return std::lexicographical_compare(first.begin(), first.end(), second.begin(), second.end(),
                                                by_rank);
        });
    }

    CandidateSet used_by(const KnownPlan &plan, std::size_t statement) const {
        return at_positions(problem_.relevant[statement], plan.used);
    }

    bool is_allowed(const CandidateSet &group) const {
        double bytes = 0;
        for (const std::size_t candidate : group) {
            if ((*problem_.banned)[candidate])
                return false;
            bytes += set_.bytes_of(candidate);
        }
        return !group.empty() && bytes <= set_.budget();
    }

    CandidateSet missing_of(const CandidateSet &group) const {
        CandidateSet missing;
        std::copy_if(group.begin(), group.end(), std::back_inserter(missing),
                     [&](std::size_t candidate) { return !set_.has(candidate); });
        return missing;
    }

    std::uint64_t versions_of(const std::vector<Served> &statements) {
        work_ += statements.size();
        std::uint64_t mixed = 1;
        for (const Served &one : statements) {
            mixed ^= set_.version(one.statement) + 0x9e3779b97f4a7c15U + (mixed << 6U) + (mixed >> 2U);
            mixed *= 0xff51afd7ed558ccdU;
        }
        return mixed;
    }

    double loss(std::size_t candidate) {
        const std::vector<Served> &served = problem_.served[candidate];
        Loss &known = losses_[candidate];
        if (const std::uint64_t versions = versions_of(served); known.seen != versions) {
            known.lost = set_.loss(served, problem_.costs[candidate].write_cost);
            known.seen = versions;
        }
        return known.lost;
    }

    TrialSet::Effect effect(Group &group) {
        work_ += group.statements.size();
        return set_.effect(group);
    }

    // Takes out what is worth least for its size until the limits hold.
    void evict(const CandidateSet &kept) {
        while (!set_.is_sound()) {
            const std::size_t table = set_.crowded_table();
            std::size_t least = none;
            double least_ratio = infinite;
            for (const std::size_t candidate : set_.chosen()) {
                if (has(kept, candidate) || (table != none && problem_.candidates[candidate].table != table))
                    continue;
                const double ratio = loss(candidate) / std::max(set_.bytes_of(candidate), least_bytes);
                if (least == none || ratio < least_ratio) {
                    least = candidate;
                    least_ratio = ratio;
                }
            }
            if (least == none)
                return;
            set_.toggle(least);
        }
    }

    // Takes out what brings nothing.
    void tidy() {
        while (true) {
            std::size_t least = none;
            double least_loss = rounding * std::abs(set_.value());
            for (const std::size_t candidate : set_.chosen())
                if (const double lost = loss(candidate); lost <= least_loss) {
                    least = candidate;
                    least_loss = lost;
                }
            if (least == none)
                return;
            set_.toggle(least);
        }
    }

    // Gives each statement that got dearer the indexes of the best plan that it could have beside the chosen.
    void repair() {
        for (const std::size_t statement : set_.dearer_statements()) {
            CandidateSet best;
            double best_value = set_.value();
            for (const KnownPlan &plan : problem_.library->useful_plans(statement)) {
                const CandidateSet missing = missing_of(used_by(plan, statement));
                if (missing.empty() || !is_allowed(missing))
                    continue;
                const TrialSet::Mark before = set_.mark();
                for (const std::size_t candidate : missing)
                    set_.toggle(candidate);
                if (set_.value() < best_value) {
                    best = missing;
                    best_value = set_.value();
                }
                set_.return_to(before);
            }
            for (const std::size_t candidate : best)
                set_.toggle(candidate);
        }
    }

    bool insert_groups() {
        bool any = false;
        for (Group &group : groups_) {
            const CandidateSet missing = missing_of(group.members);
            if (missing.empty() || is_exhausted() || effect(group).saved <= 0)
                continue;
            const TrialSet::Mark before = set_.mark();
            for (const std::size_t candidate : missing)
                set_.toggle(candidate);
            repair();
            evict(group.members);
            tidy();
            if (set_.is_better_than(before))
                any = true;
            else
                set_.return_to(before);
        }
        return any;
    }

    // Adds the groups that save most for their size while there is room.
    void refill(const CandidateSet &without) {
        while (!is_exhausted()) {
            const Group *best = nullptr;
            double best_ratio = 0;
            for (Group &group : groups_) {
                const TrialSet::Effect found = effect(group);
                if (found.saved <= rounding * std::abs(set_.value()) || !found.sound)
                    continue;
                const CandidateSet missing = missing_of(group.members);
                if (missing.empty() || !common(missing, without).empty() || !set_.has_room_for(missing))
                    continue;
                const double bytes = std::accumulate(
                    missing.begin(), missing.end(), 0.0,
                    [&](double sum, std::size_t candidate) { return sum + set_.bytes_of(candidate); });
                if (const double ratio = found.saved / std::max(bytes, least_bytes); ratio > best_ratio) {
                    best = &group;
                    best_ratio = ratio;
                }
            }
            if (best == nullptr)
                return;
            for (const std::size_t candidate : missing_of(best->members))
                set_.toggle(candidate);
        }
    }

    // What else could stand in the place of each one, and of each two?
    bool rebuild() {
        bool any = false;
        for (const CandidateSet &ruin : ruins()) {
            if (is_exhausted() || !includes_all(set_.chosen(), ruin))
                continue;
            const TrialSet::Mark before = set_.mark();
            for (const std::size_t candidate : ruin)
                set_.toggle(candidate);
            refill(ruin);
            tidy();
            if (set_.is_better_than(before))
                any = true;
            else
                set_.return_to(before);
        }
        return any;
    }

    std::vector<CandidateSet> ruins() const {
        const CandidateSet &chosen = set_.chosen();
        std::vector<CandidateSet> sets;
        for (const std::size_t candidate : chosen)
            sets.push_back({candidate});
        for (std::size_t i = 0; i < chosen.size() && chosen.size() <= few_chosen; ++i)
            for (std::size_t j = i + 1; j < chosen.size(); ++j)
                sets.push_back({chosen[i], chosen[j]});
        return sets;
    }

    const ImproveProblem &problem_;
    TrialSet set_;
    std::vector<Group> groups_;
    std::vector<Loss> losses_; // by candidate
    std::size_t work_ = 0;
};

} // namespace

CandidateSet improved(const ImproveProblem &problem, const CandidateSet &start) {
    return LocalSearch(problem, start).run();
}

} // namespace advisor::core
