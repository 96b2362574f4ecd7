// Findings that advise to drop an index, put to the test by planning.
//
// Each statement on such a table is planned with all these indexes hidden: where that costs no more than
// before, none of them matters to it, alone or together. Where it does, they are hidden one by one, and at
// the end in the order in which they would best go, so that of two that stand in for each other one stays.
#include "pg_ext/advice/drop_proofs.h"

#include "core/costing/cost_model.h"
#include "core/costing/write_cost.h"
#include "core/rules/drop_proof.h"
#include "pg_ext/advice/dropped_index.h"
#include "pg_ext/advice/facts_json.h"
#include "pg_ext/advice/plannable_statement.h"
#include "pg_ext/advice/planning_memory.h"
#include "pg_ext/advice/workload.h"
#include "pg_ext/settings.h"
#include "pg_ext/store/evictions.h"

#include <algorithm>
#include <map>
#include <set>

namespace advisor::pg {
namespace {

constexpr std::int64_t share_of_time = 4;      // of db_advisor.analysis_time_budget
constexpr std::size_t all_relations_known = 7; // of a statement with more some are left out
constexpr double days_per_hour = 1.0 / 24;
constexpr double microseconds_per_day = 86400e6;

// A dearer statement, kept with its trees for the last round.
struct Disputed {
    PlannableStatement plannable;
    double cost = 0;
    std::vector<std::size_t> indexes; // positions
};

struct Proving {
    std::vector<DroppedIndex> indexes;
    std::vector<core::DropProof> proofs; // beside them
    std::vector<Disputed> disputed;
    TimestampTz deadline = 0;

    bool in_time() const { return GetCurrentTimestamp() < deadline; }
};

bool touches(const std::vector<Oid> &relations, const DroppedIndex &index) {
    return relations.empty() || relations.size() > all_relations_known ||
           std::any_of(relations.begin(), relations.end(),
                       [&](Oid relation) { return index.tables.count(relation) > 0; });
}

std::vector<std::size_t> indexes_of(const std::vector<Oid> &relations, const Proving &proving) {
    std::vector<std::size_t> positions;
    for (std::size_t i = 0; i < proving.indexes.size(); ++i)
        if (touches(relations, proving.indexes[i]))
            positions.push_back(i);
    return positions;
}

// None: it can't be planned at the moment.
std::optional<double> cost_without(PlannableStatement &plannable, const std::vector<std::size_t> &positions,
                                   const Proving &proving) {
    std::vector<Oid> hidden;
    for (const std::size_t position : positions) {
        const std::vector<Oid> &more = proving.indexes[position].hidden;
        hidden.insert(hidden.end(), more.begin(), more.end());
    }
    IndexSet set;
    set.hidden = hidden.data();
    set.hidden_count = static_cast<int>(hidden.size());
    const PlanOutcome outcome = plannable.plan(set);
    return outcome.failure ? std::nullopt : std::optional(outcome.planned.cost);
}

bool contains(const std::vector<std::string> &columns, const std::string &column) {
    return std::find(columns.begin(), columns.end(), column) != columns.end();
}

// Rows of an update that would be HOT without the index: it assigns a column of this one and of no other.
void count_hot_updates(const PlannableStatement &plannable, const std::vector<std::size_t> &positions,
                       Proving &proving) {
    const auto &write = plannable.write();
    if (!write || plannable.kind() != core::StatementKind::update)
        return;
    for (const std::size_t position : positions) {
        const DroppedIndex &index = proving.indexes[position];
        bool own = false, others = false;
        for (const std::string &column : write->columns) {
            own = own || contains(index.columns, column);
            others = others || contains(index.other_columns, column);
        }
        if (index.table == write->relation && own && !others)
            proving.proofs[position].hot_updates += plannable.input().rows;
    }
}

void note_dearer(const StatementInput &input, double before, double after, core::DropProof &proof) {
    const Oid role = input.surroundings ? input.surroundings->role : InvalidOid;
    core::DearerStatement dearer;
    if (may_read_statement({0, role, "", 0, 0, 0, 0, 0}))
        dearer.id = input.id;
    dearer.calls = input.calls;
    dearer.cost_before = before;
    dearer.cost_after = after;
    proof.dearer.push_back(dearer);
}

void look_closer(PlannableStatement &plannable, double before, const std::vector<std::size_t> &positions,
                 Proving &proving) {
    for (const std::size_t position : positions) {
        const auto after = cost_without(plannable, {position}, proving);
        if (after && core::is_dearer(*after, before))
            note_dearer(plannable.input(), before, *after, proving.proofs[position]);
    }
    if (positions.size() > 1)
        proving.disputed.push_back({plannable, before, positions});
    else
        plannable.keep_no_trees();
}

void look_at(const StatementInput &input, const std::vector<std::size_t> &positions, Proving &proving) {
    AccessCapture capture{CurrentMemoryContext};
    PlannableStatement plannable(input);
    const PlanOutcome planned = plannable.prepare(capture);
    const auto after = planned.failure ? std::nullopt : cost_without(plannable, positions, proving);
    for (const std::size_t position : positions)
        ++(after ? proving.proofs[position].statements : proving.proofs[position].not_planned);
    if (!after) {
        plannable.keep_no_trees();
        return;
    }
    count_hot_updates(plannable, positions, proving);
    if (core::is_dearer(*after, planned.planned.cost))
        look_closer(plannable, planned.planned.cost, positions, proving);
    else
        plannable.keep_no_trees();
}

void look_at_all(const RecordedWorkload &workload, Proving &proving) {
    for (const StatementInput &input : workload.statements) {
        poll_interrupts();
        const std::vector<std::size_t> positions = indexes_of(input.relations, proving);
        if (positions.empty())
            continue;
        if (proving.in_time())
            look_at(input, positions, proving);
        else
            for (const std::size_t position : positions)
                ++proving.proofs[position].not_reached;
    }
    for (const NotPlannable &statement : workload.not_plannable)
        for (const std::size_t position : indexes_of(statement.relations, proving)) {
            core::DropProof &proof = proving.proofs[position];
            if (!statement.relations.empty())
                ++(statement.ran_once ? proof.ran_once : proof.not_planned);
        }
}

// Dearest by ratio first.
void sort_dearer(core::DropProof &proof) {
    std::stable_sort(proof.dearer.begin(), proof.dearer.end(),
                     [](const core::DearerStatement &left, const core::DearerStatement &right) {
                         return left.cost_after * right.cost_before > right.cost_after * left.cost_before;
                     });
}

// An index that nobody uses stays while it takes over from another one that goes; one that is found twice
// goes once.
void keep_substitutes(const Findings &findings, Proving &proving) {
    std::map<std::string, std::string> stands_in; // identity of what stays -> of what goes
    std::set<std::string> goes;
    for (std::size_t i = 0; i < proving.indexes.size(); ++i) {
        const DroppedIndex &index = proving.indexes[i];
        const std::string &object = findings.rows[index.finding].recommendation.object;
        if (!core::is_dispensable(proving.proofs[i]))
            continue;
        const auto substitute = stands_in.find(object);
        if (index.kept.empty() && substitute != stands_in.end())
            proving.proofs[i].instead_of = substitute->second;
        else if (!goes.insert(object).second)
            proving.proofs[i].instead_of = object; // another rule said it
        else if (!index.kept.empty())
            stands_in.emplace(index.kept, object);
    }
}

// What each does not need alone it may need together: in the order of the list, what makes it dearer stays.
void settle_disputes(const Findings &findings, Proving &proving) {
    for (Disputed &disputed : proving.disputed) {
        std::vector<std::size_t> hidden;
        for (const std::size_t position : disputed.indexes) {
            core::DropProof &proof = proving.proofs[position];
            if (!core::is_dispensable(proof))
                continue;
            hidden.push_back(position);
            const auto after = hidden.size() > 1 ? cost_without(disputed.plannable, hidden, proving)
                                                 : std::optional(disputed.cost);
            if (after && !core::is_dearer(*after, proof.good_plan * disputed.cost))
                continue;
            hidden.pop_back();
            proof.instead_of = findings.rows[proving.indexes[hidden.front()].finding].recommendation.object;
        }
    }
}

bool lost_statements(const DroppedIndex &index) {
    if (!is_recording())
        return false;
    return store::lost_without_trace() > 0 ||
           std::any_of(index.tables.begin(), index.tables.end(),
                       [](Oid table) { return store::was_evicted_from(MyDatabaseId, table); });
}

void add_savings(const DroppedIndex &index, double recorded_days, core::DropProof &proof) {
    proof.entries_per_day = index.entries_per_day;
    if (index.entries_per_day) {
        core::WriteCostParameters parameters;
        parameters.seq_page_cost = seq_page_cost;
        parameters.cpu_operator_cost = cpu_operator_cost;
        parameters.cpu_index_tuple_cost = cpu_index_tuple_cost;
        proof.write_cost_per_day = *index.entries_per_day * core::entry_cost(index.rows, parameters);
    }
    if (recorded_days >= days_per_hour)
        proof.hot_updates_per_day = proof.hot_updates / recorded_days;
}

void note_kept(const std::string &rule, const std::string &reason, Findings &findings) {
    for (CoverageRow &coverage : findings.coverage)
        if (coverage.rule == rule) {
            ++coverage.skipped;
            if (coverage.reason.empty())
                coverage.reason = reason;
        }
}

void apply(const Proving &proving, Findings &findings) {
    std::vector<bool> withdrawn(findings.rows.size());
    for (std::size_t i = 0; i < proving.indexes.size(); ++i) {
        const DroppedIndex &index = proving.indexes[i];
        const core::DropProof &proof = proving.proofs[i];
        FindingRow &row = findings.rows[index.finding];
        if (!core::is_dispensable(proof)) {
            withdrawn[index.finding] = true;
            note_kept(index.rule, core::reason_to_keep(proof), findings);
            continue;
        }
        core::add_proof(proof, finds_repeated(index.rule), row.recommendation);
        row.evidence_json.pop_back(); // the brace; a rule's evidence is an object with something in it
        row.evidence_json += ", \"proof\": " + facts_json(core::proof_facts(proof)) + "}";
    }
    std::size_t next = 0;
    for (std::size_t i = 0; i < findings.rows.size(); ++i)
        if (!withdrawn[i]) {
            if (next != i)
                findings.rows[next] = std::move(findings.rows[i]);
            ++next;
        }
    findings.rows.resize(next);
}

double days_since(TimestampTz time) {
    return time == 0 ? 0 : static_cast<double>(GetCurrentTimestamp() - time) / microseconds_per_day;
}

} // namespace

void withdraw_drops(const std::string &reason, Findings &findings) {
    std::erase_if(findings.rows, [](const FindingRow &row) { return finds_drops(row.recommendation.rule); });
    for (CoverageRow &coverage : findings.coverage)
        if (finds_drops(coverage.rule) && coverage.state == "ran") {
            coverage.state = "failed";
            coverage.reason = reason;
        }
}

void prove_drops(Findings &findings) {
    Proving proving;
    proving.indexes = read_dropped_indexes(findings.rows);
    if (proving.indexes.empty())
        return;
    proving.proofs.resize(proving.indexes.size());
    proving.deadline =
        GetCurrentTimestamp() + std::int64_t{settings::analysis_time_budget} * 1000 / share_of_time;
    const bool recorded = workload_source() != WorkloadSource::none;
    const PlanningMemory memory("db_advisor drop proofs");
    const RecordedWorkload workload =
        recorded ? current_workload(Evidence::any, Reader::analysis) : RecordedWorkload{};
    for (std::size_t i = 0; i < proving.indexes.size(); ++i) {
        proving.proofs[i].recorded = recorded;
        proving.proofs[i].good_plan = std::max(1.01, proving.indexes[i].good_plan);
        proving.proofs[i].evicted = lost_statements(proving.indexes[i]);
    }
    look_at_all(workload, proving);
    for (std::size_t i = 0; i < proving.indexes.size(); ++i) {
        sort_dearer(proving.proofs[i]);
        add_savings(proving.indexes[i], days_since(workload.first_seen), proving.proofs[i]);
    }
    keep_substitutes(findings, proving);
    settle_disputes(findings, proving);
    apply(proving, findings);
}

} // namespace advisor::pg
