// The core's cost model on top of the server's planner.
#include "pg_ext/advice/planner_cost_model.h"

#include "core/catalog/ddl.h"

#include <algorithm>

namespace advisor::pg {

PlannerCostModel::PlannerCostModel(std::span<PlannableStatement> statements,
                                   std::span<const double> base_costs,
                                   std::span<const core::Candidate> candidates, Sampling sampling,
                                   TimestampTz sample_until)
    : statements_(statements), base_costs_(base_costs), candidates_(candidates), sampling_(sampling),
      sample_until_(sample_until), entries_(candidates.size()), write_costs_(candidates.size()) {
    for (std::size_t candidate = 0; candidate < candidates.size(); ++candidate) {
        const auto &keys = candidates[candidate].definition.keys;
        const bool expression =
            std::any_of(keys.begin(), keys.end(), [](const core::IndexKey &key) { return key.expression; });
        if (expression && GetCurrentTimestamp() < sample_until_)
            entries_[candidate].sampling = sampling_;
        poll_interrupts();
        define(candidate);
    }
}

bool PlannerCostModel::measure(std::span<const std::size_t> candidates) {
    std::vector<std::size_t> sequence(candidates.begin(), candidates.end());
    std::stable_sort(sequence.begin(), sequence.end(), [&](std::size_t left, std::size_t right) {
        return candidates_[left].statements.size() > candidates_[right].statements.size();
    });
    bool changed = false;
    for (const std::size_t candidate : sequence) {
        poll_interrupts();
        if (entries_[candidate].sampling == sampling_)
            continue;
        if (GetCurrentTimestamp() >= sample_until_)
            break;
        entries_[candidate].sampling = sampling_;
        define(candidate);
        changed = true;
    }
    return changed;
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

core::StatementCost PlannerCostModel::statement_cost(std::size_t statement,
                                                     std::span<const std::size_t> candidates) {
    if (candidates.empty()) // planned so when it was prepared
        return {base_costs_[statement], {}};
    std::vector<const HypotheticalIndex *> added;
    std::vector<std::size_t> owners;
    for (const std::size_t candidate : candidates) {
        if (entries_[candidate].usable && entries_[candidate].generation != catalog_generation())
            define(candidate);
        const Entry &entry = entries_[candidate];
        for (int i = 0; entry.usable && i < entry.indexes.count; ++i) {
            added.push_back(entry.indexes.items[i]);
            owners.push_back(candidate);
        }
    }
    IndexSet set;
    set.added = added.data();
    set.added_count = static_cast<int>(added.size());
    const PlanOutcome outcome = statements_[statement].plan(set);
    if (outcome.failure) {
        if (std::find(failed_.begin(), failed_.end(), statement) == failed_.end())
            failed_.push_back(statement);
        return {base_costs_[statement], {}};
    }
    core::StatementCost cost{outcome.planned.cost, {}};
    for (const int position : outcome.planned.used)
        cost.used.push_back(owners[static_cast<std::size_t>(position)]);
    cost.used.erase(std::unique(cost.used.begin(), cost.used.end()), cost.used.end());
    return cost;
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
