// The one door to SQLite: every call goes through the table that the host hands over when it loads the
// module.
#pragma once
#include <sqlite3ext.h>

SQLITE_EXTENSION_INIT3
