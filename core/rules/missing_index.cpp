// The findings missing-index-filter, missing-index-join and missing-index-sort from a chosen index set.
#include "core/rules/missing_index.h"

#include "core/rules/figures.h"
#include "core/rules/index_fix.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace advisor::core {

namespace {

constexpr double usual_confidence = 0.9;
constexpr double little_evidence_confidence = 0.5;
constexpr double constant_predicate_confidence = 0.8;
constexpr double guessed_confidence = 0.6;  // estimates rest on default selectivities
constexpr double doubtful_confidence = 0.4; // dearer if an estimate is off

// What the statements that an index helps add up to.
struct Helped {
    double calls = 0;
    double total_ms = 0;
    double cost_before = 0; // Σ calls × cost
    double cost_after = 0;
    const StatementEffect *best = nullptr; // the one that saves most
    std::vector<std::int64_t> ids;
    bool checked = false;   // new plans were costed again
    bool corrected = false; // … of one at least with recorded rows, since they contradict the estimates
    double corrected_before = 0; // as above, with recorded rows where they contradict
    double corrected_after = 0;
    bool guessed = false;
    std::string doubt;
};

void add_guarded(const StatementEffect &effect, double calls, Helped &helped) {
    const std::optional<Guarded> &guarded = effect.guarded;
    const bool corrected = guarded && guarded->corrected;
    helped.corrected_before += calls * (corrected ? guarded->cost_before : effect.cost_before);
    helped.corrected_after += calls * (corrected ? guarded->cost_after : effect.cost_after);
    if (!guarded)
        return;
    helped.checked = true;
    helped.corrected = helped.corrected || corrected;
    helped.guessed = helped.guessed || guarded->guessed;
    if (guarded->outcome != Guarded::Outcome::holds && helped.doubt.empty())
        helped.doubt = guarded->reason;
}

Helped helped_statements(const ChosenIndex &index, std::span<const Statement> statements) {
    Helped helped;
    double most = -1;
    for (const StatementEffect &effect : index.effects) {
        const Statement &statement = statements[effect.statement];
        helped.calls += statement.calls;
        helped.total_ms += statement.total_ms;
        helped.cost_before += statement.calls * effect.cost_before;
        helped.cost_after += statement.calls * effect.cost_after;
        if (std::find(helped.ids.begin(), helped.ids.end(), statement.id) == helped.ids.end())
            helped.ids.push_back(statement.id); // a trigger's steps go by the id of what fires it
        add_guarded(effect, statement.calls, helped);
        if (const double saved = statement.calls * (effect.cost_before - effect.cost_after); saved > most) {
            most = saved;
            helped.best = &effect;
        }
    }
    return helped;
}

// What part of the planner's gain is left with the recorded rows.
double correction_of(const Helped &helped) {
    if (!helped.corrected || helped.cost_before <= helped.cost_after || helped.corrected_before <= 0)
        return 1;
    const double planned = 1 - helped.cost_after / helped.cost_before;
    return std::clamp((1 - helped.corrected_after / helped.corrected_before) / planned, 0.0, 1.0);
}

std::string rule_of(Purpose purpose) {
    switch (purpose) {
    case Purpose::filter: return "missing-index-filter";
    case Purpose::join: return "missing-index-join";
    case Purpose::sort: return "missing-index-sort";
    }
    return "missing-index-filter";
}

Severity severity_of(Purpose purpose, double share) {
    if (purpose != Purpose::sort)
        return share >= 0.01 ? Severity::high : Severity::medium;
    if (share >= 0.25)
        return Severity::high;
    return share >= 0.01 ? Severity::medium : Severity::low;
}

std::string key_list(const IndexDefinition &definition) {
    std::string list;
    for (const IndexKey &key : definition.keys)
        list += (list.empty() ? "" : ", ") + key.text +
                (definition.method == IndexMethod::btree || key.opclass.empty() ? "" : " " + key.opclass) +
                (key.descending ? " DESC" : "");
    return list;
}

// "an index on (a, b)", "a GIN index on (tags)".
std::string index_phrase(const IndexDefinition &definition) {
    std::string kind = "an";
    switch (definition.method) {
    case IndexMethod::btree: break;
    case IndexMethod::hash: kind = "a hash"; break;
    case IndexMethod::brin: kind = "a BRIN"; break;
    case IndexMethod::gin: kind = "a GIN"; break;
    case IndexMethod::gist: kind = "a GiST"; break;
    case IndexMethod::spgist: kind = "an SP-GiST"; break;
    }
    return kind + " index on (" + key_list(definition) + ")";
}

std::string count_text(std::size_t count, const std::string &noun) {
    return human_number(static_cast<double>(count)) + " " + noun + (count == 1 ? "" : "s");
}

// There is such an index already, and the new one only holds more.
bool keys_are_indexed(const IndexDefinition &definition, const Table &table) {
    return definition.predicate.empty() && definition.method == IndexMethod::btree &&
           std::any_of(table.indexes.begin(), table.indexes.end(), [&](const ExistingIndex &existing) {
               return existing.definition.predicate.empty() &&
                      existing.definition.method == definition.method &&
                      existing.definition.keys == definition.keys;
           });
}

std::string title_of(const Candidate &candidate, const Table &table, std::size_t statements) {
    const std::string index = index_phrase(candidate.definition);
    const std::string who = count_text(statements, "statement");
    const std::string s = statements == 1 ? "s " : " ";
    if (keys_are_indexed(candidate.definition, table))
        return who + (statements == 1 ? " fetches" : " fetch") + " rows of " + table.qualified + " that " +
               index + " with all their columns would spare";
    switch (candidate.purpose) {
    case Purpose::filter:
        return who + (statements == 1 ? " searches " : " search ") + table.qualified + " without " + index;
    case Purpose::join: return who + " join" + s + table.qualified + " without " + index;
    case Purpose::sort:
        return who + " sort" + s + table.qualified + " where " + index + " would give the order";
    }
    return "";
}

std::string size_text(const IndexCost &cost) {
    const auto human = [](std::uint64_t bytes) { return human_bytes(static_cast<std::int64_t>(bytes)); };
    const std::string range = cost.bytes_high > cost.bytes_low ? " (between " + human(cost.bytes_low) +
                                                                     " and " + human(cost.bytes_high) + ")"
                                                               : "";
    return human(cost.bytes) + range;
}

std::string replaced_names(const ChosenIndex &index, const Table &table) {
    std::string names;
    for (const std::size_t position : index.replaces)
        names += (names.empty() ? "" : ", ") + table.indexes[position].name;
    return names;
}

std::string detail_of(const Helped &helped, const Table &table, const ChosenIndex &index, double share,
                      const IndexAdviceContext &context) {
    std::string text;
    if (helped.total_ms > 0)
        text = "Recorded: " + human_number(helped.calls) + " calls that took " +
               human_milliseconds(helped.total_ms) + ". ";
    text += table.qualified + " has " + human_number(table.rows) + " rows in " +
            human_bytes(static_cast<std::int64_t>(table.bytes)) + ". ";
    if (helped.best != nullptr)
        text += "With the index the " + context.cost_unit + " of one execution " +
                (context.cost_unit == "cost" ? "falls" : "fall") + " from " +
                human_number(helped.best->cost_before) + " to " + human_number(helped.best->cost_after) +
                (helped.ids.size() > 1 ? " for the statement that gains most" : "") + "; ";
    text += "it saves " + human_share(share) + " of the workload's " + context.cost_unit +
            " and takes about " + size_text(index.cost) + ".";
    if (helped.corrected)
        text +=
            " Recorded executions contradict the planner's estimates: with the rows that they counted, the " +
            context.cost_unit + " of all of them falls from " + human_number(helped.corrected_before) +
            " to " + human_number(helped.corrected_after) + ".";
    if (!helped.doubt.empty())
        text += " The gain is not certain: a statement gets dearer if an estimate that no execution has "
                "confirmed is off by a factor of ten.";
    else if (helped.guessed)
        text += " The gain rests on estimates without statistics.";
    if (!index.replaces.empty())
        text += " " + replaced_names(index, table) + (index.replaces.size() == 1 ? " begins" : " begin") +
                " the same, and no statement's plan gets dearer without " +
                (index.replaces.size() == 1 ? "it" : "them") + " once the new index is there.";
    if (index.cost.write_cost > 0)
        text += " Keeping it up to date costs " + human_number(index.cost.write_cost) + " in the same unit.";
    return text;
}

std::vector<Fact> evidence_of(const Helped &helped, const Table &table, const ChosenIndex &index,
                              const std::string &definition, const IndexAdviceContext &context) {
    std::vector<Fact> facts;
    facts.push_back({"unit", context.cost_unit});
    if (!context.window_from.empty())
        facts.push_back({"window_from", context.window_from});
    if (!context.window_to.empty())
        facts.push_back({"window_to", context.window_to});
    facts.push_back({"calls", helped.calls});
    if (helped.total_ms > 0)
        facts.push_back({"total_ms", helped.total_ms});
    facts.push_back({"cost_before", helped.cost_before});
    facts.push_back({"cost_after", helped.cost_after});
    if (helped.checked)
        facts.push_back({"corrected", helped.corrected});
    if (helped.corrected) {
        facts.push_back({"corrected_cost_before", helped.corrected_before});
        facts.push_back({"corrected_cost_after", helped.corrected_after});
    }
    facts.push_back({"write_cost", index.cost.write_cost});
    facts.push_back({"table_rows", table.rows});
    facts.push_back({"table_bytes", static_cast<std::int64_t>(table.bytes)});
    facts.push_back({"index_bytes", static_cast<std::int64_t>(index.cost.bytes)});
    if (index.cost.bytes_high > index.cost.bytes_low) {
        facts.push_back({"index_bytes_low", static_cast<std::int64_t>(index.cost.bytes_low)});
        facts.push_back({"index_bytes_high", static_cast<std::int64_t>(index.cost.bytes_high)});
    }
    if (!index.replaces.empty()) {
        std::vector<std::string> names;
        std::int64_t bytes = 0;
        for (const std::size_t position : index.replaces) {
            names.push_back(table.indexes[position].name);
            bytes += static_cast<std::int64_t>(table.indexes[position].bytes);
        }
        facts.push_back({"replaces", std::move(names)});
        facts.push_back({"replaced_bytes", bytes});
    }
    facts.push_back({"statements", helped.ids});
    facts.push_back({"definition", definition});
    return facts;
}

// Statements that never ran (recommend_indexes on given texts) are a question, not weak evidence.
double confidence_of(const Helped &helped, const Candidate &candidate, std::size_t position, bool complete,
                     const IndexAdviceContext &context) {
    double confidence = usual_confidence;
    const bool observed = !context.window_from.empty() || helped.total_ms > 0;
    if (observed && helped.calls < context.min_calls && helped.total_ms < context.min_total_ms)
        confidence = little_evidence_confidence;
    if (!candidate.conditions.empty())
        confidence *= constant_predicate_confidence;
    if (!complete)
        confidence *= usual_confidence;
    if (helped.guessed)
        confidence = std::min(confidence, guessed_confidence);
    if (!helped.doubt.empty())
        confidence = std::min(confidence, doubtful_confidence);
    if (position < context.confidence_caps.size())
        confidence = std::min(confidence, context.confidence_caps[position]);
    return std::round(confidence * 100) / 100;
}

// By the leading key alone, so that a column more at the end does not revive a dismissed finding; a second
// index with that key is told apart by all its keys.
std::string identity(const Recommendation &finding, const IndexDefinition &definition,
                     const std::vector<Recommendation> &others) {
    const std::string id = fingerprint(finding.rule, finding.object, definition.keys.front().text);
    const bool taken = std::any_of(others.begin(), others.end(),
                                   [&](const Recommendation &other) { return other.id == id; });
    return taken
               ? fingerprint(finding.rule, finding.object, create_index_sql(definition, Dialect::postgresql))
               : id;
}

// The names that indexes and tables have already; one namespace in PostgreSQL and in SQLite.
std::vector<std::string> names_in_use(std::span<const Table> tables, std::span<const std::string> taken) {
    std::vector<std::string> names(taken.begin(), taken.end());
    for (const Table &table : tables) {
        names.push_back(table.name);
        for (const ExistingIndex &index : table.indexes)
            names.push_back(unquoted_name(index.name));
    }
    return names;
}

} // namespace

std::vector<Recommendation> missing_index_findings(const Selection &selection,
                                                   std::span<const Candidate> candidates,
                                                   std::span<const Statement> statements,
                                                   std::span<const Table> tables,
                                                   const IndexAdviceContext &context) {
    std::vector<std::string> taken = names_in_use(tables, context.taken_names);
    std::vector<Recommendation> findings;
    for (const ChosenIndex &index : selection.chosen) {
        const Candidate &candidate = candidates[index.candidate];
        const Table &table = tables[candidate.table];
        const Helped helped = helped_statements(index, statements);
        const double before = selection.workload_cost_before;
        const double planned = before > 0 ? (index.workload_before - index.workload_after) / before : 0;
        const double share = planned * correction_of(helped);
        Recommendation finding;
        finding.rule = rule_of(candidate.purpose);
        finding.category = "query";
        finding.severity = severity_of(candidate.purpose, share);
        finding.object = table.qualified;
        finding.id = identity(finding, candidate.definition, findings);
        finding.title = title_of(candidate, table, helped.ids.size());
        finding.detail = detail_of(helped, table, index, share, context);
        finding.evidence = evidence_of(helped, table, index,
                                       create_index_sql(candidate.definition, context.dialect), context);
        finding.benefit = std::clamp(share, 0.0, 1.0);
        finding.storage_bytes = static_cast<std::int64_t>(index.cost.bytes);
        finding.confidence = confidence_of(helped, candidate, index.candidate, selection.complete, context);
        IndexFix fix = index_fix(candidate.definition, table, index.cost.bytes, context.dialect, taken);
        finding.fix_steps = std::move(fix.steps);
        finding.fix = std::move(fix.fix);
        finding.rollback = std::move(fix.rollback);
        findings.push_back(std::move(finding));
    }
    std::stable_sort(
        findings.begin(), findings.end(), [](const Recommendation &left, const Recommendation &right) {
            return std::tuple(left.severity, -left.benefit.value_or(0), -left.confidence, left.id) <
                   std::tuple(right.severity, -right.benefit.value_or(0), -right.confidence, right.id);
        });
    return findings;
}

} // namespace advisor::core
