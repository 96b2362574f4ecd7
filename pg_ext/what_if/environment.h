// The surroundings in which a statement of somebody else is planned.
#pragma once
#include "pg_ext/boundary.h"
#include "pg_ext/observe/observer.h"

namespace advisor::pg {

struct Setting {
    const char *name;
    const char *value;
};

// Plain data, borrowed for the call.
struct PlanningEnvironment {
    Oid role = InvalidOid;
    const Setting *settings = nullptr; // search_path, row_security, meaning-changing and planner settings
    int setting_count = 0;
};

// Becomes the role for a security-restricted, read-only operation that waits for no lock. A plain frame
// inside pg_try_and_roll_back, whose end undoes all of it. Raises 42704 when the role is gone.
void enter_environment(const PlanningEnvironment &environment);

// Relations are locked conditionally beforehand; what a view, rule or partition adds may wait a millisecond
// and then raises 55P03. Lasts until the end of the subtransaction. A plain frame.
void wait_for_no_lock();

// Runs the body unseen by our own recorder and by other extensions: no query id is computed, so that
// pg_stat_statements counts nothing of ours. The body may throw.
template <class Body>
void quietly(Body body) {
    const ObserverPause pause;
    const int level = pg_call([] {
        const int nest_level = NewGUCNestLevel();
        set_config_option("compute_query_id", "off", PGC_SUSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
                          false);
        return nest_level;
    });
    body();
    pg_call([=] { AtEOXact_GUC(true, level); });
}

} // namespace advisor::pg
