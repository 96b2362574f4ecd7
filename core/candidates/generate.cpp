// Collects the variants of all table accesses, merges them, drops what exists already and puts them in order.
#include "core/candidates/generate.h"

#include "core/candidates/access_keys.h"
#include "core/candidates/merge.h"
#include "core/candidates/other_methods.h"
#include "core/candidates/variants.h"
#include "core/error.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace advisor::core {

namespace {

constexpr std::size_t max_merged_per_table = 300; // merging is quadratic

struct Proposal {
    Draft draft;
    std::array<double, 3> demand{}; // calls by Purpose
    std::set<std::size_t> statements;
};

using Proposals = std::map<IndexDefinition, Proposal>;

void collect(Proposals &proposals, const Draft &draft, std::size_t statement, double calls) {
    Proposal &proposal = proposals.try_emplace(draft.definition, Proposal{draft, {}, {}}).first->second;
    // Asked for as a sort order by one and as a set of equality keys by another: the stricter one holds.
    proposal.draft.equality_keys = std::min(proposal.draft.equality_keys, draft.equality_keys);
    proposal.demand.at(static_cast<std::size_t>(draft.purpose)) += calls;
    proposal.statements.insert(statement);
}

// Definitions come in a fixed order from the map, so that the result does not depend on the statements'
// order.
void add_merged(Proposals &proposals, const Table &table, const CandidateOptions &options) {
    std::vector<const Proposal *> before;
    for (const auto &[definition, proposal] : proposals)
        if (before.size() < max_merged_per_table)
            before.push_back(&proposal);
    std::vector<Proposal> added;
    for (const Proposal *first : before)
        for (const Proposal *second : before) {
            if (first == second || first->statements == second->statements)
                continue;
            std::optional<Draft> draft = merged(first->draft, second->draft, table, options);
            if (!draft || draft->definition == first->draft.definition ||
                draft->definition == second->draft.definition)
                continue;
            Proposal proposal{std::move(*draft), second->demand, second->statements};
            proposal.statements.insert(first->statements.begin(), first->statements.end());
            added.push_back(std::move(proposal));
        }
    for (Proposal &proposal : added) {
        const auto [present, is_new] = proposals.try_emplace(proposal.draft.definition, proposal);
        if (!is_new)
            present->second.statements.insert(proposal.statements.begin(), proposal.statements.end());
    }
}

bool exists(const IndexDefinition &definition, const Table &table) {
    return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const ExistingIndex &index) {
        return makes_unnecessary(index.definition, definition);
    });
}

Candidate candidate_of(const Proposal &proposal, std::size_t table) {
    Candidate candidate;
    candidate.definition = proposal.draft.definition;
    candidate.table = table;
    const auto most = std::max_element(proposal.demand.begin(), proposal.demand.end());
    candidate.purpose = static_cast<Purpose>(most - proposal.demand.begin());
    candidate.statements.assign(proposal.statements.begin(), proposal.statements.end());
    candidate.conditions = proposal.draft.conditions;
    return candidate;
}

// Over the limit those that fewest calls ask for go first.
void keep_most_wanted(std::vector<Candidate> &candidates, std::span<const Statement> statements,
                      std::size_t limit) {
    if (candidates.size() <= limit)
        return;
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        double calls = 0;
        for (const std::size_t statement : candidates[i].statements)
            calls += statements[statement].calls;
        order.emplace_back(-calls, i);
    }
    std::sort(order.begin(), order.end());
    order.resize(limit);
    std::vector<Candidate> kept;
    std::sort(order.begin(), order.end(),
              [](const auto &left, const auto &right) { return left.second < right.second; });
    for (const auto &[calls, position] : order)
        kept.push_back(std::move(candidates[position]));
    candidates = std::move(kept);
}

} // namespace

std::vector<Candidate> generate_candidates(std::span<const Statement> statements,
                                           std::span<const Table> tables, const CandidateOptions &options) {
    const Demand demand = equality_demand(statements);
    const OrderedKeys ordered = ordered_keys(statements);
    std::vector<Proposals> by_table(tables.size());
    for (std::size_t i = 0; i < statements.size(); ++i)
        for (const TableAccess &access : statements[i].accesses) {
            if (access.table >= tables.size())
                throw Error(ErrorCode::internal, "a statement refers to a table that is not in the list");
            const Table &table = tables[access.table];
            if (table.rows < options.min_table_rows)
                continue;
            for (const Draft &draft :
                 access_variants(access_keys(access, table, demand, options), table, options))
                collect(by_table[access.table], draft, i, statements[i].calls);
            for (const Draft &draft : method_variants(access, table, ordered, options))
                collect(by_table[access.table], draft, i, statements[i].calls);
        }
    std::vector<Candidate> candidates;
    for (std::size_t table = 0; table < tables.size(); ++table) {
        add_merged(by_table[table], tables[table], options);
        for (const auto &[definition, proposal] : by_table[table])
            if (!exists(definition, tables[table]))
                candidates.push_back(candidate_of(proposal, table));
    }
    // By the table's name, not its place in the list.
    std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate &left, const Candidate &right) {
        return left.definition.table < right.definition.table;
    });
    keep_most_wanted(candidates, statements, options.max_candidates);
    return candidates;
}

} // namespace advisor::core
