// The planner settings that a role has in this database.
#include "pg_ext/role_settings.h"

#include "pg_ext/boundary.h"
#include "pg_ext/store/server_settings.h"

namespace advisor::pg {
namespace {

struct PlainSettings {
    char **names;
    char **values;
    int count;
};

// Elements "name=value" of the row for (database, role), if there is one.
void read_row(Relation relation, Oid database, Oid role, List **texts) {
    ScanKeyData keys[2];
    ScanKeyInit(&keys[0], Anum_pg_db_role_setting_setdatabase, BTEqualStrategyNumber, F_OIDEQ,
                ObjectIdGetDatum(database));
    ScanKeyInit(&keys[1], Anum_pg_db_role_setting_setrole, BTEqualStrategyNumber, F_OIDEQ,
                ObjectIdGetDatum(role));
    SysScanDesc scan = systable_beginscan(relation, DbRoleSettingDatidRolidIndexId, true, nullptr, 2, keys);
    HeapTuple tuple;
    while (HeapTupleIsValid(tuple = systable_getnext(scan))) {
        bool is_null;
        Datum config =
            heap_getattr(tuple, Anum_pg_db_role_setting_setconfig, RelationGetDescr(relation), &is_null);
        if (is_null)
            continue;
        Datum *elements;
        int count;
        deconstruct_array(DatumGetArrayTypeP(config), TEXTOID, -1, false, TYPALIGN_INT, &elements, nullptr,
                          &count);
        for (int i = 0; i < count; ++i)
            *texts = lappend(*texts, TextDatumGetCString(elements[i]));
    }
    systable_endscan(scan);
}

// From weak to strong: for all, the database, the role, the role in the database.
PlainSettings read_settings(Oid role) {
    Relation relation = table_open(DbRoleSettingRelationId, AccessShareLock);
    List *texts = NIL;
    read_row(relation, InvalidOid, InvalidOid, &texts);
    read_row(relation, MyDatabaseId, InvalidOid, &texts);
    read_row(relation, InvalidOid, role, &texts);
    read_row(relation, MyDatabaseId, role, &texts);
    table_close(relation, AccessShareLock);
    PlainSettings settings{};
    const auto size = sizeof(char *) * static_cast<Size>(list_length(texts) + 1);
    settings.names = static_cast<char **>(palloc0(size));
    settings.values = static_cast<char **>(palloc0(size));
    ListCell *cell;
    foreach (cell, texts) {
        ParseLongOption(static_cast<char *>(lfirst(cell)), &settings.names[settings.count],
                        &settings.values[settings.count]);
        if (settings.values[settings.count])
            ++settings.count;
    }
    return settings;
}

} // namespace

const char *role_setting(Oid role, const char *name) {
    const PlainSettings settings = read_settings(role);
    const char *value = nullptr;
    for (int i = 0; i < settings.count; ++i)
        if (std::strcmp(settings.names[i], name) == 0)
            value = settings.values[i];
    return value;
}

const SettingList &RoleSettings::planner_settings(Oid role) {
    const auto [position, is_new] = known_.try_emplace(role);
    SettingList &settings = position->second;
    if (!is_new)
        return settings;
    settings = server_planner_settings();
    const PlainSettings own = pg_call([=] { return read_settings(role); });
    for (int i = 0; i < own.count; ++i)
        for (auto &[name, value] : settings)
            if (name == own.names[i])
                value = own.values[i];
    return settings;
}

} // namespace advisor::pg
