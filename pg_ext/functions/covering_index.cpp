// advisor.covering_index(definition): the valid index that does what the definition asks for, and whether it
// could be looked for.
#include "pg_ext/what_if/covering_index.h"
#include "pg_ext/boundary.h"
#include "pg_ext/functions/rows.h"
#include "pg_ext/what_if/environment.h"
#include "pg_ext/what_if/hypothetical_index.h"

namespace advisor::pg {
namespace {

// A plain frame.
Oid owner_of(Oid table) {
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(table));
    const Oid owner = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relowner;
    ReleaseSysCache(tuple);
    return owner;
}

} // namespace

ADVISOR_SQL_FUNCTION(db_advisor_covering_index) {
    ReturnSetInfo *result = begin_rows(fcinfo);
    const char *definition = pg_call([=] { return text_to_cstring(DatumGetTextPP(fcinfo->args[0].value)); });
    Oid index = InvalidOid;
    const auto failure = pg_try_and_roll_back([&] {
        pg_call([&] {
            wait_for_no_lock();
            const Oid table = relation_to_index(definition);
            PlanningEnvironment environment;
            environment.role = owner_of(table);
            enter_environment(environment);
            index = covering_index(table, definition);
        });
    });
    // A table or column that is gone has no index; a table that is busy says nothing.
    const bool looked = !failure || failure->sqlstate != ERRCODE_LOCK_NOT_AVAILABLE;
    ResultRow row;
    OidIsValid(index) ? row.put_oid(index) : row.null();
    row.put(looked);
    row.add_to(result);
    return Datum{0};
}

} // namespace advisor::pg
