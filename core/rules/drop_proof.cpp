// What the recorded statements say about dropping an index, in words and as evidence.
#include "core/rules/drop_proof.h"

#include "core/costing/cost_model.h"
#include "core/rules/figures.h"

#include <algorithm>

namespace advisor::core {

namespace {

constexpr double hole_in_the_proof = 0.5; // of the confidence

bool is_complete(const DropProof &proof) {
    return proof.recorded && !proof.evicted && proof.not_planned == 0;
}

std::string counted(std::size_t count, const std::string &noun) {
    return human_number(static_cast<double>(count)) + " " + noun + (count == 1 ? "" : "s");
}

std::string plans_text(const DropProof &proof) {
    if (!proof.recorded)
        return "";
    if (proof.statements == 0 && proof.not_planned > 0)
        return "";
    if (proof.statements == 0)
        return " No recorded statement comes to the table more than once.";
    const std::string looked_at = counted(proof.statements, "recorded statement");
    if (proof.dearer.empty())
        return " With the index hidden, the plans of " + looked_at + " on the table cost what they did.";
    const DearerStatement &most = proof.dearer.front();
    return " Of " + looked_at + " on the table " + counted(proof.dearer.size(), "statement") +
           (proof.dearer.size() == 1 ? " has" : " have") +
           " another good plan without it: the cost of one execution rises from " +
           human_number(most.cost_before) + " to " + human_number(most.cost_after) +
           (proof.dearer.size() == 1 ? "." : " at the most.");
}

std::string holes_text(const DropProof &proof) {
    std::string text;
    if (proof.not_planned > 0)
        text += " " + counted(proof.not_planned, "recorded statement") +
                " on it can't be planned again and may use the index.";
    if (proof.evicted)
        text += " Statements were evicted from the recorder, perhaps such that used the index: with a larger "
                "db_advisor.max_memory none would be.";
    return text;
}

std::string savings_text(const DropProof &proof) {
    std::string text;
    if (proof.entries_per_day && proof.write_cost_per_day && *proof.entries_per_day > 0)
        text += " Each day about " + human_number(*proof.entries_per_day) +
                " rows need no entry in it any more, a cost of " + human_number(*proof.write_cost_per_day) +
                ".";
    if (proof.hot_updates_per_day && *proof.hot_updates_per_day > 0)
        text += " Up to " + human_number(*proof.hot_updates_per_day) +
                " updates a day become HOT: they assign columns that no other index holds.";
    return text;
}

} // namespace

bool is_dispensable(const DropProof &proof) {
    const bool dear =
        std::any_of(proof.dearer.begin(), proof.dearer.end(), [&](const DearerStatement &statement) {
            return statement.cost_after > proof.good_plan * statement.cost_before;
        });
    return !dear && proof.not_reached == 0 && proof.instead_of.empty();
}

std::string reason_to_keep(const DropProof &proof) {
    if (proof.not_reached > 0)
        return "there was no time to plan all statements on the table without the index";
    if (!proof.instead_of.empty())
        return "an index takes over from another one that is to go";
    return "a recorded statement would have no good plan without the index";
}

void add_proof(const DropProof &proof, bool repeated, Recommendation &finding) {
    finding.detail += plans_text(proof) + holes_text(proof) + savings_text(proof);
    if (repeated || !proof.recorded || is_complete(proof))
        return;
    finding.confidence *= hole_in_the_proof;
    if (proof.evicted)
        finding.severity = Severity::info;
}

std::vector<Fact> proof_facts(const DropProof &proof) {
    std::vector<Fact> facts;
    facts.push_back({"recorded", proof.recorded});
    facts.push_back({"statements", static_cast<std::int64_t>(proof.statements)});
    facts.push_back({"not_planned", static_cast<std::int64_t>(proof.not_planned)});
    facts.push_back({"ran_once", static_cast<std::int64_t>(proof.ran_once)});
    facts.push_back({"evicted", proof.evicted});
    facts.push_back({"use", proof.dearer.empty() ? "none that matters"
                                                 : "only by statements that have another good plan"});
    facts.push_back({"dearer_statements", static_cast<std::int64_t>(proof.dearer.size())});
    if (!proof.dearer.empty()) {
        const DearerStatement &most = proof.dearer.front();
        if (most.id)
            facts.push_back({"queryid", *most.id});
        facts.push_back({"calls", most.calls});
        facts.push_back({"cost_before", most.cost_before});
        facts.push_back({"cost_after", most.cost_after});
    }
    if (proof.write_cost_per_day)
        facts.push_back({"write_cost_per_day", *proof.write_cost_per_day});
    facts.push_back({"hot_updates_regained", proof.hot_updates});
    if (proof.hot_updates_per_day)
        facts.push_back({"hot_updates_regained_per_day", *proof.hot_updates_per_day});
    return facts;
}

} // namespace advisor::core
