// No database connection, so it works on a standby, takes no connection slot's transaction and blocks nobody.
#include "pg_ext/store/save_worker.h"

#include "pg_ext/boundary.h"
#include "pg_ext/settings.h"
#include "pg_ext/store/layout.h"
#include "pg_ext/store/save_file.h"
#include "pg_ext/store/server_settings.h"

extern "C" {
ADVISOR_EXPORT void db_advisor_save_worker(Datum);
}

namespace advisor::pg::store {
namespace {

bool saves_at_intervals() {
    return settings::save && settings::save_interval > 0;
}

// Until the next save, or until something wakes the process.
long sleep_milliseconds(TimestampTz last) {
    constexpr long idle = 3600L * 1000;
    if (!saves_at_intervals())
        return idle;
    const TimestampTz due = TimestampTzPlusMilliseconds(last, int64{1000} * settings::save_interval);
    const long left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), due);
    return left < idle ? left + 1 : idle;
}

void reload() {
    ConfigReloadPending = false;
    ProcessConfigFile(PGC_SIGHUP);
    publish_server_settings();
}

void run() {
    pqsignal(SIGHUP, SignalHandlerForConfigReload);
    pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
    BackgroundWorkerUnblockSignals();
    TimestampTz last = GetCurrentTimestamp();
    while (!ShutdownRequestPending) {
        (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, sleep_milliseconds(last),
                        PG_WAIT_EXTENSION);
        ResetLatch(MyLatch);
        CHECK_FOR_INTERRUPTS();
        if (ConfigReloadPending)
            reload();
        const TimestampTz now = GetCurrentTimestamp();
        if (saves_at_intervals() && !ShutdownRequestPending &&
            TimestampDifferenceExceeds(last, now, settings::save_interval * 1000)) {
            save_to_file();
            last = now;
        }
    }
}

} // namespace

void register_save_worker() {
    BackgroundWorker worker;
    std::memset(&worker, 0, sizeof worker);
    std::strcpy(worker.bgw_name, "db_advisor save worker");
    std::strcpy(worker.bgw_type, "db_advisor save worker");
    std::strcpy(worker.bgw_library_name, "db_advisor");
    std::strcpy(worker.bgw_function_name, "db_advisor_save_worker");
    worker.bgw_flags = BGWORKER_SHMEM_ACCESS;
    worker.bgw_start_time = BgWorkerStart_ConsistentState;
    worker.bgw_restart_time = 60;
    RegisterBackgroundWorker(&worker);
}

} // namespace advisor::pg::store

void db_advisor_save_worker(Datum) {
    advisor::pg::cpp_entry([] { advisor::pg::pg_call([] { advisor::pg::store::run(); }); });
}
