// What a rule's query may call, beside SQLite's own functions.
#pragma once
#include "sqlite_ext/api.h"

#include <string>

namespace advisor::sqlite {

// quote_name, create_sql, mentions, with_…, rebuild_script; the last one reads the catalog tables.
void register_rule_functions(sqlite3 *connection);

void register_rule_function(sqlite3 *connection, const char *name, int arguments, void *context,
                            void (*body)(sqlite3_context *, int, sqlite3_value **));

std::string text_of(sqlite3_value *value); // empty for NULL

} // namespace advisor::sqlite
