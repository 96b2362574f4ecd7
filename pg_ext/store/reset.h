// Forgetting recorded statements.
#pragma once
#include "pg_ext/pg.h"

#include <cstdint>
#include <optional>

namespace advisor::pg::store {

// All statements, or those with one queryid, in the table and in the slots of every backend. Waits for
// writers.
void forget(std::optional<std::int64_t> queryid);

} // namespace advisor::pg::store
