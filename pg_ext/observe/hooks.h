// The parts that install_hooks() is made of, one per file, and the state that they share. All of these are
// plain frames: a server error may jump over any of them, so nothing here holds an object with a destructor,
// and what a jump leaves behind is recognised later (activity.h).
#pragma once
#include "pg_ext/pg.h"
#include "pg_ext/settings.h"
#include "pg_ext/store/layout.h"

#include "pg_ext/observe/observer.h"

namespace advisor::pg::observe {

void install_post_parse_analyze();
void install_planner();
void install_executor_start();
void install_executor_run();
void install_executor_finish();
void install_executor_end();
void install_process_utility();
void install_transaction_callbacks();

// Parallel workers run parts of a statement that its leader records.
//
// Each hook tests "enabled" before anything else and leaves the rest to a function of its own: switched off,
// recording costs a test and a jump per hook.
inline bool observing() {
    return settings::enabled && store::block && settings::track != settings::track_none && !observer_paused &&
           ParallelWorkerNumber < 0;
}

} // namespace advisor::pg::observe
