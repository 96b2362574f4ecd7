// The process that saves at intervals, and that starts the workers which analyse databases. No database
// connection, so it works on a standby, takes no connection slot's transaction and blocks nobody.
#include "pg_ext/store/save_worker.h"

#include "pg_ext/boundary.h"
#include "pg_ext/settings.h"
#include "pg_ext/store/advised_databases.h"
#include "pg_ext/store/layout.h"
#include "pg_ext/store/save_file.h"
#include "pg_ext/store/server_settings.h"
#include "pg_ext/store/xid_marks.h"

#include <algorithm>

extern "C" {
ADVISOR_EXPORT void db_advisor_save_worker(Datum);
}

namespace advisor::pg::store {
namespace {

BackgroundWorker described(const char *name, const char *function) {
    BackgroundWorker worker;
    std::memset(&worker, 0, sizeof worker);
    std::strcpy(worker.bgw_name, name);
    std::strcpy(worker.bgw_type, name);
    std::strcpy(worker.bgw_library_name, "db_advisor");
    std::strcpy(worker.bgw_function_name, function);
    worker.bgw_flags = BGWORKER_SHMEM_ACCESS;
    return worker;
}

bool saves_at_intervals() {
    return settings::save && settings::save_interval > 0;
}

// Until the next save or look at the databases, or until something wakes the process.
long sleep_milliseconds(TimestampTz last) {
    constexpr long between_looks = 60L * 1000;
    const long idle = settings::analyze_interval > 0
                          ? std::min(settings::analyze_interval * 1000L, between_looks)
                          : 3600L * 1000;
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

// One at a time: the next is started when the last has gone.
void start_analysis(TimestampTz now, BackgroundWorkerHandle **running) {
    pid_t pid;
    if (settings::analyze_interval == 0 || RecoveryInProgress() ||
        (*running && GetBackgroundWorkerPid(*running, &pid) != BGWH_STOPPED))
        return;
    *running = nullptr;
    const Oid database = take_due_database(now, settings::analyze_interval);
    if (database == InvalidOid)
        return;
    BackgroundWorker worker = described("db_advisor analysis worker", "db_advisor_analysis_worker");
    worker.bgw_flags |= BGWORKER_BACKEND_DATABASE_CONNECTION;
    worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
    worker.bgw_restart_time = BGW_NEVER_RESTART;
    worker.bgw_main_arg = ObjectIdGetDatum(database);
    worker.bgw_notify_pid = MyProcPid; // so that its end wakes us
    if (!RegisterDynamicBackgroundWorker(&worker, running))
        note_analysis_begun(database, now); // no room for a process: at its next turn
}

void run() {
    pqsignal(SIGHUP, SignalHandlerForConfigReload);
    pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
    BackgroundWorkerUnblockSignals();
    TimestampTz last = GetCurrentTimestamp();
    BackgroundWorkerHandle *analysis = nullptr;
    while (!ShutdownRequestPending) {
        note_xid_mark();
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
        if (!ShutdownRequestPending)
            start_analysis(now, &analysis);
    }
}

} // namespace

void register_save_worker() {
    BackgroundWorker worker = described("db_advisor save worker", "db_advisor_save_worker");
    worker.bgw_start_time = BgWorkerStart_ConsistentState;
    worker.bgw_restart_time = 60;
    RegisterBackgroundWorker(&worker);
}

} // namespace advisor::pg::store

void db_advisor_save_worker(Datum) {
    advisor::pg::cpp_entry([] { advisor::pg::pg_call([] { advisor::pg::store::run(); }); });
}
