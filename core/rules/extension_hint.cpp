// Says where an extension that is not there would make an index possible.
#include "core/rules/extension_hint.h"

#include "core/rules/figures.h"

#include <map>
#include <set>
#include <utility>

namespace advisor::core {

namespace {

constexpr double hint_confidence = 0.5; // nobody has priced the index

// Searches inside texts of one table.
struct Searches {
    std::set<std::string> keys;
    std::set<std::size_t> statements;
};

std::map<std::size_t, Searches> searches_by_table(std::span<const Statement> statements) {
    std::map<std::size_t, Searches> result;
    for (std::size_t i = 0; i < statements.size(); ++i)
        for (const TableAccess &access : statements[i].accesses)
            for (const std::string &key : access.substring_keys) {
                result[access.table].keys.insert(key);
                result[access.table].statements.insert(i);
            }
    return result;
}

std::string listed(const std::set<std::string> &keys) {
    std::string list;
    for (const std::string &key : keys)
        list += (list.empty() ? "" : ", ") + key;
    return list;
}

std::vector<Fact> evidence_of(const Searches &searches, std::span<const Statement> statements,
                              const IndexAdviceContext &context) {
    double calls = 0;
    std::vector<std::int64_t> ids;
    for (const std::size_t i : searches.statements) {
        calls += statements[i].calls;
        ids.push_back(statements[i].id);
    }
    std::vector<Fact> facts;
    facts.push_back({"unit", context.cost_unit});
    if (!context.window_from.empty())
        facts.push_back({"window_from", context.window_from});
    if (!context.window_to.empty())
        facts.push_back({"window_to", context.window_to});
    facts.push_back({"calls", calls});
    facts.push_back({"columns", std::vector<std::string>(searches.keys.begin(), searches.keys.end())});
    facts.push_back({"extension", std::string("pg_trgm")});
    facts.push_back({"statements", ids});
    return facts;
}

Recommendation finding_of(const Searches &searches, const Table &table, std::span<const Statement> statements,
                          const IndexAdviceContext &context) {
    const std::size_t count = searches.statements.size();
    Recommendation finding;
    finding.rule = "missing-index-filter";
    finding.category = "query";
    finding.severity = Severity::info;
    finding.object = table.qualified;
    finding.id = fingerprint(finding.rule, finding.object, "extension pg_trgm");
    finding.title = human_number(static_cast<double>(count)) +
                    (count == 1 ? " statement searches" : " statements search") + " inside texts of " +
                    table.qualified + ", which only the extension pg_trgm can index";
    finding.detail = "Searched with LIKE '%…%', ILIKE or a regular expression: " + listed(searches.keys) +
                     ". With pg_trgm there, the next analysis looks for trigram indexes.";
    finding.evidence = evidence_of(searches, statements, context);
    finding.confidence = hint_confidence;
    finding.fix_steps = {"CREATE EXTENSION pg_trgm;"};
    finding.fix = "CREATE EXTENSION pg_trgm;";
    finding.rollback = "DROP EXTENSION pg_trgm;";
    return finding;
}

} // namespace

std::vector<ExtensionHint> extension_hints(std::span<const Statement> statements,
                                           std::span<const Table> tables, double min_table_rows,
                                           const IndexAdviceContext &context) {
    std::vector<ExtensionHint> hints;
    for (const auto &[position, searches] : searches_by_table(statements)) {
        const Table &table = tables[position];
        if (table.rows < min_table_rows || table.qualified.empty())
            continue;
        ExtensionHint hint;
        hint.finding = finding_of(searches, table, statements, context);
        hint.table = position;
        hint.statements.assign(searches.statements.begin(), searches.statements.end());
        hints.push_back(std::move(hint));
    }
    return hints;
}

} // namespace advisor::core
