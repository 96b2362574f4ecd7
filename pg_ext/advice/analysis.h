// One index analysis of this database's recorded workload, kept in the shared store for every reader.
#pragma once
#include "core/rules/recommendation.h"
#include "pg_ext/what_if/size_index.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace advisor::pg {

// A recorded statement that a finding rests on.
struct FindingStatement {
    std::int64_t queryid = 0;
    Oid role = InvalidOid;
    std::string query;
    double calls = 0;
    double total_ms = 0;
    double share = 0; // of the recorded time, 0–1
    double cost_before = 0;
    double cost_after = 0;
};

struct IndexFinding {
    core::Recommendation recommendation; // evidence is empty: see evidence_json
    std::string evidence_json;
    Oid table = InvalidOid;
    std::vector<FindingStatement> statements;
};

// A row of advisor.index_candidates.
struct CandidateRow {
    std::string definition;
    Oid table = InvalidOid;
    std::int64_t size_bytes = 0;
    double gain = 0;
    double write_cost = 0;
    std::string verdict;
    std::string reason;
    Oid role = InvalidOid; // whose statement the reason speaks of
};

struct SkippedRow {
    std::int64_t queryid = 0;
    std::string reason;
};

struct Analysis {
    std::int64_t id = 0;
    TimestampTz finished = 0;
    std::int64_t statements = 0; // that were planned
    std::int64_t what_if_calls = 0;
    double milliseconds = 0;
    double recorded_ms = 0;     // of the whole workload when it was analysed
    bool complete = true;       // false: out of time
    std::string searched;       // how much of the workload the search has seen; empty: all of it
    std::vector<Oid> relations; // that the statements read
    std::uint64_t catalog = 0;  // catalog_signature(relations) when it was analysed
    std::vector<IndexFinding> findings;
    std::vector<CandidateRow> candidates;
    std::vector<SkippedRow> skipped;
};

// Indexes and columns of the relations as one number: another one after DDL on any of them.
std::uint64_t catalog_signature(const std::vector<Oid> &relations);

// Analyses the recorded workload now. Statements of all roles count: who may read which finding is the
// reader's side.
Analysis analyse_workload(Sampling sampling);

// Analyses now and publishes, with a row sample where allowed. Raises 55006 while another session analyses
// this database.
Analysis analyse_now();

// The last analysis, or a new one when it is older than analysis_max_age, when DDL touched a relation in it,
// or when the recorded time has grown by a fifth. While another session analyses this database: the previous
// one, or none.
std::optional<Analysis> current_analysis();

// The last one as it is, however old.
std::optional<Analysis> last_known_analysis();

} // namespace advisor::pg
