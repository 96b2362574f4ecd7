// Whether this backend records at the moment, and the way for our own statements to pass unseen.
#pragma once

namespace advisor::pg {

// True while the advisor itself plans and runs statements.
extern bool observer_paused;

// Failures of our own that did not become the user's; also counted in the store.
extern unsigned observer_failures;

// How often the advisor has been asked for advice in this backend. A statement during which it grows reads
// our views: it is no part of the workload.
extern unsigned advice_requests;

class ObserverPause {
public:
    ObserverPause() noexcept : before_(observer_paused) {
        observer_paused = true;
        ++advice_requests;
    }
    ObserverPause(const ObserverPause &) = delete;
    ObserverPause &operator=(const ObserverPause &) = delete;
    ~ObserverPause() { observer_paused = before_; }

private:
    bool before_;
};

namespace observe {

// From _PG_init, preloaded or not: chains all hooks. They do nothing while there is no block to record into.
void install_hooks();

} // namespace observe
} // namespace advisor::pg
