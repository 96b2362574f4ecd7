// rebuild_script(schema, table, new_sql, target_columns, source_columns): the steps by which SQLite's own
// documentation changes a table in ways that ALTER TABLE does not know, as comments to be looked at before
// they run.
#pragma once
#include "sqlite_ext/api.h"

namespace advisor::sqlite {

// The user data is the rules' connection, with the catalog tables.
void rebuild_script(sqlite3_context *context, int count, sqlite3_value **values);

} // namespace advisor::sqlite
