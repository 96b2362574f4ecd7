// Writes the fix of an index recommendation: for PostgreSQL without blocking writers, for a partitioned table
// leaf by leaf.
#include "core/rules/index_fix.h"

#include "core/rules/figures.h"

#include <algorithm>
#include <map>
#include <utility>

namespace advisor::core {

namespace {

constexpr double read_bytes_per_millisecond = 200e3; // of a middling disk
constexpr double sort_milliseconds_per_row = 1e-3;

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
    return "-- Afterwards, for the statistics of the expression:\n" +
           commented("ANALYZE " + definition.table + ";");
}

// A build reads the table twice and sorts once.
std::string duration_text(const Table &table) {
    const double milliseconds = 2 * static_cast<double>(table.bytes) / read_bytes_per_millisecond +
                                table.rows * sort_milliseconds_per_row;
    return human_milliseconds(std::max(milliseconds, 1.0));
}

std::vector<std::string> before_lines(const Table &table, std::uint64_t index_bytes) {
    const std::string size = human_bytes(static_cast<std::int64_t>(index_bytes));
    const std::string relation = quote_literal(table.qualified) + "::regclass";
    return {
        commented("Before: the build takes about " + duration_text(table) + " (" +
                  human_bytes(static_cast<std::int64_t>(table.bytes)) + " read twice, " +
                  human_number(table.rows) + " rows sorted), the index " + size +
                  " of disk, and sorting as much again for a while where it exceeds maintenance_work_mem."),
        "-- It waits for transactions that are open when it begins, though nobody waits for it. Look for old "
        "ones:",
        "--   SELECT pid, usename, xact_start, state, query FROM pg_stat_activity",
        "--   WHERE xact_start < now() - interval '1 minute' ORDER BY xact_start;",
        "-- and for builds and vacuums on the table, which it waits for too (an autovacuum makes way for "
        "it):",
        commented("  SELECT pid, command, phase FROM pg_stat_progress_create_index WHERE relid = " +
                  relation + ";"),
        commented("  SELECT pid, phase FROM pg_stat_progress_vacuum WHERE relid = " + relation + ";")};
}

std::vector<std::string> after_lines(const std::string &qualified, const std::string &carcass_of) {
    std::vector<std::string> lines = {"-- After: it must be valid,",
                                      commented("  SELECT indisvalid FROM pg_index WHERE indexrelid = " +
                                                quote_literal(qualified) + "::regclass;")};
    if (!carcass_of.empty()) {
        lines.push_back("-- otherwise remove what an interrupted build left and begin again:");
        lines.push_back(commented("  " + carcass_of));
    }
    return lines;
}

void append(std::vector<std::string> &lines, const std::vector<std::string> &more) {
    lines.insert(lines.end(), more.begin(), more.end());
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

IndexFix plain_fix(const IndexDefinition &definition, const Table &table, std::uint64_t index_bytes,
                   const std::string &name) {
    IndexFix result;
    const std::string qualified = beside(table.qualified, name);
    const std::string drop = "DROP INDEX CONCURRENTLY " + qualified + ";";
    result.steps = {create_index_sql(definition, Dialect::postgresql, name, true) + ";"};
    std::vector<std::string> lines = before_lines(table, index_bytes);
    lines.push_back(result.steps.front());
    append(lines, after_lines(qualified, drop));
    if (has_expression(definition))
        lines.push_back(analyze_line(definition));
    result.fix = joined(lines);
    result.rollback = drop;
    return result;
}

// The parents' indexes exist at once and become valid when the last leaf is attached.
IndexFix partitioned_fix(const IndexDefinition &definition, const Table &table, std::uint64_t index_bytes,
                         const std::string &name, std::vector<std::string> &taken) {
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
    std::vector<std::string> lines = before_lines(table, index_bytes);
    lines.push_back("-- Run the statements one by one, outside a transaction block. If the build on a "
                    "partition fails, drop");
    lines.push_back(
        "-- the invalid index that it left there (DROP INDEX CONCURRENTLY) and repeat that statement.");
    append(lines, result.steps);
    append(lines, after_lines(beside(table.qualified, name), ""));
    if (has_expression(definition))
        lines.push_back(analyze_line(definition));
    result.fix = joined(lines);
    result.rollback = "DROP INDEX " + beside(table.qualified, name) + ";";
    return result;
}

} // namespace

IndexFix index_fix(const IndexDefinition &definition, const Table &table, std::uint64_t index_bytes,
                   Dialect dialect, std::vector<std::string> &taken) {
    const std::string name = index_name(definition, table, taken);
    taken.push_back(name);
    switch (dialect) {
    case Dialect::postgresql:
        return table.partitions.empty() ? plain_fix(definition, table, index_bytes, name)
                                        : partitioned_fix(definition, table, index_bytes, name, taken);
    case Dialect::sqlite: return sqlite_fix(definition, name);
    }
    return {};
}

} // namespace advisor::core
