// The shape of a plan as a number: join order, methods, relations and indexes, whatever the constants.
#pragma once
#include "pg_ext/pg.h"

#include <cstdint>

namespace advisor::pg {

// Cheap enough to be computed at each execution: some tens of instructions per node, no allocation. Never 0.
std::int64_t plan_fingerprint(const PlannedStmt *statement);

} // namespace advisor::pg
