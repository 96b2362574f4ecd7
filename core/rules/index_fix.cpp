// Writes the fix of an index recommendation: for PostgreSQL without blocking writers, for a partitioned table
// leaf by leaf.
#include "core/rules/index_fix.h"

#include <algorithm>
#include <map>
#include <utility>

namespace advisor::core {

namespace {

bool has_expression(const IndexDefinition &definition) {
    return std::any_of(definition.keys.begin(), definition.keys.end(),
                       [](const IndexKey &key) { return key.expression; });
}

std::string joined(const std::vector<std::string> &lines) {
    std::string text;
    for (const std::string &line : lines)
        text += (text.empty() ? "" : "\n") + line;
    return text;
}

std::string analyze_line(const IndexDefinition &definition) {
    return "-- Afterwards, for the statistics of the expression:\n-- ANALYZE " + definition.table + ";";
}

IndexFix sqlite_fix(const IndexDefinition &definition, const std::string &name) {
    IndexFix result;
    result.steps = {create_index_sql(definition, Dialect::sqlite, name) + ";"};
    result.fix =
        joined({result.steps.front(), "-- Afterwards, so that the planner knows what the index holds:",
                "-- ANALYZE " + definition.table + ";"});
    result.rollback = "DROP INDEX " + beside(definition.table, name) + ";";
    return result;
}

IndexFix plain_fix(const IndexDefinition &definition, const Table &table, const std::string &name) {
    IndexFix result;
    const std::string qualified = beside(table.qualified, name);
    const std::string drop = "DROP INDEX CONCURRENTLY " + qualified + ";";
    result.steps = {create_index_sql(definition, Dialect::postgresql, name, true) + ";"};
    std::vector<std::string> lines = {
        "-- Before: the build waits for transactions that are open now. Look for old ones:",
        "--   SELECT pid, usename, xact_start, state, query FROM pg_stat_activity",
        "--   WHERE xact_start < now() - interval '1 minute' ORDER BY xact_start;",
        result.steps.front(),
        "-- After: it must be valid,",
        "--   SELECT indisvalid FROM pg_index WHERE indexrelid = " + quote_literal(qualified) + "::regclass;",
        "-- otherwise remove what an interrupted build left and begin again:",
        "--   " + drop};
    if (has_expression(definition))
        lines.push_back(analyze_line(definition));
    result.fix = joined(lines);
    result.rollback = drop;
    return result;
}

// The parents' indexes exist at once and become valid when the last leaf is attached.
IndexFix partitioned_fix(const IndexDefinition &definition, const Table &table, const std::string &name,
                         std::vector<std::string> &taken) {
    IndexFix result;
    std::map<std::string, std::string> index_of{{table.qualified, beside(table.qualified, name)}};
    const auto create = [&](const std::string &on, const std::string &new_name, bool leaf) {
        IndexDefinition local = definition;
        local.table = leaf ? on : "ONLY " + on;
        result.steps.push_back(create_index_sql(local, Dialect::postgresql, new_name, leaf) + ";");
    };
    create(table.qualified, name, false);
    std::vector<std::string> attachments;
    for (const Partition &partition : table.partitions) {
        Table named;
        named.name = partition.name;
        const std::string own = index_name(definition, named, taken);
        taken.push_back(own);
        index_of[partition.qualified] = beside(partition.qualified, own);
        create(partition.qualified, own, partition.leaf);
        attachments.push_back("ALTER INDEX " + index_of[partition.parent] + " ATTACH PARTITION " +
                              index_of[partition.qualified] + ";");
    }
    // Children first: a parent's index is complete when it is attached itself.
    result.steps.insert(result.steps.end(), attachments.rbegin(), attachments.rend());
    result.fix = "-- Run the statements one by one, outside a transaction block.\n" + joined(result.steps);
    if (has_expression(definition))
        result.fix += "\n" + analyze_line(definition);
    result.rollback = "DROP INDEX " + beside(table.qualified, name) + ";";
    return result;
}

} // namespace

IndexFix index_fix(const IndexDefinition &definition, const Table &table, Dialect dialect,
                   std::vector<std::string> &taken) {
    const std::string name = index_name(definition, table, taken);
    taken.push_back(name);
    switch (dialect) {
    case Dialect::postgresql:
        return table.partitions.empty() ? plain_fix(definition, table, name)
                                        : partitioned_fix(definition, table, name, taken);
    case Dialect::sqlite: return sqlite_fix(definition, name);
    }
    return {};
}

} // namespace advisor::core
