// Installation of the hooks, in the order in which a statement meets them.
#include "pg_ext/observe/observer.h"

#include "pg_ext/observe/hooks.h"

namespace advisor::pg::observe {

void install_hooks() {
    install_post_parse_analyze();
    install_planner();
    install_executor_start();
    install_executor_run();
    install_executor_finish();
    install_executor_end();
    install_process_utility();
    install_transaction_callbacks();
}

} // namespace advisor::pg::observe
