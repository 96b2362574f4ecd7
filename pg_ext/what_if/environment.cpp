// The surroundings in which a statement of somebody else is planned.
#include "pg_ext/what_if/environment.h"

namespace advisor::pg {
namespace {

void set_locally(const char *name, const char *value) {
    set_config_option(name, value, PGC_SUSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0, false);
}

} // namespace

void wait_for_no_lock() {
    set_locally("lock_timeout", "1ms");
}

void enter_environment(const PlanningEnvironment &environment) {
    if (!SearchSysCacheExists1(AUTHOID, ObjectIdGetDatum(environment.role)))
        refuse(ERRCODE_UNDEFINED_OBJECT, "the role that ran the statement does not exist any more");
    for (int i = 0; i < environment.setting_count; ++i)
        set_locally(environment.settings[i].name, environment.settings[i].value);
    wait_for_no_lock();
    set_locally("transaction_read_only", "on");
    SetUserIdAndSecContext(environment.role, SECURITY_RESTRICTED_OPERATION);
}

} // namespace advisor::pg
