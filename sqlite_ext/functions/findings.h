// The scalar functions on findings and rules; each is registered with the host as its user data.
#pragma once
#include "sqlite_ext/api.h"

namespace advisor::sqlite {

void dismiss_finding(sqlite3_context *context, int count, sqlite3_value **values);
void undismiss_finding(sqlite3_context *context, int count, sqlite3_value **values);
void set_rule(sqlite3_context *context, int count, sqlite3_value **values);
void check_findings(sqlite3_context *context, int count, sqlite3_value **values);
void report_findings(sqlite3_context *context, int count, sqlite3_value **values);

} // namespace advisor::sqlite
