// Everything the advisor has to say about this database at the moment, filtered by the reader's rights.
#pragma once
#include "core/rules/recommendation.h"
#include "pg_ext/advice/analysis.h"

#include <optional>
#include <string>
#include <vector>

namespace advisor::pg {

// A row of advisor.recommendations.
struct FindingRow {
    core::Recommendation recommendation;
    std::string evidence_json;
    std::int64_t analysis_id = 0; // 0: not from an index analysis
    TimestampTz first_seen = 0;
    TimestampTz last_seen = 0;
};

// A row of advisor.coverage.
struct CoverageRow {
    std::string rule;
    std::string state; // ran, failed, skipped, waiting
    std::int64_t examined = 0;
    std::int64_t skipped = 0;
    std::string reason;
    double milliseconds = 0;
};

struct Findings {
    std::vector<FindingRow> rows; // by severity, benefit (none last), confidence, id
    std::vector<CoverageRow> coverage;
};

// Runs the catalog rules and takes the index analysis, a new one where the last is stale. A part that fails
// is a row of the coverage; the rest goes on.
Findings gather_findings();

// While it lives, gather_findings gives these: what several queries of one request read is gathered once, and
// with the rights of who gathered it.
class HeldFindings {
public:
    HeldFindings();
    HeldFindings(const HeldFindings &) = delete;
    HeldFindings &operator=(const HeldFindings &) = delete;
    ~HeldFindings();
    const Findings &operator*() const { return findings_; }

private:
    Findings findings_;
};

// May the current user read what rests on this statement, or on this table's statements?
bool may_read_statement(const FindingStatement &statement);
bool may_read_finding(const IndexFinding &finding);
bool owns_table(Oid table);

} // namespace advisor::pg
