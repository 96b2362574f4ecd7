// The server tells of each object created, altered or dropped through object_access_hook. It calls that hook
// at each start of an expression as well, so it is set only while DDL runs. The change is noted when the
// statement is done: CREATE INDEX CONCURRENTLY changes plans at its end.
#include "pg_ext/observe/schema_change.h"

#include "pg_ext/store/slices.h"

namespace advisor::pg::observe {
namespace {

constexpr int most_changes = 64; // of one statement; of more tables the first ones

object_access_hook_type previous = nullptr;
struct Changed {
    Oid relation; // a table or an index
    Oid table;    // of a dropped index; InvalidOid: to be looked up
};
Changed changed[most_changes];
int change_count = 0;
bool watching = false;

void add_change(Oid relation, Oid table) {
    for (int i = 0; i < change_count; ++i)
        if (changed[i].relation == relation)
            return;
    if (change_count < most_changes)
        changed[change_count++] = {relation, table};
}

// A new index is not visible yet, a dropped one will be gone.
void object_changed(ObjectAccessType access, Oid catalog, Oid object, int column, void *argument) {
    if (previous)
        previous(access, catalog, object, column, argument);
    if (catalog != RelationRelationId)
        return;
    if (access == OAT_POST_CREATE || access == OAT_POST_ALTER) {
        add_change(object, InvalidOid);
    } else if (access == OAT_DROP) {
        add_change(object, IndexGetRelation(object, true));
    }
}

bool changes_plans(NodeTag utility) {
    switch (utility) {
    case T_IndexStmt:
    case T_DropStmt:
    case T_AlterTableStmt:
    case T_RenameStmt:
    case T_CreateStatsStmt: return true;
    default: return false;
    }
}

} // namespace

bool watch_schema_changes(NodeTag utility) {
    if (!changes_plans(utility) || watching)
        return false;
    if (object_access_hook != object_changed) {
        previous = object_access_hook;
        object_access_hook = object_changed;
    }
    change_count = 0;
    watching = true;
    return true;
}

void stop_watching() {
    watching = false;
    if (object_access_hook == object_changed)
        object_access_hook = previous;
}

void note_schema_changes() {
    stop_watching();
    if (!IsTransactionState())
        return;
    for (int i = 0; i < change_count; ++i) {
        const auto [relation, known] = changed[i];
        const Oid table = OidIsValid(known) ? known : IndexGetRelation(relation, true);
        const bool is_index = OidIsValid(table);
        store::note_schema_change(MyDatabaseId, is_index ? table : relation,
                                  is_index ? relation : InvalidOid);
    }
}

} // namespace advisor::pg::observe
