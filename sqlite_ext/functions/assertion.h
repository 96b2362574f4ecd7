// advisor_assert(metric, max): registered with the host as its user data.
#pragma once
#include "sqlite_ext/api.h"

namespace advisor::sqlite {

void assert_metric(sqlite3_context *context, int count, sqlite3_value **values);

} // namespace advisor::sqlite
