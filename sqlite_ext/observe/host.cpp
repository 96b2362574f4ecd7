#include "sqlite_ext/observe/host.h"

#include "sqlite_ext/store/registry.h"
#include "sqlite_ext/store/save_file.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace advisor::sqlite {

namespace {

constexpr std::size_t max_slots = 4096;         // prepared statements that are followed at a time
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
        forget_slots();
    }
}

void Host::check_trace() {
    if (own_work_ > 0)
        return;
    follow(0, false, clock_ns(CLOCK_MONOTONIC));
    if (trace_lost_)
        poll();
    if (!tracing_)
        return;
    for (sqlite3_stmt *statement = sqlite3_next_stmt(connection_, nullptr); statement != nullptr;
         statement = sqlite3_next_stmt(connection_, statement)) {
        if (sqlite3_stmt_busy(statement) == 0)
            continue;
        const Slot *slot = find_slot(statement);
        const bool announced =
            slot != nullptr && slot->running && slot->run == counter(statement, SQLITE_STMTSTATUS_RUN);
        if (!announced && slots_.size() < max_slots) {
            trace_lost_ = true;
            tracing_ = false;
            poll();
            return;
        }
    }
}

// Elapsed times are not to be had this way, nor statements that were finalized in the meantime.
void Host::poll() {
    const OwnWork own_work(*this);
    for (sqlite3_stmt *statement = sqlite3_next_stmt(connection_, nullptr); statement != nullptr;
         statement = sqlite3_next_stmt(connection_, statement)) {
        const char *text = sqlite3_sql(statement);
        const std::uint32_t run = counter(statement, SQLITE_STMTSTATUS_RUN);
        Slot *slot = find_slot(statement);
        if (slot == nullptr || slot->run > run) { // a new one, perhaps where another one was
            if (slots_.size() >= max_slots)
                continue;
            forget_slot(statement);
            slot = &slots_[statement];
        }
        if (text == nullptr || run <= slot->run)
            continue;
        const std::int64_t calls = run - slot->run;
        Counters executions = counters_since(*slot, statement);
        executions.calls = calls;
        slot->run = run;
        const Recorded recorded = store_->record(
            slot->handle, [&] { return text; }, executions, clock_ns(CLOCK_REALTIME) / 1'000'000);
        if (recorded.wants_example)
            keep_example(statement, recorded.queryid, text);
    }
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
            host.forget_slots();
    } catch (...) {
        host.store_->count_lost(); // out of memory: the user's statement goes on, the loss is told
    }
    return 0;
}

void Host::started(sqlite3_stmt *statement, const char *text) {
    if (text != nullptr && text[0] == '-' && text[1] == '-')
        return; // a trigger's step inside a statement that is running already
    const std::uint32_t run = counter(statement, SQLITE_STMTSTATUS_RUN);
    Slot *slot = find_slot(statement);
    if (slot == nullptr || slot->run != run) // another statement may have been where this one is
        slot = &make_slot(statement);
    slot->run = run + 1; // SQLite counts right after this event
    slot->running = true;
    slot->counted = store_->mode() != RecordMode::off;
    if (!slot->reads)
        slot->changes = sqlite3_total_changes64(connection_);
    slot->time_ns = clock_ns(CLOCK_MONOTONIC);
}

Host::Slot *Host::find_slot(sqlite3_stmt *statement) {
    if (statement == last_statement_)
        return last_slot_;
    const auto found = slots_.find(statement);
    if (found == slots_.end())
        return nullptr;
    last_statement_ = statement;
    last_slot_ = &found->second;
    return last_slot_;
}

Host::Slot &Host::make_slot(sqlite3_stmt *statement) {
    if (slots_.size() >= max_slots) {
        std::erase_if(slots_, [](const auto &entry) { return !entry.second.running; });
        if (slots_.size() >= max_slots) {
            store_->count_lost();
            slots_.clear();
        }
    }
    forget_slot(statement);
    Slot &slot = slots_[statement];
    counters_since(slot, statement);
    slot.reads = sqlite3_stmt_readonly(statement) != 0;
    return slot;
}

void Host::forget_slot(sqlite3_stmt *statement) {
    slots_.erase(statement);
    last_statement_ = nullptr;
}

void Host::forget_slots() {
    slots_.clear();
    last_statement_ = nullptr;
}

// What was added since the last look, which this one becomes. Another tool may have set a counter back.
Counters Host::counters_since(Slot &slot, sqlite3_stmt *statement) {
    const auto advance = [&](std::uint32_t &known, int name) {
        const std::uint32_t now = counter(statement, name);
        const std::uint32_t added = now >= known ? now - known : now;
        known = now;
        return static_cast<std::int64_t>(added);
    };
    Counters added;
    added.vm_steps = advance(slot.steps, SQLITE_STMTSTATUS_VM_STEP);
    added.fullscan_steps = advance(slot.fullscan, SQLITE_STMTSTATUS_FULLSCAN_STEP);
    added.sorts = advance(slot.sorts, SQLITE_STMTSTATUS_SORT);
    added.autoindex_rows = advance(slot.autoindex, SQLITE_STMTSTATUS_AUTOINDEX);
    added.reprepares = advance(slot.reprepares, SQLITE_STMTSTATUS_REPREPARE);
    return added;
}

void Host::finished(sqlite3_stmt *statement) {
    Slot *slot = find_slot(statement);
    if (slot == nullptr)
        return;
    if (slot->running) {
        slot->running = false;
        if (slot->counted)
            record(statement, *slot, 1);
        else
            counters_since(*slot, statement);
    } else if (counter(statement, SQLITE_STMTSTATUS_REPREPARE) != slot->reprepares) {
        // After a change of the schema SQLite prepares again and runs without announcing it: the end that was
        // reported before was that of the stale attempt, this one has the work.
        slot->run = counter(statement, SQLITE_STMTSTATUS_RUN);
        record(statement, *slot, 0);
    }
}

void Host::record(sqlite3_stmt *statement, Slot &slot, std::int64_t calls) {
    Counters execution = counters_since(slot, statement);
    const std::int64_t now = clock_ns(CLOCK_MONOTONIC);
    execution.calls = calls;
    execution.total_ms = static_cast<double>(now - slot.time_ns) / 1e6;
    execution.max_ms = execution.total_ms;
    slot.time_ns = now;
    if (!slot.reads) {
        const std::int64_t changes = sqlite3_total_changes64(connection_);
        execution.rows = changes - slot.changes;
        slot.changes = changes;
        execution.autocommits = execution.rows > 0 && sqlite3_get_autocommit(connection_) != 0 ? 1 : 0;
    }
    const auto text = [&] {
        const char *sql = sqlite3_sql(statement);
        return std::string_view(sql == nullptr ? "" : sql);
    };
    const Recorded recorded =
        store_->record(slot.handle, text, execution, clock_ns(CLOCK_REALTIME_COARSE) / 1'000'000);
    if (recorded.wants_example)
        keep_example(statement, recorded.queryid, sqlite3_sql(statement));
    follow(calls > 0 ? recorded.queryid : 0, slot.reads, now);
}

// A loop that runs a statement for each row of something shows as many executions in a row.
void Host::follow(std::int64_t queryid, bool reads, std::int64_t time_ns) {
    if (queryid == burst_.queryid) {
        ++burst_.executions;
        return;
    }
    if (burst_.queryid != 0 && burst_.executions >= min_burst &&
        time_ns - burst_.since_ns <= burst_.executions * max_gap_ns)
        store_->note_burst(burst_.queryid, burst_.executions, burst_.after);
    // What runs behind a write is no loop over its result.
    burst_ = {queryid, 1, burst_.reads ? burst_.queryid : 0, time_ns, reads};
}

void Host::take_trace() {
    forget_slots();
    for (sqlite3_stmt *statement = sqlite3_next_stmt(connection_, nullptr); statement != nullptr;
         statement = sqlite3_next_stmt(connection_, statement))
        if (sqlite3_stmt_busy(statement) != 0 && slots_.size() < max_slots) {
            Slot &slot = make_slot(statement);
            slot.run = counter(statement, SQLITE_STMTSTATUS_RUN);
            slot.running = true;
            slot.counted = false;
        }
    constexpr unsigned events = SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE | SQLITE_TRACE_CLOSE;
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
