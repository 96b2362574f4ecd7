// The core's cost model on top of the server's planner.
#include "pg_ext/advice/planner_cost_model.h"

#include "core/catalog/ddl.h"
#include "pg_ext/plan_values.h"

#include <algorithm>

namespace advisor::pg {
namespace {

constexpr TimestampTz share_for_sampling = 4; // of the time that is left

} // namespace

PlannerCostModel::PlannerCostModel(std::span<PlannableStatement> statements,
                                   std::span<const double> base_costs,
                                   std::span<const core::Candidate> candidates, Sampling sampling,
                                   TimestampTz deadline, bool (*out_of_time)())
    : statements_(statements), base_costs_(base_costs), candidates_(candidates), sampling_(sampling),
      deadline_(deadline), entries_(candidates.size()), write_costs_(candidates.size()),
      known_(statements.size()) {
    const TimestampTz sample_until = end_of_sampling();
    for (std::size_t candidate = 0; candidate < candidates.size(); ++candidate) {
        const auto &keys = candidates[candidate].definition.keys;
        const bool expression =
            std::any_of(keys.begin(), keys.end(), [](const core::IndexKey &key) { return key.expression; });
        if (expression && GetCurrentTimestamp() < sample_until)
            entries_[candidate].sampling = sampling_;
        poll_interrupts();
        if (out_of_time())
            break;
        define(candidate);
    }
}

bool PlannerCostModel::measure(std::span<const std::size_t> candidates) {
    std::vector<std::size_t> sequence(candidates.begin(), candidates.end());
    std::stable_sort(sequence.begin(), sequence.end(), [&](std::size_t left, std::size_t right) {
        return candidates_[left].statements.size() > candidates_[right].statements.size();
    });
    const TimestampTz sample_until = end_of_sampling();
    bool changed = false;
    for (const std::size_t candidate : sequence) {
        poll_interrupts();
        if (entries_[candidate].sampling == sampling_)
            continue;
        if (GetCurrentTimestamp() >= sample_until)
            break;
        entries_[candidate].sampling = sampling_;
        define(candidate);
        changed = true;
    }
    if (changed) {
        for (auto &[statement, known] : checked_) {
            known.answers.clear();
            known.flips.clear();
        }
        for (std::vector<core::StatementCost> &known : known_)
            known.clear();
    }
    return changed;
}

// A budget is worth little when sizes are guessed, so that there is a share of what is left each time.
TimestampTz PlannerCostModel::end_of_sampling() const {
    const TimestampTz now = GetCurrentTimestamp();
    return now + std::max<TimestampTz>(0, deadline_ - now) / share_for_sampling;
}

// In the surroundings of a statement that asked for the index: its expressions are that role's to evaluate.
void PlannerCostModel::define(std::size_t candidate) {
    Entry &entry = entries_[candidate];
    const std::string sql =
        core::create_index_sql(candidates_[candidate].definition, core::Dialect::postgresql);
    const char *definition = sql.c_str();
    const StatementInput &asker = statements_[candidates_[candidate].statements.front()].input();
    HypotheticalIndexes *indexes = &entry.indexes;
    const Sampling sampling = entry.sampling;
    const auto failure = in_surroundings(asker, [=] { *indexes = define_indexes(&definition, 1, sampling); });
    entry.generation = catalog_generation();
    entry.usable = !failure;
    entry.bytes = failure ? IndexBytes{} : bytes_of(entry.indexes, 0);
}

PlannerCostModel::Added PlannerCostModel::added(std::span<const std::size_t> candidates) {
    Added result;
    for (const std::size_t candidate : candidates) {
        if (entries_[candidate].usable && entries_[candidate].generation != catalog_generation())
            define(candidate);
        const Entry &entry = entries_[candidate];
        for (int i = 0; entry.usable && i < entry.indexes.count; ++i) {
            result.indexes.push_back(entry.indexes.items[i]);
            result.owners.push_back(candidate);
        }
    }
    return result;
}

IndexSet PlannerCostModel::Added::set() const {
    IndexSet set;
    set.added = indexes.data();
    set.added_count = static_cast<int>(indexes.size());
    return set;
}

core::StatementCost PlannerCostModel::statement_cost(std::size_t statement,
                                                     std::span<const std::size_t> candidates) {
    if (candidates.empty()) // planned so when it was prepared
        return {base_costs_[statement], {}};
    ++calls_;
    const Added there = added(candidates);
    const PlanOutcome outcome = statements_[statement].plan(there.set());
    if (outcome.failure) {
        if (std::find(failed_.begin(), failed_.end(), statement) == failed_.end())
            failed_.push_back(statement);
        return {base_costs_[statement], {}};
    }
    core::StatementCost cost{outcome.planned.cost, {}};
    cost.used = owners_of(there, outcome.planned.used);
    return cheapest_known(statement, candidates, std::move(cost));
}

std::optional<double> PlannerCostModel::cost_without(std::size_t statement,
                                                     std::span<const std::size_t> candidates, Oid existing) {
    ++calls_;
    const Added there = added(candidates);
    IndexSet set = there.set();
    set.hidden = &existing;
    set.hidden_count = 1;
    const PlanOutcome outcome = statements_[statement].plan(set);
    return outcome.failure ? std::nullopt : std::optional(outcome.planned.cost);
}

std::vector<std::size_t> PlannerCostModel::owners_of(const Added &added, const std::vector<int> &used) const {
    std::vector<std::size_t> owners;
    for (const int position : used)
        owners.push_back(added.owners[static_cast<std::size_t>(position)]);
    std::sort(owners.begin(), owners.end());
    owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
    return owners;
}

// With more indexes no plan can get dearer, yet the genetic search for join orders may miss what it found
// with fewer: an index that looks harmful for that alone would be lost.
core::StatementCost PlannerCostModel::cheapest_known(std::size_t statement,
                                                     std::span<const std::size_t> candidates,
                                                     core::StatementCost cost) {
    std::vector<core::StatementCost> &known = known_[statement];
    if (known.empty())
        known.push_back({base_costs_[statement], {}});
    const core::StatementCost *best = &cost;
    for (const core::StatementCost &other : known)
        if (other.cost < best->cost &&
            std::includes(candidates.begin(), candidates.end(), other.used.begin(), other.used.end()))
            best = &other;
    if (best != &cost)
        return *best;
    known.push_back(cost);
    return cost;
}

PlannerCostModel::Checked &PlannerCostModel::checked(std::size_t statement) {
    const auto [place, fresh] = checked_.try_emplace(statement);
    Checked &known = place->second;
    if (fresh) {
        known.before = costed(statement, IndexSet{});
        for (const RecordedPlan &plan : statements_[statement].input().plans)
            known.records.add(plan_values(read_nodes(plan, MyDatabaseId)));
        known.assumptions = core::doubtful_estimates(known.before, known.records);
        known.before_assumed.resize(known.assumptions.size());
    }
    return known;
}

std::vector<core::CostedPlan> PlannerCostModel::costed(std::size_t statement, const IndexSet &set) {
    ++guard_calls_;
    return statements_[statement].costed(set);
}

std::optional<core::Guarded> PlannerCostModel::recheck(std::size_t statement,
                                                       std::span<const std::size_t> candidates) {
    Checked &known = checked(statement);
    const std::vector<std::size_t> key(candidates.begin(), candidates.end());
    if (const auto answered = known.answers.find(key); answered != known.answers.end())
        return answered->second;
    const std::vector<core::CostedPlan> after = costed(statement, added(candidates).set());
    if (known.before.empty() || after.empty())
        return std::nullopt;
    core::Guarded guarded = core::guard_change(known.before, after, known.records);
    known.answers.emplace(key, guarded);
    return guarded;
}

std::optional<core::PlanFlip> PlannerCostModel::find_flip(std::size_t statement,
                                                          std::span<const std::size_t> candidates) {
    Checked &known = checked(statement);
    const auto [place, fresh] =
        known.flips.try_emplace(std::vector<std::size_t>(candidates.begin(), candidates.end()));
    if (fresh) {
        const Added there = added(candidates);
        for (std::size_t i = 0; i < known.assumptions.size() && !place->second; ++i)
            place->second = flip_of(statement, there, known, i);
    }
    return place->second;
}

std::optional<core::PlanFlip> PlannerCostModel::flip_of(std::size_t statement, const Added &there,
                                                        Checked &known, std::size_t assumption) {
    const core::AssumedEstimate &estimate = known.assumptions[assumption];
    const AssumedRows assumed{estimate.relation.c_str(), estimate.factor};
    IndexSet with = there.set(), without;
    with.assumed = without.assumed = &assumed;
    ++guard_calls_;
    const PlanOutcome outcome = statements_[statement].plan(with);
    if (outcome.failure || outcome.planned.used.empty())
        return std::nullopt;
    std::vector<core::CostedPlan> &before = known.before_assumed[assumption];
    if (before.empty())
        before = costed(statement, without);
    const std::vector<core::CostedPlan> after = costed(statement, with);
    if (before.empty() || after.empty())
        return std::nullopt;
    core::Guarded guarded = core::guard_change(before, after, known.records);
    if (guarded.outcome != core::Guarded::Outcome::worse)
        return std::nullopt;
    return core::PlanFlip{owners_of(there, outcome.planned.used), std::move(guarded.reason)};
}

core::IndexCost PlannerCostModel::index_cost(std::size_t candidate) {
    const IndexBytes &size = entries_[candidate].bytes;
    core::IndexCost cost;
    cost.bytes = static_cast<std::uint64_t>(size.bytes);
    cost.write_cost = write_costs_[candidate];
    cost.bytes_low = static_cast<std::uint64_t>(size.low);
    cost.bytes_high = static_cast<std::uint64_t>(size.high);
    return cost;
}

std::vector<double> PlannerCostModel::index_rows() const {
    std::vector<double> rows;
    for (const Entry &entry : entries_) {
        rows.push_back(0);
        for (int i = 0; i < entry.indexes.count; ++i)
            rows.back() += entry.indexes.items[i]->tuples * entry.indexes.items[i]->entries_per_row;
    }
    return rows;
}

std::vector<double> PlannerCostModel::confidence_caps() const {
    std::vector<double> caps;
    for (const Entry &entry : entries_) {
        double cap = 1;
        for (int i = 0; i < entry.indexes.count; ++i) {
            const HypotheticalIndex *index = entry.indexes.items[i];
            for (int key = 0; key < index->nkeycolumns; ++key)
                if (index->attributes[key] == 0 && !index->expression_statistics[key])
                    cap = 0.3;
        }
        caps.push_back(cap);
    }
    return caps;
}

} // namespace advisor::pg
