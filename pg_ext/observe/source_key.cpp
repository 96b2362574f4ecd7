// Two small tables that forget: what was forgotten is told by the plan's own relations.
#include "pg_ext/observe/source_key.h"

#include "pg_ext/observe/identity.h"
#include "pg_ext/observe/mentioned_relations.h"

namespace advisor::pg::observe {
namespace {

struct Pair {
    std::uint64_t from, to;
};
constexpr std::size_t most_pairs = 512;
Pair analysed[most_pairs]; // a query id's latest key
Pair planned[most_pairs];  // the key of a plan's relations to that of its statement

Pair &place_of(Pair (&pairs)[most_pairs], std::uint64_t from) {
    return pairs[(from ^ (from >> 32)) % most_pairs];
}

std::uint64_t combined(std::uint64_t server_queryid, const MentionedRelations &mentioned) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < mentioned.count; ++i) {
        const std::uint64_t mixed = (mentioned.relation[i] + 1) * 0x9E3779B97F4A7C15ULL;
        sum += (mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9ULL;
    }
    const std::uint64_t key = server_queryid ^ sum;
    return key != 0 ? key : 1;
}

std::uint64_t key_of_relations(const PlannedStmt *statement) {
    MentionedRelations mentioned;
    compat::for_named_relations(statement, [&](Oid relation) { add_relation(mentioned, relation); });
    return combined(static_cast<std::uint64_t>(statement->queryId), mentioned);
}

} // namespace

std::uint64_t key_with_relations(Query *query) {
    if (query->queryId == 0)
        return 0;
    MentionedRelations mentioned;
    mention_relations(query, mentioned);
    return combined(static_cast<std::uint64_t>(query->queryId), mentioned);
}

std::uint64_t key_with_relations(const PlannedStmt *statement) {
    if (statement->queryId == 0)
        return 0;
    const std::uint64_t key = key_of_relations(statement);
    const Pair &pair = place_of(planned, key);
    return pair.from == key ? pair.to : key;
}

void note_analysed(std::uint64_t server_queryid, std::uint64_t key) {
    place_of(analysed, server_queryid) = {server_queryid, key};
}

void note_planned(std::uint64_t key, const PlannedStmt *plan) {
    const std::uint64_t of_plan = key_of_relations(plan);
    if (key == 0 || of_plan == key)
        return;
    if (known_identity(key) == 0) { // a rule has changed it
        const auto server_queryid = static_cast<std::uint64_t>(plan->queryId);
        const Pair &latest = place_of(analysed, server_queryid);
        if (latest.from != server_queryid)
            return;
        key = latest.to;
    }
    place_of(planned, of_plan) = {of_plan, key};
}

} // namespace advisor::pg::observe
