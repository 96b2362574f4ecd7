// Where the statements to advise on come from, and those statements.
#include "pg_ext/advice/workload.h"

#include "pg_ext/advice/server_statements.h"

namespace advisor::pg {

WorkloadSource workload_source() {
    if (is_recording())
        return WorkloadSource::recorder;
    return server_statements_problem() ? WorkloadSource::none : WorkloadSource::server_statements;
}

StatusItem workload_item() {
    StatusItem item{"workload", "db_advisor", "ok", "", ""};
    if (is_recording())
        return item;
    if (const auto problem = server_statements_problem()) {
        item.value = "none";
        item.state = "missing";
        item.note = server_statements_installed() ? "pg_stat_statements cannot be read: " + *problem
                                                  : "there are no recorded statements to advise on";
        return item;
    }
    item.value = "pg_stat_statements";
    item.state = "warning";
    item.note = "its statements are planned generically; preloading the module adds parameter values, plans, "
                "statements inside functions and exact search paths";
    item.fix = preloaded_item().fix;
    return item;
}

RecordedWorkload current_workload(Evidence evidence, Reader reader) {
    switch (workload_source()) {
    case WorkloadSource::recorder: return recorded_workload(evidence, reader);
    case WorkloadSource::server_statements: return server_statements_workload(evidence);
    case WorkloadSource::none: break;
    }
    return {};
}

} // namespace advisor::pg
