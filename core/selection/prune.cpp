// Takes out again what later choices made useless, and what turned out to do harm.
#include "core/selection/search.h"

#include <algorithm>
#include <utility>

namespace advisor::core {

namespace {

constexpr double much_smaller = 0.75; // of the size

} // namespace

// True when something was taken out.
bool Search::prune() {
    bool any = false;
    while (true) {
        cache_.poll();
        std::optional<std::size_t> worst;
        double worst_net = 0;
        Removal worst_removal;
        for (const std::size_t candidate : state_.sequence) {
            const Removal without = removal(candidate);
            const double net = without.loss - index_costs_[candidate].write_cost;
            if (without.needed && net >= least_gain())
                continue;
            if (!worst || net < worst_net) {
                worst = candidate;
                worst_net = net;
                worst_removal = without;
            }
        }
        if (!worst)
            return any;
        any = true;
        const bool writes = worst_removal.needed && worst_removal.loss >= least_gain();
        drop(*worst, writes ? Verdict::write_cost : Verdict::too_little_gain, worst_removal.loss,
             writes ? "keeping it up to date costs about as much as it saves, or more"
                    : "beside the other chosen indexes it saves too little");
    }
}

// Indexes that begin with the same keys, have no others, and are a good deal smaller; smallest first.
std::vector<std::size_t> Search::narrower(std::size_t candidate) const {
    const IndexDefinition &wide = candidates_[candidate].definition;
    std::vector<std::size_t> found;
    for (std::size_t other = 0; other < candidates_.size(); ++other) {
        const IndexDefinition &definition = candidates_[other].definition;
        if (candidates_[other].table == candidates_[candidate].table && definition.method == wide.method &&
            definition.predicate == wide.predicate && definition.keys.size() <= wide.keys.size() &&
            std::equal(definition.keys.begin(), definition.keys.end(), wide.keys.begin()) &&
            bytes({other}) <= much_smaller * bytes({candidate}) && !refused_[other] &&
            !has(state_.chosen, other))
            found.push_back(other);
    }
    std::sort(found.begin(), found.end(), [&](std::size_t left, std::size_t right) {
        return std::pair(bytes({left}), rank_[left]) < std::pair(bytes({right}), rank_[right]);
    });
    return found;
}

// Takes smaller indexes where the big ones gain little more.
void Search::narrow() {
    if (limits_.thrift <= 0)
        return;
    const std::vector<std::size_t> sequence = state_.sequence;
    for (const std::size_t candidate : sequence) {
        const double gain = removal(candidate).loss;
        for (const std::size_t smaller : narrower(candidate)) {
            if (cache_.stopped())
                return;
            const CandidateSet set = set_with(set_without(state_.chosen, candidate), {smaller});
            double lost = write_cost({smaller}) - write_cost({candidate});
            bool sound = true;
            for (const std::size_t statement : served_by({candidate, smaller}))
                if (const StatementCost *then = cost(statement, set)) {
                    lost += weights_[statement] * (then->cost - state_.current[statement]);
                    // Else the next search would ask for the wide one again.
                    sound = sound && !is_dearer(then->cost, before_[statement]) &&
                            state_.current[statement] > (1 - limits_.min_saving) * then->cost;
                }
            if (!sound || lost > limits_.thrift * gain)
                continue;
            std::replace(state_.sequence.begin(), state_.sequence.end(), candidate, smaller);
            state_.chosen = set;
            refresh_current(set_with({candidate}, {smaller}));
            judge(candidate, Verdict::too_little_gain, lost, "a smaller index gains nearly as much");
            judge(smaller, Verdict::chosen, gain - lost, "chosen");
            break;
        }
    }
    clean_up();
}

// An index is needed when some statement at least halves its cost and this index has its part in that.
Search::Removal Search::removal(std::size_t candidate) {
    Removal result;
    const CandidateSet without = set_without(state_.chosen, candidate);
    for (const std::size_t statement : served_by({candidate})) {
        const StatementCost *now = cost(statement, state_.chosen);
        if (now == nullptr)
            return {write_cost({candidate}) + least_gain(), true}; // not known to be useless
        if (!has(now->used, candidate))
            continue;
        const double cost_now = now->cost;
        const double part = limits_.min_saving / static_cast<double>(now->used.size());
        const StatementCost *then = cost(statement, without);
        if (then == nullptr)
            return {write_cost({candidate}) + least_gain(), true};
        result.loss += weights_[statement] * (then->cost - cost_now);
        result.needed = result.needed || (cost_now <= (1 - limits_.min_saving) * before_[statement] &&
                                          then->cost - cost_now >= part * then->cost);
    }
    return result;
}

// The one without which the workload loses least.
std::size_t Search::least_missed(const CandidateSet &set) {
    std::size_t least = set.front();
    double least_loss = removal(least).loss;
    for (const std::size_t candidate : set)
        if (const double loss = removal(candidate).loss; loss < least_loss) {
            least = candidate;
            least_loss = loss;
        }
    return least;
}

// The last word: every statement on a table that gets an index, with all of them there.
bool Search::drop_harmful() {
    for (const std::size_t statement : order_) {
        if (before_[statement] < 0)
            continue;
        const CandidateSet there = on_tables_of(statement, state_.chosen);
        const StatementCost *now = there.empty() ? nullptr : cache_.cost(statement, there);
        if (now == nullptr || !is_dearer(now->cost, before_[statement]) || now->used.empty())
            continue;
        const std::size_t least = least_missed(CandidateSet(now->used));
        drop(least, Verdict::makes_worse, removal(least).loss, "with it the plan of a statement gets dearer");
        return true;
    }
    return drop_refused();
}

void Search::drop(std::size_t candidate, Verdict verdict, double gain, std::string reason) {
    state_.chosen = set_without(state_.chosen, candidate);
    std::erase(state_.sequence, candidate);
    state_.banned[candidate] = true;
    refresh_current({candidate});
    judge(candidate, verdict, gain, std::move(reason));
}

} // namespace advisor::core
