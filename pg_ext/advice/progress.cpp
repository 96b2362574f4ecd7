// Nothing here raises: the server copies the text into its own shared memory.
#include "pg_ext/advice/progress.h"

#include <utility>

namespace advisor::pg {
namespace {

constexpr TimestampTz shown_for = 100'000; // µs

std::string own_query() {
    return debug_query_string ? debug_query_string : "";
}

// A report of what is running takes the query's identifier away.
void report(const std::string &text, decltype(pgstat_get_my_query_id()) query_id) {
    pgstat_report_activity(STATE_RUNNING, text.c_str());
    pgstat_report_query_id(query_id, true);
}

} // namespace

Progress::~Progress() {
    if (shown_)
        report(own_query(), query_id_);
}

void Progress::show(const std::string &text) {
    if (!shown_)
        query_id_ = pgstat_get_my_query_id();
    shown_ = true;
    shown_at_ = GetCurrentTimestamp();
    report("db_advisor: " + text + "; for: " + own_query(), query_id_);
}

void Progress::begin(std::string phase) {
    phase_ = std::move(phase);
    show(phase_);
}

void Progress::reach(const std::string &state) {
    if (GetCurrentTimestamp() - shown_at_ >= shown_for)
        show(phase_ + ", " + state);
}

} // namespace advisor::pg
