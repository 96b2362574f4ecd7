// The first look at a plan: ids of the statement and of the plan's shape.
#include "pg_ext/observe/known_plan.h"

#include "pg_ext/observe/parse_notes.h"
#include "pg_ext/observe/replannable_text.h"
#include "pg_ext/plan_fingerprint.h"

namespace advisor::pg::observe {

std::uint64_t plan_epoch = 1;
KnownPlan known_plan_table[known_plans];

namespace {

// From the server where it has one. Texts that the server leaves without an id are fingerprinted here.
std::uint64_t source_id(const QueryDesc *query) {
    const PlannedStmt *statement = query->plannedstmt;
    if (statement->queryId != 0)
        return statement->queryId;
    const TextCut text =
        inner_statement(cut_statement(query->sourceText, statement->stmt_location, statement->stmt_len));
    return text.length > 0 ? text_fingerprint(text) : textless_key(statement);
}

// Ours: the same bits in another order, so that nobody joins it to the server's.
std::int64_t statement_id(std::uint64_t source) {
    std::uint64_t id = (source ^ (source >> 30)) * 0xBF58476D1CE4E5B9ULL;
    return static_cast<std::int64_t>(id ^ (id >> 27));
}

} // namespace

KnownPlan &get_to_know(const QueryDesc *query, Oid role, bool nested, KnownPlan &entry) {
    const std::uint64_t source = source_id(query);
    const store::StatementKey key{statement_id(source), role, MyDatabaseId, nested};
    const std::int64_t planid = plan_fingerprint(query->plannedstmt);
    entry = {query->plannedstmt, plan_epoch, source, key, planid, store::place_of(key, planid)};
    return entry;
}

} // namespace advisor::pg::observe
