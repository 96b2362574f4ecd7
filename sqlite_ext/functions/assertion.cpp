// A gate for test suites: an error when one execution since advisor_reset() took more than is allowed.
#include "sqlite_ext/functions/assertion.h"

#include "core/error.h"
#include "sqlite_ext/functions/tables.h"

#include <algorithm>
#include <array>

namespace advisor::sqlite {

namespace {

using core::Error;
using core::ErrorCode;

constexpr std::size_t max_named = 5; // statements in the message

struct Metric {
    const char *name;
    std::int64_t Counters::*counter;
};

constexpr std::array metrics = {Metric{"full_scan_rows", &Counters::fullscan_steps},
                                Metric{"auto_index_rows", &Counters::autoindex_rows},
                                Metric{"sorts", &Counters::sorts}, Metric{"vm_steps", &Counters::vm_steps},
                                Metric{"reprepares", &Counters::reprepares}};

const Metric &metric_argument(const Cell &cell) {
    const std::string name = text_argument(cell, "metric");
    for (const Metric &metric : metrics)
        if (name == metric.name)
            return metric;
    throw Error(ErrorCode::invalid_input, "unknown metric \"" + name + "\"",
                "Use full_scan_rows, auto_index_rows, sorts, vm_steps or reprepares.");
}

// Silence of a recorder that does not see the statements must not pass for a good result.
void require_recording(Host &host) {
    if (host.store().mode() == RecordMode::off || !host.tracing())
        throw Error(ErrorCode::invalid_input, "this connection is not recorded",
                    host.trace_lost()
                        ? "Another tool took its trace; SELECT advisor_record('on') takes it back."
                        : "SELECT advisor_record('on') starts the recording.");
}

} // namespace

void assert_metric(sqlite3_context *context, int, sqlite3_value **values) {
    Host &host = *static_cast<Host *>(sqlite3_user_data(context));
    const Metric &metric = metric_argument(cell_of(values[0]));
    const auto most = integer_argument(cell_of(values[1]), "max");
    if (!most || *most < 0)
        throw Error(ErrorCode::invalid_input, "argument \"max\" must be zero or more");
    host.check_trace();
    require_recording(host);
    std::vector<RecordedStatement> statements = host.store().statements();
    std::stable_sort(statements.begin(), statements.end(),
                     [&](const RecordedStatement &a, const RecordedStatement &b) {
                         return a.worst.*metric.counter > b.worst.*metric.counter;
                     });
    std::string over;
    std::size_t count = 0;
    for (const RecordedStatement &statement : statements)
        if (statement.worst.*metric.counter > *most && ++count <= max_named)
            over += "\n  " + std::to_string(statement.worst.*metric.counter) + "  " + statement.query;
    if (count > max_named)
        over += "\n  and " + std::to_string(count - max_named) + " more";
    if (count > 0)
        throw Error(ErrorCode::limit_exceeded, std::string(metric.name) + " exceeds " +
                                                   std::to_string(*most) + " in one execution of:" + over);
    const std::int64_t worst = statements.empty() ? 0 : statements.front().worst.*metric.counter;
    const std::string text = std::string(metric.name) + " is at most " + std::to_string(worst) + " in " +
                             std::to_string(statements.size()) + " statements";
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

} // namespace advisor::sqlite
