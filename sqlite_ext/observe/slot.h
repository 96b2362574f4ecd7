// One prepared statement as the recorder follows it, and what its executions did. SQLite adds a statement's
// counters up, so that those of one execution are what was added since the last look.
//
// Of a statement that runs again and again with little work only some executions are measured in full: the
// first ones, then one in measured_every, and each that took more steps than any before. Of the others, the
// brief ones, the VM steps are read and the time is that of as many measured steps; their further counters
// are read with those of the next measured execution.
#pragma once
#include "sqlite_ext/api.h"
#include "sqlite_ext/store/store.h"

#include <cstdint>

namespace advisor::sqlite {

struct Slot {
    static constexpr std::uint32_t measured_first = 16;
    static constexpr std::uint32_t measured_every = 64;
    static constexpr std::uint32_t max_brief_steps = 1000;
    static constexpr std::int64_t max_brief_ns = 2'000'000; // told by SQLite, whose clock counts milliseconds

    std::uint32_t run = 0; // executions begun
    std::uint32_t steps = 0, fullscan = 0, sorts = 0, autoindex = 0, reprepares = 0;
    std::uint32_t most_steps = 0; // of one measured execution
    std::uint32_t measured = 0;   // executions, of many the last ones
    std::uint32_t until_measured = 0;
    std::uint32_t measured_run = 0; // run and steps after the last measured one
    std::uint32_t measured_steps = 0;
    double ms_per_step = 0;    // of the measured ones
    std::int64_t start_ns = 0; // monotonic; of the execution that runs, where it is measured
    std::int64_t changes = 0;  // of the connection, at the start
    StatementHandle handle;
    enum class State : std::uint8_t { idle, timed, brief } state = State::idle;
    bool counted = true; // false: it ran already when we came
    bool reads = true;
};

inline std::uint32_t status_of(sqlite3_stmt *statement, int name) noexcept {
    return static_cast<std::uint32_t>(sqlite3_stmt_status(statement, name, 0));
}

// What an execution did and the brief ones before it: the sums, and the part of the execution itself.
struct Measured {
    Counters sum;
    Counters one;
};

// What was added since the last look, which this one becomes. calls: executions since then, the brief ones
// not among them; the times are not filled in.
Measured measure(Slot &slot, sqlite3_stmt *statement, std::int64_t calls);

// After an execution that was timed: what the next brief ones are taken by.
void learn(Slot &slot, std::int64_t steps, std::int64_t ns) noexcept;

} // namespace advisor::sqlite
