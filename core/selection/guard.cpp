// The guard: plans that change must hold with the rows that were recorded, or the index is refused. Where
// only doubt is left, the advice says so.
#include "core/selection/search.h"

#include <algorithm>
#include <utility>

namespace advisor::core {

namespace {

constexpr std::size_t most_relatives = 20; // that are asked about when an index is refused

std::string refusal(const Statement &statement, const Guarded &guarded) {
    return "it would make statement " + std::to_string(statement.id) + " slower: " + guarded.reason;
}

} // namespace

// None: nothing is known against the plan.
std::optional<Guarded> Search::recheck(std::size_t statement, const CandidateSet &set) {
    if (set.empty() || !model_.can_recheck())
        return std::nullopt;
    cache_.poll();
    if (limits_.out_of_time != nullptr && limits_.out_of_time()) {
        Guarded unknown;
        unknown.outcome = Guarded::Outcome::doubtful;
        unknown.reason = "time ran out before its new plan was checked";
        return unknown;
    }
    return model_.recheck(statement, set);
}

// True when an index was taken out. A plan uses the same indexes however many others there are.
bool Search::drop_refused() {
    for (const std::size_t statement : order_) {
        if (before_[statement] < 0 || !model_.has_records(statement))
            continue;
        const CandidateSet there = on_tables_of(statement, state_.chosen);
        const StatementCost *now = there.empty() ? nullptr : cache_.cost(statement, there);
        if (now == nullptr || now->used.empty())
            continue;
        const CandidateSet used = now->used;
        const std::optional<Guarded> guarded = recheck(statement, used);
        if (!guarded || guarded->outcome != Guarded::Outcome::worse)
            continue;
        const std::size_t refused = culprit(statement, there, used);
        refuse(refused, statement, refusal(statements_[statement], *guarded));
        refuse_relatives(statement, refused, set_without(used, refused));
        return true;
    }
    return drop_flipping() || drop_overrated();
}

void Search::refuse(std::size_t candidate, std::size_t statement, const std::string &reason) {
    refused_[candidate] = true;
    drop(candidate, Verdict::makes_worse, removal(candidate).loss, reason);
    state_.verdicts[candidate].statement = statement;
    // What was of no use beside it may be the next best.
    for (std::size_t other = 0; other < candidates_.size(); ++other)
        if (state_.verdicts[other].verdict != Verdict::makes_worse)
            state_.banned[other] = refused_[other];
}

// An index may do harm for parameters that were not recorded, though no recorded plan uses it.
bool Search::drop_flipping() {
    for (const std::size_t statement : order_) {
        if (before_[statement] < 0 || !model_.has_records(statement))
            continue;
        const CandidateSet there = on_tables_of(statement, state_.chosen);
        cache_.poll();
        if (there.empty() || (limits_.out_of_time != nullptr && limits_.out_of_time()))
            continue;
        const std::optional<PlanFlip> flip = model_.find_flip(statement, there);
        if (!flip)
            continue;
        refuse(least_missed(flip->used), statement,
               "it would make statement " + std::to_string(statements_[statement].id) +
                   " slower for other parameters: " + flip->reason);
        return true;
    }
    return false;
}

// With the recorded rows, no statement that it helps saves as much as is asked for.
bool Search::drop_overrated() {
    for (const std::size_t candidate : state_.sequence) {
        bool used = false, worth = false;
        for (const std::size_t statement : served_by({candidate})) {
            if (worth || !model_.has_records(statement)) {
                worth = true;
                break;
            }
            const StatementCost *now = cache_.cost(statement, on_tables_of(statement, state_.chosen));
            if (now == nullptr || !has(now->used, candidate))
                continue;
            used = true;
            const std::optional<Guarded> guarded = recheck(statement, CandidateSet(now->used));
            worth = !guarded || !guarded->corrected ||
                    guarded->cost_after <= (1 - limits_.min_saving) * guarded->cost_before;
        }
        if (!used || worth)
            continue;
        refused_[candidate] = true;
        drop(candidate, Verdict::too_little_gain, removal(candidate).loss,
             "with the recorded rows it saves too small a share of the cost of each statement");
        return true;
    }
    return false;
}

// The index without which the statement is well; of several, the one that is missed least.
std::size_t Search::culprit(std::size_t statement, const CandidateSet &there, const CandidateSet &used) {
    std::vector<std::pair<double, std::size_t>> by_loss;
    for (const std::size_t candidate : used)
        by_loss.emplace_back(removal(candidate).loss, candidate);
    std::sort(by_loss.begin(), by_loss.end());
    for (const auto &[loss, candidate] : by_loss) {
        const StatementCost *without = cache_.cost(statement, set_without(there, candidate));
        if (without == nullptr)
            continue;
        const std::optional<Guarded> guarded = recheck(statement, CandidateSet(without->used));
        if (!guarded || guarded->outcome != Guarded::Outcome::worse)
            return candidate;
    }
    return by_loss.front().second;
}

// Others that begin with the same key would be chosen in its place and do the same.
void Search::refuse_relatives(std::size_t statement, std::size_t refused, const CandidateSet &others) {
    const Candidate &known = candidates_[refused];
    std::size_t asked = 0;
    for (const std::size_t candidate : relevant_[statement]) {
        const Candidate &other = candidates_[candidate];
        if (state_.banned[candidate] || has(state_.chosen, candidate) || other.table != known.table ||
            other.definition.keys.front() != known.definition.keys.front() || ++asked > most_relatives)
            continue;
        const StatementCost *now = cache_.cost(statement, set_with(others, {candidate}));
        if (now == nullptr || !has(now->used, candidate))
            continue;
        const std::optional<Guarded> guarded = recheck(statement, CandidateSet(now->used));
        if (!guarded || guarded->outcome != Guarded::Outcome::worse)
            continue;
        state_.banned[candidate] = refused_[candidate] = true;
        judge(candidate, Verdict::makes_worse, 0, refusal(statements_[statement], *guarded));
        state_.verdicts[candidate].statement = statement;
    }
}

// For each statement that an index helps: how sure its new plan is.
void Search::note_guarded(Selection &selection) {
    if (!model_.can_recheck())
        return;
    for (ChosenIndex &index : selection.chosen)
        for (StatementEffect &effect : index.effects) {
            const CandidateSet there = on_tables_of(effect.statement, state_.chosen);
            const StatementCost *now = cache_.cost(effect.statement, there);
            if (now == nullptr)
                continue;
            effect.guarded = recheck(effect.statement, CandidateSet(now->used));
            CandidateVerdict &verdict = state_.verdicts[index.candidate];
            if (!effect.guarded || effect.guarded->outcome == Guarded::Outcome::holds || verdict.statement)
                continue;
            verdict.statement = effect.statement;
            verdict.reason = "its gain for statement " + std::to_string(statements_[effect.statement].id) +
                             " is not certain: " + effect.guarded->reason;
        }
}

} // namespace advisor::core
