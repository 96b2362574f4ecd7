// The first look at a plan: ids of the statement and of the plan's shape.
#include "pg_ext/observe/known_plan.h"

#include "pg_ext/observe/identity.h"
#include "pg_ext/observe/parse_notes.h"
#include "pg_ext/observe/replannable_text.h"
#include "pg_ext/observe/source_key.h"
#include "pg_ext/plan_fingerprint.h"

namespace advisor::pg::observe {

std::uint64_t plan_epoch = 1;
KnownPlan known_plan_table[known_plans];

namespace {

// From the server where it has one. Texts that the server leaves without an id are fingerprinted here.
std::uint64_t source_id(const QueryDesc *query) {
    const PlannedStmt *statement = query->plannedstmt;
    if (const std::uint64_t key = executed_key(statement))
        return key;
    const TextCut text =
        inner_statement(cut_statement(query->sourceText, statement->stmt_location, statement->stmt_len));
    return text.length > 0 ? text_fingerprint(text) : textless_key(statement);
}

// Ours. What was analysed while nobody recorded, or too long ago, has one made of the server's.
std::int64_t statement_id(const PlannedStmt *statement, std::uint64_t source) {
    const std::int64_t known = statement->queryId != 0 ? executed_identity(source) : 0;
    return known != 0 ? known : identity_from(source);
}

} // namespace

KnownPlan &get_to_know(const QueryDesc *query, Oid role, bool nested, KnownPlan &entry) {
    const std::uint64_t source = source_id(query);
    const store::StatementKey key{statement_id(query->plannedstmt, source), role, MyDatabaseId, nested};
    const std::int64_t planid = plan_fingerprint(query->plannedstmt);
    entry = {query->plannedstmt, plan_epoch, source, key, planid, store::place_of(key, planid)};
    return entry;
}

} // namespace advisor::pg::observe
