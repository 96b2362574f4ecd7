// What stands for a statement's source in this backend: the server's query id, and with it the relations
// where the id does not tell them (compat.h). The same at parse analysis and at execution.
#pragma once
#include "pg_ext/compat.h"

#include <cstdint>

namespace advisor::pg::observe {

// 0 where the server gives no id.
std::uint64_t key_with_relations(Query *query);
std::uint64_t key_with_relations(const PlannedStmt *statement);

inline std::uint64_t analysed_key(Query *query) {
    return compat::query_ids_tell_relations ? static_cast<std::uint64_t>(query->queryId)
                                            : key_with_relations(query);
}
inline std::uint64_t executed_key(const PlannedStmt *statement) {
    return compat::query_ids_tell_relations ? static_cast<std::uint64_t>(statement->queryId)
                                            : key_with_relations(statement);
}

// At parse analysis.
void note_analysed(std::uint64_t server_queryid, std::uint64_t key);

// At planning: a plan may name other relations than its statement, those behind a view for one. The key was
// taken before planning, which changes the tree.
void note_planned(std::uint64_t key, const PlannedStmt *plan);

} // namespace advisor::pg::observe
