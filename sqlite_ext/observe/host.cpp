#include "sqlite_ext/observe/host.h"

#include "sqlite_ext/store/registry.h"
#include "sqlite_ext/store/save_file.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace advisor::sqlite {

namespace {

constexpr std::size_t max_running = 1024;       // open cursors that are followed at a time
constexpr std::int64_t min_burst = 20;          // executions in a row …
constexpr std::int64_t max_gap_ns = 50'000'000; // … with no more than that between them on average

std::int64_t clock_ns(clockid_t clock) noexcept {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

std::uint32_t counter(sqlite3_stmt *statement, int name) noexcept {
    return static_cast<std::uint32_t>(sqlite3_stmt_status(statement, name, 0));
}

RecordMode initial_mode() {
    const char *setting = std::getenv("DB_ADVISOR_RECORD");
    if (setting == nullptr)
        return RecordMode::full;
    return record_mode(setting).value_or(RecordMode::full);
}

std::string main_file(sqlite3 *connection) {
    const char *path = sqlite3_db_filename(connection, "main");
    return path == nullptr ? std::string() : std::string(path);
}

} // namespace

Host::Host(sqlite3 *connection) : connection_(connection), path_(main_file(connection)) {
    bool created = false;
    store_ = &acquire_store(path_, initial_mode(), created);
    const char *save_file = std::getenv("DB_ADVISOR_SAVE");
    if (created && save_file != nullptr && *save_file != '\0')
        use_save_file(*store_, path_, save_file);
    register_host(connection_, this);
    if (store_->mode() != RecordMode::off)
        take_trace();
}

Host::~Host() {
    forget_host(connection_);
    save_workload(*store_, path_);
    release_store(*store_);
}

void Host::set_mode(RecordMode mode) {
    store_->set_mode(mode);
    if (mode != RecordMode::off) {
        take_trace();
    } else if (tracing_) {
        sqlite3_trace_v2(connection_, 0, nullptr, nullptr);
        tracing_ = false;
        trace_lost_ = false;
        running_.clear();
    }
}

void Host::check_trace() {
    if (own_work_ > 0)
        return;
    follow(0, false);
    if (trace_lost_)
        poll();
    if (!tracing_)
        return;
    for (sqlite3_stmt *statement = sqlite3_next_stmt(connection_, nullptr); statement != nullptr;
         statement = sqlite3_next_stmt(connection_, statement)) {
        if (sqlite3_stmt_busy(statement) == 0)
            continue;
        const std::uint32_t run = counter(statement, SQLITE_STMTSTATUS_RUN);
        bool announced = false;
        for (const Running &candidate : running_)
            announced = announced || (candidate.statement == statement && candidate.run == run);
        if (!announced && running_.size() < max_running) {
            trace_lost_ = true;
            tracing_ = false;
            running_.clear();
            poll();
            return;
        }
    }
}

// Elapsed times are not to be had this way, nor statements that were finalized in the meantime.
void Host::poll() {
    const OwnWork own_work(*this);
    std::map<sqlite3_stmt *, Running> now;
    for (sqlite3_stmt *statement = sqlite3_next_stmt(connection_, nullptr); statement != nullptr;
         statement = sqlite3_next_stmt(connection_, statement)) {
        const char *text = sqlite3_sql(statement);
        if (text == nullptr || now.size() >= max_running)
            continue;
        Running &end = now[statement] = counters_now(statement);
        end.run = counter(statement, SQLITE_STMTSTATUS_RUN);
        const auto known = polled_.find(statement);
        Running start{};
        if (known != polled_.end() && known->second.run <= end.run)
            start = known->second;
        else
            start.run =
                static_cast<std::uint32_t>(std::min<std::int64_t>(end.run, store_->recorded_calls(text)));
        if (end.run <= start.run)
            continue;
        Counters executions;
        executions.calls = end.run - start.run;
        executions.vm_steps = end.steps - start.steps;
        executions.fullscan_steps = end.fullscan - start.fullscan;
        executions.sorts = end.sorts - start.sorts;
        executions.autoindex_rows = end.autoindex - start.autoindex;
        executions.reprepares = end.reprepares - start.reprepares;
        const Recorded recorded = store_->record(text, executions, clock_ns(CLOCK_REALTIME) / 1'000'000);
        if (recorded.wants_example)
            keep_example(statement, recorded.queryid, text);
    }
    polled_ = std::move(now);
}

int Host::on_trace(unsigned event, void *context, void *p, void *x) noexcept {
    auto &host = *static_cast<Host *>(context);
    if (host.own_work_ > 0)
        return 0;
    try {
        auto *statement = static_cast<sqlite3_stmt *>(p);
        if (event == SQLITE_TRACE_STMT)
            host.started(statement, static_cast<const char *>(x));
        else if (event == SQLITE_TRACE_PROFILE)
            host.finished(statement);
        else if (event == SQLITE_TRACE_CLOSE)
            host.running_.clear();
    } catch (...) {
        host.store_->count_lost(); // out of memory: the user's statement goes on, the loss is told
    }
    return 0;
}

void Host::started(sqlite3_stmt *statement, const char *text) {
    if (text != nullptr && text[0] == '-' && text[1] == '-')
        return; // a trigger's step inside a statement that is running already
    Running start = store_->mode() == RecordMode::off ? Running{} : counters_now(statement);
    start.statement = statement;
    start.run = counter(statement, SQLITE_STMTSTATUS_RUN) + 1; // SQLite counts right after this event
    for (Running &known : running_)
        if (known.statement == statement) {
            known = start; // its end was never announced
            return;
        }
    if (running_.size() >= max_running) {
        store_->count_lost();
        return;
    }
    running_.push_back(start);
}

Host::Running Host::counters_now(sqlite3_stmt *statement) const {
    Running now{};
    now.statement = statement;
    now.steps = counter(statement, SQLITE_STMTSTATUS_VM_STEP);
    now.fullscan = counter(statement, SQLITE_STMTSTATUS_FULLSCAN_STEP);
    now.sorts = counter(statement, SQLITE_STMTSTATUS_SORT);
    now.autoindex = counter(statement, SQLITE_STMTSTATUS_AUTOINDEX);
    now.reprepares = counter(statement, SQLITE_STMTSTATUS_REPREPARE);
    now.changes = sqlite3_total_changes64(connection_);
    now.time_ns = clock_ns(CLOCK_MONOTONIC);
    now.counted = true;
    return now;
}

void Host::finished(sqlite3_stmt *statement) {
    for (std::size_t i = running_.size(); i-- > 0;) {
        if (running_[i].statement != statement)
            continue;
        const Running start = running_[i];
        running_[i] = running_.back();
        running_.pop_back();
        if (start.counted)
            record(start, 1);
        return;
    }
    // After a change of the schema SQLite prepares again and runs without announcing it: the end that was
    // reported before was that of the stale attempt, this one has the work.
    if (last_.statement == statement && counter(statement, SQLITE_STMTSTATUS_REPREPARE) != last_.reprepares)
        record(last_, 0);
}

void Host::record(Running start, std::int64_t calls) {
    sqlite3_stmt *statement = start.statement;
    const char *text = sqlite3_sql(statement);
    last_ = counters_now(statement);
    if (text == nullptr)
        return;
    Counters execution;
    execution.calls = calls;
    execution.total_ms = static_cast<double>(last_.time_ns - start.time_ns) / 1e6;
    execution.max_ms = execution.total_ms;
    execution.vm_steps = last_.steps - start.steps;
    execution.fullscan_steps = last_.fullscan - start.fullscan;
    execution.sorts = last_.sorts - start.sorts;
    execution.autoindex_rows = last_.autoindex - start.autoindex;
    execution.reprepares = last_.reprepares - start.reprepares;
    const bool reads = sqlite3_stmt_readonly(statement) != 0;
    if (!reads) {
        execution.rows = last_.changes - start.changes;
        execution.autocommits = execution.rows > 0 && sqlite3_get_autocommit(connection_) != 0 ? 1 : 0;
    }
    const Recorded recorded = store_->record(text, execution, clock_ns(CLOCK_REALTIME_COARSE) / 1'000'000);
    if (recorded.wants_example)
        keep_example(statement, recorded.queryid, text);
    follow(recorded.queryid, execution.calls > 0 && reads);
}

// A loop over the result of one statement that runs another for each row shows as many executions in a row.
void Host::follow(std::int64_t queryid, bool reads) {
    if (queryid == burst_.queryid) {
        ++burst_.executions;
        return;
    }
    if (burst_.queryid != 0 && burst_.executions >= min_burst &&
        last_.time_ns - burst_.since_ns <= burst_.executions * max_gap_ns)
        store_->note_burst(burst_.queryid, burst_.executions, burst_.after);
    burst_ = {reads ? queryid : 0, 1, burst_.queryid, last_.time_ns};
}

void Host::take_trace() {
    running_.clear();
    for (sqlite3_stmt *statement = sqlite3_next_stmt(connection_, nullptr); statement != nullptr;
         statement = sqlite3_next_stmt(connection_, statement))
        if (sqlite3_stmt_busy(statement) != 0 && running_.size() < max_running) {
            Running start{};
            start.statement = statement;
            start.run = counter(statement, SQLITE_STMTSTATUS_RUN);
            running_.push_back(start);
        }
    constexpr unsigned events = SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE | SQLITE_TRACE_CLOSE;
    polled_.clear();
    tracing_ = sqlite3_trace_v2(connection_, events, on_trace, this) == SQLITE_OK;
    trace_lost_ = false;
}

// The expanded text is built by SQLite under its own length limit: lowered for the moment, so that a large
// bound value costs nothing. The statement ended, nothing else runs under this connection's mutex.
void Host::keep_example(sqlite3_stmt *statement, std::int64_t queryid, const char *text) {
    const int limit = sqlite3_limit(connection_, SQLITE_LIMIT_LENGTH, -1);
    sqlite3_limit(connection_, SQLITE_LIMIT_LENGTH, static_cast<int>(Store::max_expanded));
    const std::unique_ptr<char, void (*)(void *)> expanded(sqlite3_expanded_sql(statement),
                                                           [](void *memory) { sqlite3_free(memory); });
    sqlite3_limit(connection_, SQLITE_LIMIT_LENGTH, limit);
    store_->keep_example(queryid, text, expanded == nullptr ? "" : expanded.get());
}

} // namespace advisor::sqlite
