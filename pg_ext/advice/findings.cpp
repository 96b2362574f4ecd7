// Everything the advisor has to say about this database at the moment.
#include "pg_ext/advice/findings.h"

#include "pg_ext/advice/catalog_rules.h"
#include "pg_ext/advice/drop_proofs.h"
#include "pg_ext/advice/workload.h"
#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"
#include "pg_ext/store/advised_databases.h"

#include <algorithm>
#include <tuple>

namespace advisor::pg {
namespace {

const Findings *held = nullptr;

constexpr const char *index_rules[] = {"missing-index-filter", "missing-index-join", "missing-index-sort"};

void add_index_findings(const Analysis &analysis, Findings &findings) {
    for (const IndexFinding &finding : analysis.findings) {
        if (!may_read_finding(finding))
            continue;
        findings.rows.push_back({finding.recommendation, finding.evidence_json, analysis.id,
                                 analysis.finished, analysis.finished});
    }
}

std::string reason_of(const Analysis &analysis) {
    std::string reason;
    if (!analysis.complete)
        reason = "the time budget ended the search; ";
    if (!analysis.skipped.empty()) {
        const SkippedRow &skipped = analysis.skipped.front();
        if (skipped.queryid != 0) // not even that is shown to everybody
            reason += "for example statement " + std::to_string(skipped.queryid) + ": ";
        reason += skipped.reason;
    }
    return reason;
}

void add_index_coverage(const std::optional<Analysis> &analysis, const std::string &failure,
                        Findings &findings) {
    for (const char *rule : index_rules) {
        CoverageRow row;
        row.rule = rule;
        if (!failure.empty()) {
            row.state = "failed";
            row.reason = failure;
        } else if (!analysis) {
            row.state = "waiting";
            row.reason = not_ready() ? not_ready()->note : "another session is analysing this database";
        } else {
            row.state = "ran";
            row.examined = analysis->statements;
            row.skipped = static_cast<std::int64_t>(analysis->skipped.size());
            row.reason = reason_of(*analysis);
            row.milliseconds = analysis->milliseconds / static_cast<double>(std::size(index_rules));
        }
        findings.coverage.push_back(std::move(row));
    }
}

void run_index_analysis(Findings &findings) {
    std::optional<Analysis> analysis;
    std::string problem;
    if (workload_source() != WorkloadSource::none) {
        const auto failure = pg_try_and_roll_back([&] { analysis = current_analysis(); });
        if (failure)
            problem = failure->message;
    }
    if (analysis)
        add_index_findings(*analysis, findings);
    add_index_coverage(analysis, problem, findings);
}

// Without a proof nothing is advised to be dropped.
void prove_what_goes(Findings &findings) {
    Findings proven = findings;
    const auto failure = pg_try_and_roll_back([&] { prove_drops(proven); });
    if (!failure) {
        findings = std::move(proven);
        return;
    }
    withdraw_drops(failure->message, findings);
}

// While something stops the advisor from looking, silence would be a lie.
void add_not_ready(Findings &findings) {
    const auto obstacle = not_ready();
    findings.coverage.push_back({"advisor-not-ready", "ran", 1, 0, "", 0});
    if (!obstacle)
        return;
    FindingRow row;
    core::Recommendation &finding = row.recommendation;
    finding.rule = "advisor-not-ready";
    finding.category = "configuration";
    finding.severity = core::Severity::info;
    finding.object = "db_advisor";
    finding.id = core::fingerprint(finding.rule, finding.object, obstacle->name);
    if (obstacle->name == version_item_name) {
        finding.title = "The advisor does not run in full: " + obstacle->note;
        finding.detail =
            "Rules and the state of findings need a library and SQL objects of the same version.";
    } else if (workload_source() == WorkloadSource::server_statements) {
        finding.title = "The advisor knows the workload from pg_stat_statements only: " + obstacle->note;
        finding.detail = "Findings that rest on plans and parameter values are missing until this is mended.";
    } else {
        finding.title = "The advisor cannot see the workload: " + obstacle->note;
        finding.detail = "Findings that rest on recorded statements are missing until this is mended.";
    }
    finding.fix = obstacle->fix;
    finding.fix_steps = {obstacle->fix};
    row.evidence_json = "{}";
    row.first_seen = row.last_seen = GetCurrentTimestamp();
    findings.rows.push_back(std::move(row));
}

} // namespace

bool may_read_statement(const FindingStatement &statement) {
    const Oid owner = statement.role;
    return pg_call([=] {
        return has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS) || owner == GetUserId() ||
               (SearchSysCacheExists1(AUTHOID, ObjectIdGetDatum(owner)) &&
                has_privs_of_role(GetUserId(), owner));
    });
}

bool owns_table(Oid table) {
    return pg_call(
        [=] { return SearchSysCacheExists1(RELOID, ObjectIdGetDatum(table)) && owns_relation(table); });
}

bool may_read_finding(const IndexFinding &finding) {
    return owns_table(finding.table) ||
           std::all_of(finding.statements.begin(), finding.statements.end(), may_read_statement);
}

HeldFindings::HeldFindings() : findings_(gather_findings()) {
    held = &findings_;
}

HeldFindings::~HeldFindings() {
    held = nullptr;
}

Findings gather_findings() {
    if (held)
        return *held;
    store::note_advised_database(MyDatabaseId);
    Findings findings;
    script_is_current() ? run_catalog_rules(findings) : skip_catalog_rules(findings);
    prove_what_goes(findings);
    run_index_analysis(findings);
    add_not_ready(findings);
    std::stable_sort(findings.rows.begin(), findings.rows.end(),
                     [](const FindingRow &left, const FindingRow &right) {
                         const auto key = [](const core::Recommendation &row) {
                             return std::tuple(row.severity, !row.benefit, -row.benefit.value_or(0),
                                               -row.confidence, row.id);
                         };
                         return key(left.recommendation) < key(right.recommendation);
                     });
    return findings;
}

} // namespace advisor::pg
