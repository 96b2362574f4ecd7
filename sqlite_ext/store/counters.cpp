// Counters as sums and as maxima, and the names of the recording modes.
#include "sqlite_ext/store/bounds.h"
#include "sqlite_ext/store/store.h"

#include <algorithm>

namespace advisor::sqlite {

namespace {

std::int64_t sum(std::int64_t a, std::int64_t b) {
    return bounded_count(a + bounded_count(b));
}

} // namespace

std::optional<RecordMode> record_mode(std::string_view name) {
    if (name == "off")
        return RecordMode::off;
    if (name == "counters")
        return RecordMode::counters;
    if (name == "full" || name == "on")
        return RecordMode::full;
    return std::nullopt;
}

std::string_view record_mode_name(RecordMode mode) {
    switch (mode) {
    case RecordMode::off: return "off";
    case RecordMode::counters: return "counters";
    case RecordMode::full: return "full";
    }
    return "off";
}

void Counters::add(const Counters &other) {
    calls = sum(calls, other.calls);
    total_ms = bounded_amount(total_ms + other.total_ms);
    max_ms = std::max(max_ms, other.max_ms);
    rows = sum(rows, other.rows);
    vm_steps = sum(vm_steps, other.vm_steps);
    fullscan_steps = sum(fullscan_steps, other.fullscan_steps);
    sorts = sum(sorts, other.sorts);
    autoindex_rows = sum(autoindex_rows, other.autoindex_rows);
    reprepares = sum(reprepares, other.reprepares);
    autocommits = sum(autocommits, other.autocommits);
}

void Counters::raise(const Counters &other) {
    max_ms = std::max(max_ms, other.max_ms);
    rows = std::max(rows, other.rows);
    vm_steps = std::max(vm_steps, other.vm_steps);
    fullscan_steps = std::max(fullscan_steps, other.fullscan_steps);
    sorts = std::max(sorts, other.sorts);
    autoindex_rows = std::max(autoindex_rows, other.autoindex_rows);
    reprepares = std::max(reprepares, other.reprepares);
}

} // namespace advisor::sqlite
