// The counts are read past the cache of the transaction: the user's own reading of them must not notice.
#include "pg_ext/observe/written_relations.h"

#include "pg_ext/observe/guarded.h"
#include "pg_ext/store/relation_writes.h"

namespace advisor::pg::observe {
namespace {

void note(Oid relation) {
    const int consistency = pgstat_fetch_consistency;
    pgstat_fetch_consistency = PGSTAT_FETCH_CONSISTENCY_NONE;
    const PgStat_StatTabEntry *counts = pgstat_fetch_stat_tabentry_ext(false, relation);
    pgstat_fetch_consistency = consistency;
    store::RelationWrites writes{};
    writes.database = MyDatabaseId;
    writes.relation = relation;
    writes.since = GetCurrentTimestamp();
    if (counts) {
        writes.inserted = counts->tuples_inserted;
        writes.updated = counts->tuples_updated;
        writes.hot_updated = counts->tuples_hot_updated;
        writes.deleted = counts->tuples_deleted;
    }
    store::note_writes(writes);
}

} // namespace

void note_written_relations(const QueryDesc *query) {
    ListCell *cell;
    foreach (cell, query->plannedstmt->resultRelations) {
        const auto *entry = rt_fetch(static_cast<Index>(lfirst_int(cell)), query->plannedstmt->rtable);
        const Oid relation = entry->relid;
        if (store::knows_writes_of(relation) || IsInParallelMode())
            continue;
        const int consistency = pgstat_fetch_consistency;
        if (!run_guarded([relation] { note(relation); }))
            pgstat_fetch_consistency = consistency;
    }
}

} // namespace advisor::pg::observe
