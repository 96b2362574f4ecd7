// The statements of pg_stat_statements as a workload, for servers that do not preload the module.
#pragma once
#include "pg_ext/advice/recorded_workload.h"

#include <optional>
#include <string>

namespace advisor::pg {

// Is the extension in this database? Its library may still be missing.
bool server_statements_installed();

// Why the current user cannot read its statements; none: they can be read.
std::optional<std::string> server_statements_problem();

// Those of this database that the current user may read, each to be planned under its own role with a generic
// plan: their constants are gone. Empty when they cannot be read; never raises for that.
RecordedWorkload server_statements_workload(Evidence evidence);

} // namespace advisor::pg
