// advisor_status: what records, what is missing, what was lost, with the line that mends it.
#include "core/version.h"
#include "sqlite_ext/functions/tables.h"

namespace advisor::sqlite {

namespace {

constexpr const char *record_on = "SELECT advisor_record('on');";

Row recording_row(Host &host) {
    const RecordMode mode = host.store().mode();
    const std::string value(record_mode_name(mode));
    if (mode == RecordMode::off)
        return {std::string("recording"), value, std::string("missing"),
                std::string("statements are not recorded"), std::string(record_on)};
    return {std::string("recording"), value, std::string("ok"),
            mode == RecordMode::full ? std::string("counters and an example of each statement")
                                     : std::string("counters only: values are taken from the tables"),
            Cell{}};
}

Row trace_row(Host &host) {
    const std::string name = "trace";
    if (host.trace_lost())
        return {name, std::string("trace_lost"), std::string("missing"),
                std::string("another tool took this connection's trace (set_trace_callback, .trace): "
                            "its statements are no longer recorded"),
                std::string(record_on)};
    if (host.tracing())
        return {name, std::string("armed"), std::string("ok"), Cell{}, Cell{}};
    return {name, std::string("off"), std::string(host.store().mode() == RecordMode::off ? "ok" : "warning"),
            std::string("this connection is not traced"), std::string(record_on)};
}

} // namespace

std::vector<Row> status_rows(Host &host, std::span<const Cell>) {
    Store &store = host.store();
    const std::string ok = "ok";
    const std::string warning = "warning";
    std::vector<Row> rows;
    rows.push_back({std::string("version"), std::string(core::version), ok,
                    std::string("SQLite ") + sqlite3_libversion(), Cell{}});
    rows.push_back({std::string("database"), host.path().empty() ? std::string("in memory") : host.path(), ok,
                    std::string("all connections of this process to this file share one workload"), Cell{}});
    rows.push_back(recording_row(host));
    rows.push_back(trace_row(host));
    rows.push_back({std::string("statements"), static_cast<std::int64_t>(store.size()), ok,
                    "at most " + std::to_string(Store::max_statements), Cell{}});
    rows.push_back({std::string("memory_bytes"), static_cast<std::int64_t>(store.bytes()), ok,
                    "at most " + std::to_string(Store::max_bytes), Cell{}});
    rows.push_back({std::string("dropped"), store.dropped(), store.dropped() == 0 ? ok : warning,
                    std::string("statements that gave way to others because the memory was full"), Cell{}});
    rows.push_back({std::string("lost"), store.lost(), store.lost() == 0 ? ok : warning,
                    std::string("executions that could not be recorded"), Cell{}});
    const std::string file = store.save_file();
    const std::string error = store.save_error();
    if (!error.empty())
        rows.push_back({std::string("save_file"), text_or_null(file), warning, error,
                        std::string("SELECT advisor_config('save_file', '/path/of/another/file');")});
    else
        rows.push_back({std::string("save_file"), text_or_null(file), ok,
                        file.empty()
                            ? std::string("the workload and the state of findings end with the process")
                            : std::string("keeps the workload and the state of findings"),
                        Cell{}});
    return rows;
}

} // namespace advisor::sqlite
