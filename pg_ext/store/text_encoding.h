// Recorded texts come from databases of any encoding: turning them into valid text of this one.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg::store {

// What has no equivalent, or is not valid, becomes a question mark.
std::string in_database_encoding(const char *text, std::size_t bytes, int encoding);

} // namespace advisor::pg::store
