// One index analysis of this database's recorded workload, kept in the shared store for every reader.
#include "pg_ext/advice/analysis.h"

#include "core/catalog/ddl.h"
#include "core/rules/extension_hint.h"
#include "core/rules/missing_index.h"
#include "pg_ext/advice/analysis_codec.h"
#include "pg_ext/advice/facts_json.h"
#include "pg_ext/advice/index_advice.h"
#include "pg_ext/advice/workload.h"
#include "pg_ext/settings.h"
#include "pg_ext/sql_query.h"
#include "pg_ext/store/analyses.h"

#include <algorithm>
#include <map>

namespace advisor::pg {
namespace {

constexpr double growth_that_counts = 1.2; // of the recorded time, since the analysis

std::string iso_time(TimestampTz time) {
    return time == 0 ? "" : pg_call([=] { return pstrdup(timestamptz_to_str(time)); });
}

std::string verdict_name(core::Verdict verdict) {
    switch (verdict) {
    case core::Verdict::chosen: return "chosen";
    case core::Verdict::not_used: return "not used";
    case core::Verdict::too_little_gain: return "too little gain";
    case core::Verdict::write_cost: return "write cost";
    case core::Verdict::over_budget: return "over budget";
    case core::Verdict::table_limit: return "table limit";
    case core::Verdict::makes_worse: return "makes worse";
    case core::Verdict::not_tried: break;
    }
    return "not tried";
}

std::string definition_of(const IndexAdvice &advice, std::size_t candidate) {
    return core::create_index_sql(advice.candidates[candidate].definition, core::Dialect::postgresql);
}

Oid table_of(const IndexAdvice &advice, std::size_t candidate) {
    return static_cast<Oid>(advice.tables[advice.candidates[candidate].table].id);
}

// Names of relations in the schemas of the tables and their partitions: a new index must have none of them.
std::vector<std::string> taken_names(const IndexAdvice &advice) {
    std::string schemas;
    const auto add = [&](const std::string &schema) {
        schemas += (schemas.empty() ? "" : ", ") + core::quote_literal(schema);
    };
    for (const core::Table &table : advice.tables) {
        add(table.schema);
        for (const core::Partition &partition : table.partitions)
            add(partition.schema);
    }
    std::vector<std::string> names;
    if (schemas.empty())
        return names;
    const QueryRows rows = run_query("SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = "
                                     "c.relnamespace WHERE n.nspname IN (" +
                                     schemas + ")");
    for (const auto &row : rows.rows)
        names.push_back(row[0].value_or(""));
    return names;
}

const core::ChosenIndex *chosen_with(const IndexAdvice &advice, const core::Recommendation &finding) {
    for (const core::Fact &fact : finding.evidence)
        if (fact.name == "definition")
            for (const core::ChosenIndex &chosen : advice.selection.chosen)
                if (definition_of(advice, chosen.candidate) == std::get<std::string>(fact.value))
                    return &chosen;
    return nullptr;
}

std::vector<FindingStatement> statements_of(const IndexAdvice &advice,
                                            const std::vector<core::StatementEffect> &effects,
                                            const RecordedWorkload &workload) {
    std::map<std::int64_t, const StatementInput *> inputs;
    for (const StatementInput &input : workload.statements)
        inputs[input.id] = &input;
    std::vector<FindingStatement> statements;
    for (const core::StatementEffect &effect : effects) {
        const core::Statement &planned = advice.statements[effect.statement];
        FindingStatement statement;
        statement.queryid = planned.id;
        statement.role = inputs[planned.id]->surroundings->role;
        statement.query = planned.text;
        statement.calls = planned.calls;
        statement.total_ms = planned.total_ms;
        statement.share = workload.recorded_ms > 0 ? planned.total_ms / workload.recorded_ms : 0;
        statement.cost_before = effect.cost_before;
        statement.cost_after = effect.cost_after;
        statements.push_back(std::move(statement));
    }
    return statements;
}

void add_hints(const IndexAdvice &advice, const RecordedWorkload &workload,
               const core::IndexAdviceContext &context, Analysis &analysis) {
    for (core::ExtensionHint &hint :
         core::extension_hints(advice.statements, advice.tables, AdviceLimits().min_table_rows, context)) {
        std::vector<core::StatementEffect> unchanged;
        for (const std::size_t statement : hint.statements)
            unchanged.push_back({statement, advice.base_costs[statement], advice.base_costs[statement]});
        IndexFinding row;
        row.evidence_json = facts_json(hint.finding.evidence);
        row.table = static_cast<Oid>(advice.tables[hint.table].id);
        row.statements = statements_of(advice, unchanged, workload);
        hint.finding.evidence.clear();
        row.recommendation = std::move(hint.finding);
        analysis.findings.push_back(std::move(row));
    }
}

void add_findings(const IndexAdvice &advice, const RecordedWorkload &workload, Analysis &analysis) {
    core::IndexAdviceContext context;
    context.window_from = iso_time(workload.first_seen);
    context.window_to = iso_time(analysis.finished);
    context.confidence_caps = advice.confidence_caps;
    const std::vector<std::string> taken = taken_names(advice);
    context.taken_names = taken;
    for (core::Recommendation &finding : core::missing_index_findings(
             advice.selection, advice.candidates, advice.statements, advice.tables, context)) {
        const core::ChosenIndex *chosen = chosen_with(advice, finding);
        IndexFinding row;
        row.evidence_json = facts_json(finding.evidence);
        if (chosen) {
            row.table = table_of(advice, chosen->candidate);
            row.statements = statements_of(advice, chosen->effects, workload);
        }
        finding.evidence.clear();
        row.recommendation = std::move(finding);
        analysis.findings.push_back(std::move(row));
    }
    add_hints(advice, workload, context, analysis);
}

Oid role_of(const RecordedWorkload &workload, std::int64_t queryid) {
    for (const StatementInput &input : workload.statements)
        if (input.id == queryid && input.surroundings)
            return input.surroundings->role;
    return InvalidOid;
}

void add_candidates(const IndexAdvice &advice, const RecordedWorkload &workload, Analysis &analysis) {
    for (const core::CandidateVerdict &verdict : advice.selection.verdicts) {
        CandidateRow row;
        row.definition = definition_of(advice, verdict.candidate);
        row.table = table_of(advice, verdict.candidate);
        row.size_bytes = static_cast<std::int64_t>(verdict.cost.bytes);
        row.gain = verdict.gain;
        row.write_cost = verdict.cost.write_cost;
        row.verdict = verdict_name(verdict.verdict);
        row.reason = verdict.reason;
        if (verdict.statement)
            row.role = role_of(workload, advice.statements[*verdict.statement].id);
        analysis.candidates.push_back(std::move(row));
    }
}

bool is_fresh(const Analysis &analysis, TimestampTz now) {
    return now - analysis.finished <= static_cast<std::int64_t>(settings::analysis_max_age) * USECS_PER_SEC &&
           catalog_signature(analysis.relations) == analysis.catalog &&
           recorded_milliseconds() <= analysis.recorded_ms * growth_that_counts;
}

LOCKTAG analysis_lock() {
    LOCKTAG tag;
    SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, 0x61647669, 1, 4); // a class of its own beside pg_advisory_lock's
    return tag;
}

// False when another session analyses this database. Ends with the transaction if it is not given back.
bool begin_analysis() {
    return pg_call([] {
        const LOCKTAG tag = analysis_lock();
        return LockAcquire(&tag, ExclusiveLock, false, true) != LOCKACQUIRE_NOT_AVAIL;
    });
}

void end_analysis() {
    pg_call([] {
        const LOCKTAG tag = analysis_lock();
        LockRelease(&tag, ExclusiveLock, false);
    });
}

// Ends the analysis.
Analysis publish(Analysis analysis) {
    analysis.id = store::publish_analysis(MyDatabaseId, analysis.finished, encode_analysis(analysis));
    end_analysis();
    return analysis;
}

} // namespace

std::uint64_t catalog_signature(const std::vector<Oid> &relations) {
    std::string list;
    for (const Oid relation : relations)
        list += (list.empty() ? "" : ",") + std::to_string(relation);
    const QueryRows rows = run_query(
        "SELECT hashtextextended(coalesce(string_agg(format('%s %s %s %s', c.oid, c.relnatts, i.indexrelid, "
        "i.indisvalid), ',' ORDER BY c.oid, i.indexrelid), ''), 0) FROM pg_class AS c LEFT JOIN pg_index AS "
        "i ON "
        "i.indrelid = c.oid WHERE c.oid = ANY ('{" +
        list + "}'::oid[])");
    return static_cast<std::uint64_t>(number_of<std::int64_t>(rows.rows.at(0).at(0)).value_or(0));
}

Analysis analyse_workload(Sampling sampling) {
    const RecordedWorkload workload = current_workload(Evidence::enough, Reader::analysis);
    AdviceLimits limits;
    limits.time_budget_ms = settings::analysis_time_budget;
    limits.sampling = sampling;
    const IndexAdvice advice = advise_indexes(workload.statements, limits);
    Analysis analysis;
    analysis.finished = GetCurrentTimestamp();
    analysis.statements = static_cast<std::int64_t>(advice.statements.size());
    analysis.what_if_calls = static_cast<std::int64_t>(advice.selection.planner_calls);
    analysis.milliseconds = advice.milliseconds;
    analysis.recorded_ms = workload.recorded_ms;
    analysis.complete = advice.selection.complete;
    analysis.searched = describe(advice.searched, advice.statements.size());
    for (const core::Table &table : advice.tables)
        analysis.relations.push_back(static_cast<Oid>(table.id));
    analysis.catalog = catalog_signature(analysis.relations);
    add_findings(advice, workload, analysis);
    add_candidates(advice, workload, analysis);
    for (const SkippedStatement &skipped : advice.skipped)
        analysis.skipped.push_back({skipped.id, skipped.reason});
    for (const SkippedStatement &skipped : workload.skipped)
        analysis.skipped.push_back({skipped.id, skipped.reason});
    return analysis;
}

Analysis analyse_now() {
    if (!begin_analysis())
        pg_call([] { refuse(ERRCODE_OBJECT_IN_USE, "another session is analysing this database"); });
    return publish(analyse_workload(allowed_sampling()));
}

std::optional<Analysis> last_known_analysis() {
    const auto published = store::last_analysis(MyDatabaseId);
    if (!published)
        return std::nullopt;
    Analysis analysis = decode_analysis(published->bytes);
    analysis.id = published->id;
    analysis.finished = published->finished;
    return analysis;
}

std::optional<Analysis> current_analysis() {
    std::optional<Analysis> last = last_known_analysis();
    if ((last && is_fresh(*last, GetCurrentTimestamp())) || !begin_analysis())
        return last;
    return publish(analyse_workload(Sampling::none));
}

} // namespace advisor::pg
