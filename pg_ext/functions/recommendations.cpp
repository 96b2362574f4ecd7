// advisor.recommendations and the views that go with it: statements, candidates, coverage; advisor.analyze.
#include "core/rules/figures.h"
#include "pg_ext/advice/findings.h"
#include "pg_ext/advice/workload.h"
#include "pg_ext/boundary.h"
#include "pg_ext/functions/rows.h"
#include "pg_ext/owner.h"
#include "pg_ext/what_if/environment.h"

namespace advisor::pg {
namespace {

void put_finding(const FindingRow &finding, ReturnSetInfo *result) {
    const core::Recommendation &recommendation = finding.recommendation;
    ResultRow row;
    row.put(recommendation.id);
    row.put(recommendation.rule);
    row.put(recommendation.category);
    row.put(core::severity_name(recommendation.severity));
    row.put(recommendation.object);
    row.put(recommendation.title);
    row.put_text(recommendation.detail);
    row.put_json(finding.evidence_json);
    row.put_optional(recommendation.benefit);
    row.put_optional(recommendation.storage_bytes);
    row.put(recommendation.confidence);
    row.put_text(recommendation.fix);
    row.put_texts(recommendation.fix_steps);
    row.put_text(recommendation.rollback);
    finding.analysis_id != 0 ? row.put(finding.analysis_id) : row.null();
    row.put(std::string("open")); // the view knows better, where state is kept
    row.put_time(finding.first_seen);
    row.put_time(finding.last_seen);
    row.add_to(result);
}

void give_recommendations(FunctionCallInfo fcinfo) {
    ReturnSetInfo *result = begin_rows(fcinfo);
    for (const FindingRow &finding : gather_findings().rows)
        put_finding(finding, result);
}

void give_statements(FunctionCallInfo fcinfo) {
    ReturnSetInfo *result = begin_rows(fcinfo);
    const auto analysis = current_analysis();
    if (!analysis)
        return;
    for (const IndexFinding &finding : analysis->findings) {
        for (const FindingStatement &statement : finding.statements) {
            if (!may_read_statement(statement))
                continue;
            ResultRow row;
            row.put(finding.recommendation.id);
            analysis->id != 0 ? row.put(analysis->id) : row.null();
            row.put(statement.queryid);
            row.put(statement.query);
            row.put(static_cast<std::int64_t>(statement.calls));
            row.put(statement.total_ms);
            row.put(statement.share);
            row.put(statement.cost_before);
            row.put(statement.cost_after);
            row.put_texts({finding.recommendation.object});
            row.add_to(result);
        }
    }
}

void give_candidates(FunctionCallInfo fcinfo) {
    ReturnSetInfo *result = begin_rows(fcinfo);
    const auto analysis = current_analysis();
    if (!analysis)
        return;
    for (const CandidateRow &candidate : analysis->candidates) {
        if (!may_read_all_statements() && !owns_table(candidate.table))
            continue;
        ResultRow row;
        row.put(candidate.definition);
        row.put(candidate.size_bytes);
        row.put(candidate.gain);
        row.put(candidate.write_cost);
        row.put(candidate.verdict);
        const bool shows =
            !OidIsValid(candidate.role) || may_read_statement({0, candidate.role, "", 0, 0, 0, 0, 0});
        row.put_text(shows ? candidate.reason : "a statement of another role is the reason");
        row.add_to(result);
    }
}

void give_coverage(FunctionCallInfo fcinfo) {
    ReturnSetInfo *result = begin_rows(fcinfo);
    for (const CoverageRow &coverage : gather_findings().coverage) {
        ResultRow row;
        row.put(coverage.rule);
        row.put(coverage.state);
        row.put(coverage.examined);
        row.put(coverage.skipped);
        row.put_text(coverage.reason);
        row.put(coverage.milliseconds);
        row.add_to(result);
    }
}

// What is written down is what the extension's owner sees: a reader with fewer rights would close what is
// hidden from him. Returns the number of findings.
std::int64_t keep_findings(bool complete) {
    const AsOwner as_owner;
    const bool read_only = pg_call([] { return XactReadOnly || RecoveryInProgress(); });
    const bool writes = !read_only && script_is_current();
    if (writes)
        call_as_owner("keep_index_changes", {}); // first: rules tell of what it finds
    const HeldFindings findings;
    if (read_only)
        pg_call([] {
            ereport(NOTICE, errmsg("the transaction is read-only: nothing of the analysis is written down"));
        });
    if (writes) {
        const NullableDatum analysis_complete{BoolGetDatum(complete), false};
        call_as_owner("keep_findings", {&analysis_complete, 1});
    }
    return static_cast<std::int64_t>((*findings).rows.size());
}

void give_analysis(FunctionCallInfo fcinfo) {
    ReturnSetInfo *result = begin_rows(fcinfo);
    const bool has_workload = workload_source() != WorkloadSource::none;
    Analysis analysis;
    if (has_workload)
        analysis = analyse_now();
    else
        analysis.finished = GetCurrentTimestamp();
    const std::int64_t findings = keep_findings(analysis.complete && has_workload);
    ResultRow row;
    analysis.id != 0 ? row.put(analysis.id) : row.null();
    row.put_time(analysis.finished);
    row.put(analysis.statements);
    row.put(static_cast<std::int64_t>(analysis.skipped.size()));
    row.put(static_cast<std::int64_t>(analysis.candidates.size()));
    row.put(findings);
    row.put(analysis.what_if_calls);
    row.put(analysis.milliseconds);
    row.put(analysis.complete);
    row.add_to(result);
}

} // namespace
} // namespace advisor::pg

ADVISOR_SQL_FUNCTION(db_advisor_recommendations) {
    advisor::pg::quietly([=] { advisor::pg::give_recommendations(fcinfo); });
    return Datum{0};
}

ADVISOR_SQL_FUNCTION(db_advisor_recommendation_statements) {
    advisor::pg::quietly([=] { advisor::pg::give_statements(fcinfo); });
    return Datum{0};
}

ADVISOR_SQL_FUNCTION(db_advisor_index_candidates) {
    advisor::pg::quietly([=] { advisor::pg::give_candidates(fcinfo); });
    return Datum{0};
}

ADVISOR_SQL_FUNCTION(db_advisor_coverage) {
    advisor::pg::quietly([=] { advisor::pg::give_coverage(fcinfo); });
    return Datum{0};
}

ADVISOR_SQL_FUNCTION(db_advisor_analyze) {
    advisor::pg::quietly([=] { advisor::pg::give_analysis(fcinfo); });
    return Datum{0};
}
