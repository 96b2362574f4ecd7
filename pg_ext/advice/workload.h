// Where the statements to advise on come from, and those statements.
#pragma once
#include "pg_ext/advice/recorded_workload.h"
#include "pg_ext/readiness.h"

namespace advisor::pg {

// Our own records come first, those of a session included; pg_stat_statements stands in for them.
enum class WorkloadSource { none, recorder, server_statements };

WorkloadSource workload_source();

// Its row of advisor.status.
StatusItem workload_item();

RecordedWorkload current_workload(Evidence evidence, Reader reader);

} // namespace advisor::pg
