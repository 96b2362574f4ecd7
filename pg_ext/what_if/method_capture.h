// Conditions on a table that indexes of other methods than the b-tree serve.
#pragma once
#include "pg_ext/what_if/access_capture.h"
#include "pg_ext/what_if/table_key.h"

namespace advisor::pg {

// Adds the methods, and the keys that a trigram index would serve if there were its operator classes. A plain
// frame.
void capture_methods(const Side &side, CapturedAccess *access);

} // namespace advisor::pg
