// The server module's entry point: magic block and _PG_init, the table of contents of what is installed.
#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"
#include "pg_ext/observe/observer.h"
#include "pg_ext/settings.h"
#include "pg_ext/store/block.h"
#include "pg_ext/store/save_worker.h"
#include "pg_ext/what_if/planner_call.h"

extern "C" {
ADVISOR_EXPORT const Pg_magic_struct *PG_MAGIC_FUNCTION_NAME(void);
PG_MODULE_MAGIC;
ADVISOR_EXPORT void _PG_init(void);
}

void _PG_init(void) {
    if (IsBinaryUpgrade)
        return;
    const bool preloaded = process_shared_preload_libraries_in_progress;
    advisor::pg::settings::define(preloaded);
    if (preloaded) {
        EnableQueryId();
        advisor::pg::store::reserve_shared_block();
        advisor::pg::store::register_save_worker();
    }
    advisor::pg::observe::install_hooks();
    advisor::pg::install_planner_call_hooks();
}
