// ExecutorFinish_hook: AFTER triggers run here, and their statements are nested in this one.
#include "pg_ext/observe/activity.h"

namespace advisor::pg::observe {
namespace {

ExecutorFinish_hook_type previous = nullptr;

void finish(QueryDesc *query) {
    Activity *activity = query->operation == CMD_SELECT && !query->plannedstmt->hasModifyingCTE
                             ? nullptr // nothing that triggers
                             : find_activity(query);
    if (!activity || !observing()) {
        previous(query);
        return;
    }
    const int frame = enter_frame(activity, false, __builtin_frame_address(0));
    previous(query);
    leave_frame(frame);
}

} // namespace

void install_executor_finish() {
    previous = ExecutorFinish_hook ? ExecutorFinish_hook : standard_ExecutorFinish;
    ExecutorFinish_hook = finish;
}

} // namespace advisor::pg::observe
