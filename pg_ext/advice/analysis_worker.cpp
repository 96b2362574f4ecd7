// A process that analyses one database, writes down the state of its findings and leaves. It stays for a few
// seconds at most: CREATE DATABASE … TEMPLATE and DROP DATABASE wait five for other sessions to go.
#include "pg_ext/boundary.h"
#include "pg_ext/settings.h"
#include "pg_ext/store/advised_databases.h"

extern "C" {
ADVISOR_EXPORT void db_advisor_analysis_worker(Datum);
}

namespace advisor::pg {
namespace {

constexpr int longest_stay_ms = 4000;
constexpr int longest_search_ms = 2500;

// Templates are not entered again; whoever makes one of a database does not want it to change.
bool is_wanted() {
    const HeapTuple tuple = SearchSysCache1(DATABASEOID, ObjectIdGetDatum(MyDatabaseId));
    if (!HeapTupleIsValid(tuple))
        return false;
    const bool is_template = reinterpret_cast<Form_pg_database>(GETSTRUCT(tuple))->datistemplate;
    ReleaseSysCache(tuple);
    return !is_template && OidIsValid(get_extension_oid("db_advisor", true));
}

// A plain frame: an error ends the process, which is all there is to do.
void analyse() {
    // Our recorder leaves out what asks for advice, pg_stat_statements what has no id.
    SetConfigOption("compute_query_id", "off", PGC_SUSET, PGC_S_SESSION);
    StartTransactionCommand();
    PushActiveSnapshot(GetTransactionSnapshot());
    store::note_analysis_begun(MyDatabaseId, GetCurrentTimestamp());
    if (is_wanted()) {
        pgstat_report_activity(STATE_RUNNING, "SELECT * FROM advisor.analyze()");
        settings::analysis_time_budget = settings::analysis_time_budget < longest_search_ms
                                             ? settings::analysis_time_budget
                                             : longest_search_ms;
        enable_timeout_after(STATEMENT_TIMEOUT, longest_stay_ms);
        SPI_connect();
        SPI_execute("SELECT FROM advisor.analyze()", false, 0);
        SPI_finish();
        disable_timeout(STATEMENT_TIMEOUT, false);
    } else {
        store::forget_advised_database(MyDatabaseId);
    }
    PopActiveSnapshot();
    CommitTransactionCommand();
}

} // namespace
} // namespace advisor::pg

void db_advisor_analysis_worker(Datum database) {
    advisor::pg::cpp_entry([=] {
        advisor::pg::pg_call([=] {
            pqsignal(SIGTERM, die);
            BackgroundWorkerUnblockSignals();
            BackgroundWorkerInitializeConnectionByOid(DatumGetObjectId(database), InvalidOid, 0);
            advisor::pg::analyse();
        });
    });
}
