#include "sqlite_ext/observe/host.h"

#include "sqlite_ext/store/registry.h"
#include "sqlite_ext/store/save_file.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <utility>

namespace advisor::sqlite {

namespace {

constexpr std::size_t max_slots = 4096; // prepared statements that are followed at a time
constexpr std::int64_t min_burst = 20;  // executions in a row …
constexpr std::int64_t max_gap_ms = 50; // … with no more than that between them on average

std::int64_t monotonic_ns() noexcept {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

// Since 1970, exact to a few.
std::int64_t wall_ms() noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
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
    follow(0, false, wall_ms());
    catch_up();
    if (!tracing_)
        return;
    for (sqlite3_stmt *statement = sqlite3_next_stmt(connection_, nullptr); statement != nullptr;
         statement = sqlite3_next_stmt(connection_, statement)) {
        if (sqlite3_stmt_busy(statement) == 0)
            continue;
        const Slot *slot = find_slot(statement);
        const bool announced = slot != nullptr && slot->state != Slot::State::idle &&
                               slot->run == status_of(statement, SQLITE_STMTSTATUS_RUN);
        if (!announced && slots_.size() < max_slots) {
            trace_lost_ = true;
            tracing_ = false;
            advice_ = nullptr; // it does not know yet
            poll();
            return;
        }
    }
}

void Host::catch_up() {
    if (trace_lost_)
        poll();
}

// Elapsed times are not to be had this way, nor statements that were finalized in the meantime.
void Host::poll() {
    const OwnWork own_work(*this);
    for (sqlite3_stmt *statement = sqlite3_next_stmt(connection_, nullptr); statement != nullptr;
         statement = sqlite3_next_stmt(connection_, statement)) {
        const char *text = sqlite3_sql(statement);
        const std::uint32_t run = status_of(statement, SQLITE_STMTSTATUS_RUN);
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
        slot->run = run;
        const Measured executions = measure(*slot, statement, calls);
        const Recorded recorded = store_->record(
            slot->handle, [&] { return text; }, executions.sum, calls == 1 ? &executions.one : nullptr,
            wall_ms());
        if (recorded.wants_example)
            keep_example(statement, recorded.queryid, text);
    }
}

void Host::keep_advice(std::shared_ptr<const Advice> advice, std::int64_t now) {
    advice_ = std::move(advice);
    advice_made_ = now;
}

std::shared_ptr<const Advice> Host::take_advice(std::int64_t not_before) {
    std::shared_ptr<const Advice> advice = std::exchange(advice_, nullptr);
    return advice_made_ >= not_before ? advice : nullptr;
}

// Called twice for each execution: what is the same again and again goes a short way.
int Host::on_trace(unsigned event, void *context, void *p, void *x) noexcept {
    auto &host = *static_cast<Host *>(context);
    auto *statement = static_cast<sqlite3_stmt *>(p);
    if (host.own_work_ > 0)
        return 0;
    if (statement == host.last_statement_) {
        if (event == SQLITE_TRACE_PROFILE) {
            if (host.finished_brief(statement, *static_cast<const std::int64_t *>(x)))
                return 0;
        } else if (event == SQLITE_TRACE_STMT) {
            if (host.started_brief(statement, static_cast<const char *>(x)))
                return 0;
        }
    }
    host.traced(event, statement, x);
    return 0;
}

void Host::traced(unsigned event, sqlite3_stmt *statement, void *x) noexcept {
    try {
        if (event == SQLITE_TRACE_STMT)
            started(statement, static_cast<const char *>(x));
        else if (event == SQLITE_TRACE_PROFILE)
            finished(statement, *static_cast<const std::int64_t *>(x));
        else if (event == SQLITE_TRACE_CLOSE)
            forget_slots();
    } catch (...) {
        store_->count_lost(); // out of memory: the user's statement goes on, the loss is told
    }
}

inline bool Host::started_brief(sqlite3_stmt *statement, const char *text) noexcept {
    Slot &slot = *last_slot_;
    if (slot.until_measured == 0 || (text != nullptr && text[0] == '-') ||
        status_of(statement, SQLITE_STMTSTATUS_RUN) != slot.run)
        return false;
    ++slot.run; // SQLite counts right after this event
    slot.state = Slot::State::brief;
    return true;
}

// False: the execution is not brief, or it is its turn to be measured; nothing was done.
[[gnu::always_inline]] inline bool Host::finished_brief(sqlite3_stmt *statement, std::int64_t elapsed_ns) {
    Slot &slot = *last_slot_;
    if (slot.state != Slot::State::brief || elapsed_ns >= Slot::max_brief_ns)
        return false;
    const std::uint32_t steps = status_of(statement, SQLITE_STMTSTATUS_VM_STEP);
    const std::uint32_t added = steps - slot.steps;
    if (added > slot.most_steps)
        return false;
    const std::int64_t now = wall_ms();
    const std::int64_t queryid = store_->record_brief(slot.handle, added, added * slot.ms_per_step, now);
    if (queryid == 0) {
        slot.most_steps = 0; // the worst execution is looked for anew
        return false;
    }
    slot.state = Slot::State::idle;
    slot.steps = steps;
    --slot.until_measured;
    follow(queryid, true, now);
    return true;
}

void Host::started(sqlite3_stmt *statement, const char *text) {
    if (text != nullptr && text[0] == '-' && text[1] == '-' && text != sqlite3_sql(statement))
        return; // a trigger's step inside a statement that is running already
    const std::uint32_t run = status_of(statement, SQLITE_STMTSTATUS_RUN);
    Slot *slot = find_slot(statement);
    if (slot == nullptr || slot->run != run) // another statement may have been where this one is
        slot = &make_slot(statement);
    slot->run = run + 1; // SQLite counts right after this event
    slot->state = Slot::State::timed;
    slot->counted = store_->mode() != RecordMode::off;
    if (!slot->reads)
        slot->changes = sqlite3_total_changes64(connection_);
    slot->start_ns = monotonic_ns();
}

Slot *Host::look_up_slot(sqlite3_stmt *statement) {
    const auto found = slots_.find(statement);
    if (found == slots_.end())
        return nullptr;
    last_statement_ = statement;
    last_slot_ = &found->second;
    return last_slot_;
}

Slot &Host::make_slot(sqlite3_stmt *statement) {
    if (slots_.size() >= max_slots) {
        std::erase_if(slots_, [](const auto &entry) { return entry.second.state == Slot::State::idle; });
        if (slots_.size() >= max_slots) {
            store_->count_lost();
            slots_.clear();
        }
    }
    forget_slot(statement);
    Slot &slot = slots_[statement];
    measure(slot, statement, 0);
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

void Host::finished(sqlite3_stmt *statement, std::int64_t elapsed_ns) {
    Slot *slot = find_slot(statement);
    if (slot == nullptr)
        return;
    const Slot::State state = std::exchange(slot->state, Slot::State::idle);
    if (state != Slot::State::idle) {
        if (!slot->counted || store_->mode() == RecordMode::off)
            measure(*slot, statement, 1);
        else
            record(statement, *slot, 1, state == Slot::State::timed, elapsed_ns);
    } else if (status_of(statement, SQLITE_STMTSTATUS_REPREPARE) != slot->reprepares) {
        // After a change of the schema SQLite prepares again and runs without announcing it: the end that was
        // reported before was that of the stale attempt, this one has the work.
        const bool timed = slot->run == slot->measured_run; // that attempt was
        slot->run = status_of(statement, SQLITE_STMTSTATUS_RUN);
        record(statement, *slot, 0, timed, elapsed_ns);
    }
}

void Host::record(sqlite3_stmt *statement, Slot &slot, std::int64_t calls, bool timed,
                  std::int64_t elapsed_ns) {
    Measured execution = measure(slot, statement, calls);
    const std::int64_t steps = execution.one.vm_steps;
    if (timed) {
        const std::int64_t now = monotonic_ns();
        elapsed_ns = now - slot.start_ns;
        slot.start_ns = now;
        learn(slot, steps, elapsed_ns);
    } else {
        slot.until_measured = 0; // more work than the measured ones: the next one is timed
        if (elapsed_ns < Slot::max_brief_ns)
            elapsed_ns = static_cast<std::int64_t>(static_cast<double>(steps) * slot.ms_per_step * 1e6);
    }
    execution.sum.total_ms = execution.sum.max_ms = execution.one.max_ms =
        static_cast<double>(elapsed_ns) / 1e6;
    if (!slot.reads) {
        const std::int64_t changes = sqlite3_total_changes64(connection_);
        execution.sum.rows = execution.one.rows = changes - slot.changes;
        slot.changes = changes;
        execution.sum.autocommits =
            execution.sum.rows > 0 && sqlite3_get_autocommit(connection_) != 0 ? 1 : 0;
    }
    const auto text = [&] {
        const char *sql = sqlite3_sql(statement);
        return std::string_view(sql == nullptr ? "" : sql);
    };
    const std::int64_t now = wall_ms();
    const Recorded recorded = store_->record(slot.handle, text, execution.sum, &execution.one, now);
    if (recorded.wants_example)
        keep_example(statement, recorded.queryid, sqlite3_sql(statement));
    follow(recorded.queryid, calls > 0 && slot.reads, now);
}

void Host::end_burst(std::int64_t queryid, bool reads, std::int64_t now) {
    if (burst_.queryid != 0 && burst_.executions >= min_burst &&
        now - burst_.since <= burst_.executions * max_gap_ms)
        store_->note_burst(burst_.queryid, burst_.executions, burst_.after);
    burst_ = {reads ? queryid : 0, 1, burst_.queryid, now};
}

void Host::take_trace() {
    forget_slots();
    for (sqlite3_stmt *statement = sqlite3_next_stmt(connection_, nullptr); statement != nullptr;
         statement = sqlite3_next_stmt(connection_, statement))
        if (sqlite3_stmt_busy(statement) != 0 && slots_.size() < max_slots) {
            Slot &slot = make_slot(statement);
            slot.run = status_of(statement, SQLITE_STMTSTATUS_RUN);
            slot.state = Slot::State::timed;
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
