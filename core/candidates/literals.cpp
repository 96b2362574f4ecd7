// Adds up what is known of each condition over the statements that ask the same.
#include "core/candidates/literals.h"

#include "core/workload/compress.h"

#include <cmath>
#include <map>
#include <string>
#include <tuple>

namespace advisor::core {

namespace {

constexpr double most_states = 20; // values of a column that says in which state a row is
constexpr double least_executions = 3;
constexpr double small_chance = 1.0 / 8; // that a value which varies was always the same

struct Evidence {
    std::string text;
    double executions = 0;
    bool varied = false;
};

// Statements that ask the same, the table, and the condition.
using Place = std::tuple<std::string, std::size_t, std::string, Comparison>;

bool is_settled(const Evidence &evidence, const Column *column) {
    const double distinct = column == nullptr ? 0 : column->distinct;
    return !evidence.varied && distinct >= 2 && distinct <= most_states &&
           evidence.executions >= least_executions &&
           std::pow(distinct, 1 - evidence.executions) <= small_chance;
}

template <class Visit>
void each_literal(std::span<Statement> statements, Visit visit) {
    for (Statement &statement : statements) {
        std::string signature;
        for (TableAccess &access : statement.accesses)
            for (Predicate &predicate : access.predicates) {
                if (predicate.literal_text.empty())
                    continue;
                if (signature.empty())
                    signature = access_signature(statement, false);
                visit(predicate, Place{signature, access.table, predicate.key, predicate.comparison});
            }
    }
}

} // namespace

void settle_literals(std::span<Statement> statements, std::span<const Table> tables) {
    std::map<Place, Evidence> known;
    each_literal(statements, [&](const Predicate &predicate, const Place &place) {
        Evidence &evidence = known[place];
        if (evidence.text.empty())
            evidence.text = predicate.literal_text;
        evidence.varied =
            evidence.varied || predicate.literal_executions <= 0 || evidence.text != predicate.literal_text;
        evidence.executions += predicate.literal_executions;
    });
    each_literal(statements, [&](Predicate &predicate, const Place &place) {
        if (is_settled(known[place], find_column(tables[std::get<1>(place)], predicate.key)))
            predicate.constant_text = predicate.literal_text;
    });
}

} // namespace advisor::core
