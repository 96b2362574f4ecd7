// Every statement on the table is planned with the chosen indexes and with the existing one hidden.
#include "pg_ext/advice/replaced_indexes.h"

#include "core/candidates/merge.h"

#include <algorithm>

namespace advisor::pg {
namespace {

bool reads(const core::Statement &statement, std::size_t table) {
    return std::any_of(statement.accesses.begin(), statement.accesses.end(),
                       [&](const core::TableAccess &access) { return access.table == table; });
}

class Replacement {
public:
    Replacement(std::span<const core::Statement> statements, PlannerCostModel &model, bool (*out_of_time)(),
                std::vector<std::size_t> chosen)
        : statements_(statements), model_(model), out_of_time_(out_of_time), chosen_(std::move(chosen)) {}

    bool holds(std::size_t table, Oid existing) {
        for (std::size_t statement = 0; statement < statements_.size(); ++statement) {
            if (!reads(statements_[statement], table))
                continue;
            if (out_of_time_())
                return false;
            poll_interrupts();
            const double with = model_.statement_cost(statement, chosen_).cost;
            const std::optional<double> without = model_.cost_without(statement, chosen_, existing);
            if (!without || core::is_dearer(*without, with))
                return false;
        }
        return true;
    }

private:
    std::span<const core::Statement> statements_;
    PlannerCostModel &model_;
    bool (*out_of_time_)();
    const std::vector<std::size_t> chosen_;
};

} // namespace

void note_replaced(std::span<const core::Statement> statements, std::span<const core::Table> tables,
                   std::span<const core::Candidate> candidates, PlannerCostModel &model,
                   bool (*out_of_time)(), core::Selection &selection) {
    std::vector<std::size_t> chosen;
    for (const core::ChosenIndex &index : selection.chosen)
        chosen.push_back(index.candidate);
    std::sort(chosen.begin(), chosen.end());
    Replacement replacement(statements, model, out_of_time, std::move(chosen));
    for (core::ChosenIndex &index : selection.chosen) {
        const core::Candidate &candidate = candidates[index.candidate];
        const core::Table &table = tables[candidate.table];
        if (!table.partitions.empty()) // whose indexes hang on their parent's
            continue;
        for (std::size_t position = 0; position < table.indexes.size(); ++position) {
            const core::ExistingIndex &existing = table.indexes[position];
            if (!existing.constraint && !existing.definition.unique &&
                core::makes_unnecessary(candidate.definition, existing.definition) &&
                replacement.holds(candidate.table, static_cast<Oid>(existing.id)))
                index.replaces.push_back(position);
        }
    }
}

} // namespace advisor::pg
