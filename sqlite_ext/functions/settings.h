// advisor_config(name[, value]); registered with the host as its user data.
#pragma once
#include "sqlite_ext/api.h"

namespace advisor::sqlite {

void config(sqlite3_context *context, int count, sqlite3_value **values);

} // namespace advisor::sqlite
