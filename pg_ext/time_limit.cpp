// Ends what runs too long: by a cancel of our own, which pg_try gives back as an error like any other.
#include "pg_ext/time_limit.h"

#include "pg_ext/boundary.h"

namespace advisor::pg {
namespace {

TimeoutId timeout = MAX_TIMEOUTS; // until it is registered

// Runs inside a signal handler.
void cancel_on_our_account() {
    if (QueryCancelPending) // the user was first
        return;
    cancel_is_ours = true;
    QueryCancelPending = true;
    InterruptPending = true;
    SetLatch(MyLatch);
}

} // namespace

TimeLimit::TimeLimit(int milliseconds) {
    cancel_is_ours = false;
    if (milliseconds <= 0)
        return;
    pg_call([=] {
        if (timeout == MAX_TIMEOUTS)
            timeout = RegisterTimeout(USER_TIMEOUT, cancel_on_our_account);
        enable_timeout_after(timeout, milliseconds);
    });
    armed_ = true;
}

TimeLimit::~TimeLimit() {
    if (!armed_)
        return;
    disable_timeout(timeout, false);
    if (cancel_is_ours) // it came too late to be noticed
        QueryCancelPending = false;
    cancel_is_ours = false;
}

} // namespace advisor::pg
