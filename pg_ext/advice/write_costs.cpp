// What the recorded writes would pay for each candidate index.
#include "pg_ext/advice/write_costs.h"

#include "core/costing/write_cost.h"
#include "pg_ext/sql_query.h"

#include <map>

namespace advisor::pg {
namespace {

// Share of the updated rows that needed no new index entries, from the server's table statistics.
std::map<Oid, double> hot_shares(std::span<const core::Table> tables) {
    std::string list;
    for (const core::Table &table : tables)
        list += (list.empty() ? "" : ",") + std::to_string(table.id);
    const QueryRows rows =
        run_query("SELECT relid, n_tup_hot_upd::float8 / n_tup_upd FROM pg_stat_all_tables WHERE "
                  "n_tup_upd > 0 AND relid = ANY ('{" +
                  list + "}'::oid[])");
    std::map<Oid, double> shares;
    for (const auto &row : rows.rows)
        shares[number_of<Oid>(row[0]).value_or(InvalidOid)] = number_of<double>(row[1]).value_or(0);
    return shares;
}

std::optional<std::size_t> table_position(std::span<const core::Table> tables, Oid relation) {
    for (std::size_t position = 0; position < tables.size(); ++position)
        if (tables[position].id == relation)
            return position;
    return std::nullopt;
}

std::vector<core::TableWrite> read_writes(std::span<const PlannableStatement> plannable,
                                          std::span<const core::Statement> statements,
                                          std::span<const core::Table> tables) {
    const std::map<Oid, double> shares = hot_shares(tables);
    std::vector<core::TableWrite> writes;
    for (std::size_t i = 0; i < plannable.size(); ++i) {
        const auto written = plannable[i].write();
        const auto position = written ? table_position(tables, written->relation) : std::nullopt;
        if (!position)
            continue;
        const double rows = plannable[i].input().rows;
        core::TableWrite write;
        write.table = *position;
        write.assigned = written->columns;
        const auto share = shares.find(written->relation);
        write.hot_share = share == shares.end() ? 0 : share->second;
        if (statements[i].kind == core::StatementKind::update)
            write.updated = rows;
        else if (statements[i].kind !=
                 core::StatementKind::remove) // deleting touches no index: vacuum does, later
            write.inserted = rows;
        writes.push_back(std::move(write));
    }
    return writes;
}

bool has_entry_per_key(const core::Candidate &candidate) {
    return candidate.definition.method == core::IndexMethod::gin;
}

} // namespace

std::vector<double> write_costs(std::span<const PlannableStatement> plannable,
                                std::span<const core::Statement> statements,
                                std::span<const core::Table> tables,
                                std::span<const core::Candidate> candidates,
                                std::span<const double> index_rows) {
    std::vector<double> costs(candidates.size());
    const std::vector<core::TableWrite> writes = read_writes(plannable, statements, tables);
    if (writes.empty())
        return costs;
    core::WriteCostParameters parameters;
    parameters.seq_page_cost = seq_page_cost;
    parameters.cpu_operator_cost = cpu_operator_cost;
    parameters.cpu_index_tuple_cost = cpu_index_tuple_cost;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const std::size_t table = candidates[i].table;
        const double share = tables[table].rows > 0 ? index_rows[i] / tables[table].rows : 1;
        costs[i] = core::index_write_cost(candidates[i].definition, tables[table], table, writes,
                                          has_entry_per_key(candidates[i]) ? share : std::min(1.0, share),
                                          parameters);
    }
    return costs;
}

} // namespace advisor::pg
