// (Sub)transaction callbacks: what an error jumped over failed; what a transaction leaves open is gone.
#include "pg_ext/boundary.h"
#include "pg_ext/observe/activity.h"
#include "pg_ext/observe/schema_change.h"

namespace advisor::pg::observe {
namespace {

// What lies at or below it on the stack is done with. A terminated backend aborts its transaction from within
// the statement, and never returns to any.
const void *end_of_life(const void *frame) {
    return proc_exit_inprogress ? reinterpret_cast<const void *>(UINTPTR_MAX) : frame;
}

void at_transaction_end(XactEvent event, void *) {
    if (!store::block)
        return;
    switch (event) {
    case XACT_EVENT_ABORT:
    case XACT_EVENT_PARALLEL_ABORT:
        fail_dead(end_of_life(__builtin_frame_address(0)), true, InvalidSubTransactionId,
                  has_dead(__builtin_frame_address(0)) ? pending_error_code() : 0);
        observer_paused = false;
        stop_watching();
        break;
    case XACT_EVENT_COMMIT:
    case XACT_EVENT_PREPARE: forget_closed(); break;
    case XACT_EVENT_PARALLEL_COMMIT:
    case XACT_EVENT_PRE_COMMIT:
    case XACT_EVENT_PARALLEL_PRE_COMMIT:
    case XACT_EVENT_PRE_PREPARE: break;
    }
}

void at_subtransaction_end(SubXactEvent event, SubTransactionId self, SubTransactionId, void *) {
    if (!store::block || event != SUBXACT_EVENT_ABORT_SUB)
        return;
    fail_dead(__builtin_frame_address(0), false, self, 0);
    stop_watching();
}

} // namespace

void install_transaction_callbacks() {
    RegisterXactCallback(at_transaction_end, nullptr);
    RegisterSubXactCallback(at_subtransaction_end, nullptr);
}

} // namespace advisor::pg::observe
