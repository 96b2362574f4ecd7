// All conditions on a table, those that no index could serve included, as pairs of column and operator.
#pragma once
#include "pg_ext/what_if/access_capture.h"
#include "pg_ext/what_if/table_key.h"

namespace advisor::pg {

// Fills filters, joins, ordered, rows and tuples. A plain frame inside the planner.
void capture_conditions(const Side &side, CapturedAccess *access);

} // namespace advisor::pg
