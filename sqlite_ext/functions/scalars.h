// The scalar functions of the surface.
#pragma once
#include "sqlite_ext/observe/host.h"

namespace advisor::sqlite {

// Registers them; the result code of the first that fails.
int register_scalar_functions(sqlite3 *connection, Host &host);

} // namespace advisor::sqlite
