#include "sqlite_ext/observe/slot.h"

#include <algorithm>

namespace advisor::sqlite {

namespace {

// Another tool may have set a counter back.
std::int64_t advance(std::uint32_t &known, std::uint32_t now) noexcept {
    const std::uint32_t added = now >= known ? now - known : now;
    known = now;
    return added;
}

// Rows are spread by steps, for who steps more reads more; what comes once or not at all in each execution is
// spread evenly.
std::int64_t share_by_steps(std::int64_t count, std::int64_t steps, std::int64_t all_steps) {
    return all_steps <= steps ? count : count * steps / all_steps;
}

} // namespace

Measured measure(Slot &slot, sqlite3_stmt *statement, std::int64_t calls) {
    const std::int64_t brief = slot.measured_run == 0 ? 0 : std::int64_t{slot.run} - slot.measured_run - 1;
    const std::int64_t brief_steps = std::int64_t{slot.steps} - slot.measured_steps;
    Counters sum;
    sum.calls = calls;
    sum.vm_steps = advance(slot.steps, status_of(statement, SQLITE_STMTSTATUS_VM_STEP));
    sum.fullscan_steps = advance(slot.fullscan, status_of(statement, SQLITE_STMTSTATUS_FULLSCAN_STEP));
    sum.sorts = advance(slot.sorts, status_of(statement, SQLITE_STMTSTATUS_SORT));
    sum.autoindex_rows = advance(slot.autoindex, status_of(statement, SQLITE_STMTSTATUS_AUTOINDEX));
    sum.reprepares = advance(slot.reprepares, status_of(statement, SQLITE_STMTSTATUS_REPREPARE));
    Counters one = sum;
    if (brief > 0) {
        const std::int64_t all_steps = sum.vm_steps + brief_steps;
        const std::int64_t executions = 1 + brief;
        one.fullscan_steps = share_by_steps(sum.fullscan_steps, sum.vm_steps, all_steps);
        one.autoindex_rows = share_by_steps(sum.autoindex_rows, sum.vm_steps, all_steps);
        one.sorts = (sum.sorts + executions - 1) / executions;
        one.reprepares = (sum.reprepares + executions - 1) / executions;
    }
    slot.measured_run = slot.run;
    slot.measured_steps = slot.steps;
    return {sum, one};
}

// The mean of the first ones; later ones count as if there had been measured_first before them, so that the
// figure follows a change.
void learn(Slot &slot, std::int64_t steps, std::int64_t ns) noexcept {
    const bool brief = slot.reads && steps <= Slot::max_brief_steps;
    if (brief)
        slot.most_steps = std::max(slot.most_steps, static_cast<std::uint32_t>(steps));
    slot.measured = std::min(slot.measured + 1, Slot::measured_first);
    slot.until_measured = brief && slot.measured == Slot::measured_first ? Slot::measured_every - 1 : 0;
    const double ms_per_step =
        static_cast<double>(ns) / 1e6 / static_cast<double>(std::max<std::int64_t>(1, steps));
    slot.ms_per_step += (ms_per_step - slot.ms_per_step) / slot.measured;
}

} // namespace advisor::sqlite
