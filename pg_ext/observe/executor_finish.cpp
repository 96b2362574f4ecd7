// ExecutorFinish_hook: AFTER triggers run here, and their statements are nested in this one.
#include "pg_ext/observe/activity.h"

namespace advisor::pg::observe {
namespace {

ExecutorFinish_hook_type previous = nullptr;

[[gnu::noinline]] void finish_observed(QueryDesc *query) {
    Activity *activity = find_activity(query);
    if (!activity || !observing()) {
        previous(query);
        return;
    }
    const int frame = enter_frame(activity, false, __builtin_frame_address(0));
    previous(query);
    leave_frame(frame);
}

// What only reads fires no triggers.
void finish(QueryDesc *query) {
    if (open_activities > 0 && (query->operation != CMD_SELECT || query->plannedstmt->hasModifyingCTE))
        finish_observed(query);
    else
        previous(query);
}

} // namespace

void install_executor_finish() {
    previous = ExecutorFinish_hook ? ExecutorFinish_hook : standard_ExecutorFinish;
    ExecutorFinish_hook = finish;
}

} // namespace advisor::pg::observe
