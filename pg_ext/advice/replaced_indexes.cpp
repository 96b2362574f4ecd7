// Every statement on the table is planned with the chosen indexes and with the existing one hidden.
#include "pg_ext/advice/replaced_indexes.h"

#include "core/selection/replaced.h"

namespace advisor::pg {

void note_replaced(std::span<const core::Statement> statements, std::span<const core::Table> tables,
                   std::span<const core::Candidate> candidates, PlannerCostModel &model,
                   bool (*out_of_time)(), core::Selection &selection) {
    const auto can_go = [&](std::size_t table, std::size_t index, const std::vector<std::size_t> &chosen) {
        if (!tables[table].partitions.empty()) // whose indexes hang on their parent's
            return false;
        const auto existing = static_cast<Oid>(tables[table].indexes[index].id);
        for (std::size_t statement = 0; statement < statements.size(); ++statement) {
            if (!core::reads_table(statements[statement], table))
                continue;
            if (out_of_time())
                return false;
            poll_interrupts();
            const double with = model.statement_cost(statement, chosen).cost;
            const std::optional<double> without = model.cost_without(statement, chosen, existing);
            if (!without || core::is_dearer(*without, with))
                return false;
        }
        return true;
    };
    core::note_replaced(candidates, tables, can_go, selection);
}

} // namespace advisor::pg
