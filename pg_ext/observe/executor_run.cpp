// ExecutorRun_hook: time, rows, and whether the plan was run to its end. A cursor runs many times.
#include "pg_ext/compat.h"
#include "pg_ext/observe/activity.h"

namespace advisor::pg::observe {
namespace {

ExecutorRun_hook_type previous = nullptr;

[[gnu::noinline]] void run_observed(QueryDesc *query, ScanDirection direction,
                                    std::uint64_t count ADVISOR_RUN_ONCE_PARAMETER) {
    Activity *activity = find_activity(query);
    if (!activity || !observing()) {
        previous(query, direction, count ADVISOR_RUN_ONCE_ARGUMENT);
        return;
    }
    const int frame = enter_frame(activity, false, __builtin_frame_address(0));
    previous(query, direction, count ADVISOR_RUN_ONCE_ARGUMENT);
    leave_frame(frame);
    const std::uint64_t rows = query->estate->es_processed;
    activity->execution.rows += static_cast<std::int64_t>(rows);
    if (direction == ForwardScanDirection && (count == 0 || rows < count))
        activity->execution.complete = true;
}

void run(QueryDesc *query, ScanDirection direction, std::uint64_t count ADVISOR_RUN_ONCE_PARAMETER) {
    if (open_activities > 0) [[likely]]
        run_observed(query, direction, count ADVISOR_RUN_ONCE_ARGUMENT);
    else
        previous(query, direction, count ADVISOR_RUN_ONCE_ARGUMENT);
}

} // namespace

void install_executor_run() {
    previous = ExecutorRun_hook ? ExecutorRun_hook : standard_ExecutorRun;
    ExecutorRun_hook = run;
}

} // namespace advisor::pg::observe
