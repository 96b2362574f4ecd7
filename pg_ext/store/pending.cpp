// Slots of this backend: found by tag, filled under a sequence counter, flushed with conditional locks.
#include "pg_ext/store/pending.h"

#include "pg_ext/compat.h"
#include "pg_ext/settings.h"
#include "pg_ext/store/block.h"
#include "pg_ext/store/clock.h"
#include "pg_ext/store/latency.h"
#include "pg_ext/store/sight.h"
#include "pg_ext/store/slices.h"
#include "pg_ext/store/table.h"

namespace advisor::pg::store {
namespace {

constexpr double flush_after_ms = 2000;
constexpr std::int64_t most_pending_calls = 60'000; // what a bucket of a slot's histogram can hold
constexpr int exit_attempts = 100;
constexpr std::uint32_t looked_at = 8; // slots of which the least recently used one is given up
constexpr std::uint8_t no_slot = 0xFF;
static_assert(most_slots < no_slot);

// What only the owner needs to know of a slot.
struct LocalSlot {
    std::uint64_t pending_since; // ticks
    std::uint64_t last_used;     // ticks
    std::uint64_t slow;          // ticks; slower than this is worth an example
    std::uint32_t first_samples; // still to be taken
    std::uint32_t countdown;     // to the next sample
    enum : std::uint8_t { unknown, seen_once, settled } state;
};

std::uint64_t tags[most_slots];    // of statement and plan; 0: not ours
std::uint8_t first_of[most_slots]; // by the end of the tag: a chain of slots, or no_slot
std::uint8_t next_in_chain[most_slots];
LocalSlot local[most_slots];
Slot *slots = nullptr; // this backend's; null before the first execution
std::uint32_t slot_count = 0;
std::uint32_t used_slots = 0;  // the first ones; never fewer again
std::uint32_t hand = 0;        // where the next slot is given up
std::uint64_t flush_after = 0; // ticks

class Writing { // the slot's contents are in motion while this lives
public:
    explicit Writing(Slot &slot) noexcept : slot_(slot) {
        ++slot_.sequence;
        pg_write_barrier();
    }
    Writing(const Writing &) = delete;
    Writing &operator=(const Writing &) = delete;
    ~Writing() {
        pg_write_barrier();
        ++slot_.sequence;
    }

private:
    Slot &slot_;
};

void flush_at_exit(int, Datum) {
    if (block && slots)
        for (int attempt = 0; attempt < exit_attempts && !flush_pending(); ++attempt)
            ;
}

bool attach() {
    const int number = block_is_private() ? 0 : compat::backend_number();
    if (number < 0 || static_cast<std::uint32_t>(number) >= block->backend_count)
        return false;
    slots = slots_of(static_cast<std::uint32_t>(number));
    slot_count = block->slots_per_backend;
    while (used_slots < slot_count && slots[used_slots].used)
        ++used_slots; // a backend before this one left them
    std::memset(first_of, no_slot, sizeof first_of);
    flush_after = static_cast<std::uint64_t>(flush_after_ms / block->milliseconds_per_tick);
    if (!block_is_private())
        on_shmem_exit(flush_at_exit, Datum{0});
    return true;
}

void empty(Slot &slot) {
    const Writing writing(slot);
    slot.pending = Pending{};
    slot.generation = pg_atomic_read_u32(&block->generation);
    slot.reset_serial = pg_atomic_read_u32(&block->reset_serial);
}

bool flush(Slot &slot, LocalSlot &mine) {
    if (!slot.used || (slot.pending.calls == 0 && slot.pending.failed == 0))
        return true;
    if (slot_is_void(slot)) {
        empty(slot);
        return true;
    }
    LWLock *lock = lock_for_recording(slot.hash);
    if (!lock) {
        pg_atomic_fetch_add_u64(&block->deferred, 1);
        return false;
    }
    Sight sight{};
    if (!slot_is_void(slot))
        sight = find_or_insert(slot);
    if (sight.plan) {
        add_to_slices(*sight.statement, *sight.plan, slot.pending);
        const Counters counters = counters_of(slot.pending);
        merge_counters(sight.plan->counters, counters);
        sight.statement->weight += counters.self_ms * weight_of_millisecond(counters.last_seen);
        empty(slot);
        if (sight.new_statement)
            mine.state = LocalSlot::unknown; // it was evicted: its text is wanted again
    }
    LWLockRelease(lock);
    return sight.plan != nullptr;
}

void enter_in_chain(std::uint32_t index, std::uint64_t tag) {
    tags[index] = tag;
    next_in_chain[index] = first_of[tag % most_slots];
    first_of[tag % most_slots] = static_cast<std::uint8_t>(index);
}

void leave_chain(std::uint32_t index) {
    if (tags[index] == 0)
        return;
    std::uint8_t *link = &first_of[tags[index] % most_slots];
    while (*link != index)
        link = &next_in_chain[*link];
    *link = next_in_chain[index];
    tags[index] = 0;
}

// The slot for a new tag: an unused one, or one not used for long that can be flushed.
std::uint32_t free_slot() {
    if (used_slots < slot_count)
        return used_slots++;
    std::uint32_t oldest = hand++ % slot_count;
    for (std::uint32_t i = 1; i < looked_at; ++i) {
        const std::uint32_t other = hand++ % slot_count;
        if (local[other].last_used < local[oldest].last_used)
            oldest = other;
    }
    if (flush(slots[oldest], local[oldest]))
        return oldest;
    for (std::uint32_t i = 0; i < slot_count; ++i)
        if (flush(slots[i], local[i]))
            return i;
    pg_atomic_fetch_add_u64(&block->lost, slots[oldest].pending.calls + slots[oldest].pending.failed);
    return oldest;
}

// Of the rows that es_processed counts: the changed ones, not what RETURNING gives.
void note_estimates(Slot &slot, const PlannedStmt *statement) {
    if (!statement)
        return;
    const ::Plan *plan = statement->planTree;
    slot.estimated_cost = plan->total_cost;
    slot.estimated_rows =
        IsA(plan, ModifyTable) && plan->lefttree ? plan->lefttree->plan_rows : plan->plan_rows;
}

std::uint32_t open_slot(const Execution &execution, std::uint64_t now) {
    const std::uint32_t index = free_slot();
    leave_chain(index);
    Slot &slot = slots[index];
    {
        const Writing writing(slot);
        slot.used = 1;
        slot.generation = pg_atomic_read_u32(&block->generation);
        slot.reset_serial = pg_atomic_read_u32(&block->reset_serial);
        slot.key = execution.key;
        slot.hash = hash_key(execution.key);
        slot.utility = execution.utility;
        slot.integrity = execution.integrity;
        slot.planid = execution.planid;
        slot.server_queryid = execution.server_queryid;
        slot.nested_in = execution.nested_in;
        slot.pending = Pending{};
        note_estimates(slot, execution.plan);
    }
    enter_in_chain(index, execution.place.tag);
    local[index] = {now, now, 0, 1, 1, LocalSlot::unknown};
    return index;
}

// The tag stands for the whole key: two plans of a backend share one as rarely as two statements an id.
std::uint64_t tag_of(const StatementKey &key, std::int64_t planid) {
    std::uint64_t tag = static_cast<std::uint64_t>(key.queryid) ^ (std::uint64_t{key.role} << 1 | key.nested);
    tag = (tag ^ (tag >> 32)) * 0xBF58476D1CE4E5B9ULL + static_cast<std::uint64_t>(planid);
    tag = (tag ^ (tag >> 29)) * 0x94D049BB133111EBULL;
    return (tag ^ (tag >> 32)) | 1;
}

// most_slots when there is none.
std::uint32_t find_slot(std::uint64_t tag) {
    if (!slots)
        return most_slots;
    for (std::uint8_t index = first_of[tag % most_slots]; index != no_slot; index = next_in_chain[index])
        if (tags[index] == tag)
            return index;
    return most_slots;
}

void add_finished(Pending &to, const Execution &from) {
    to.least = to.calls > 0 && to.least < from.total ? to.least : from.total;
    to.most = to.most > from.total ? to.most : from.total;
    ++to.calls;
    to.total += from.total;
    to.self += from.self;
    const auto ticks = static_cast<double>(static_cast<std::int64_t>(from.total)); // signed converts faster
    to.squares += ticks * ticks;
    ++to.histogram[bucket_of_latency(ticks * block->milliseconds_per_tick)];
    to.rows += from.rows;
    to.generic_plans += from.generic;
    to.custom_plans += from.custom;
    add_usage(to.usage, from.usage);
    if (from.complete) {
        ++to.complete_runs;
        to.complete_rows += from.rows;
    }
    if (from.rare) [[unlikely]] {
        to.workers_planned += from.workers_planned;
        to.workers_launched += from.workers_launched;
        to.jit_ms += from.jit_ms;
    }
}

void add(Slot &slot, const Execution &execution, std::uint32_t serial) {
    const Writing writing(slot);
    slot.reset_serial = serial;
    Pending &to = slot.pending;
    to.last_seen = GetCurrentStatementStartTimestamp();
    if (to.first_seen == 0)
        to.first_seen = to.last_seen;
    to.planning += execution.planning;
    if (execution.failed) [[unlikely]] {
        ++to.failed;
        to.cancelled += execution.cancelled;
        to.failed_ticks += execution.total;
        return;
    }
    add_finished(to, execution);
}

// Of the slot that the execution belongs to; opened if need be. most_slots: none can be had.
[[gnu::noinline]] std::uint32_t find_or_open(const Execution &execution, std::uint64_t now) {
    if (!slots && !attach())
        return most_slots;
    const std::uint32_t index = find_slot(execution.place.tag);
    return index == most_slots ? open_slot(execution, now) : index;
}

// What was counted long ago belongs to another slice of time than what comes now.
[[gnu::noinline]] void flush_old(Slot &slot, LocalSlot &mine, std::uint64_t now) {
    if (flush(slot, mine))
        mine.pending_since = now;
}

[[gnu::noinline]] void empty_if_void(Slot &slot, LocalSlot &mine) {
    if (!slot_is_void(slot))
        return;
    empty(slot);
    mine.state = LocalSlot::unknown;
}

// Makes statement and plan known to the store and learns what is lacking; at the first executions in this
// backend, and of a sampled one.
[[gnu::noinline]] Wanted consult(Slot &slot, LocalSlot &mine, const Execution &execution) {
    {
        const Writing writing(slot);
        note_estimates(slot, execution.plan);
    }
    LWLock *lock = lock_for_recording(slot.hash);
    if (!lock)
        return {};
    Wanted wanted{};
    if (const Sight sight = find_or_insert(slot); sight.plan) {
        if (sight.new_statement && execution.plan)
            note_relations(*sight.statement, execution.plan->relationOids);
        wanted = wanted_of(sight, execution);
        const auto first = static_cast<std::uint32_t>(settings::sample_first);
        mine.first_samples = sight.plan->sampled < first ? first - sight.plan->sampled : 0;
        mine.slow = ticks_worth_an_example(*sight.statement);
        if (mine.state == LocalSlot::unknown)
            mine.countdown = random_countdown();
        mine.state = sight.new_statement || sight.new_plan ? LocalSlot::seen_once : LocalSlot::settled;
    }
    LWLockRelease(lock);
    return wanted;
}

} // namespace

bool slot_is_void(const Slot &slot) {
    if (slot.generation != pg_atomic_read_u32(&block->generation))
        return true;
    if (slot.reset_serial == pg_atomic_read_u32(&block->reset_serial))
        return false;
    for (const SingleReset &reset : block->resets)
        if (reset.queryid == slot.key.queryid && reset.serial > slot.reset_serial)
            return true;
    return false;
}

Place place_of(const StatementKey &key, std::int64_t planid) {
    const std::uint64_t tag = tag_of(key, planid);
    return {tag, find_slot(tag) % most_slots};
}

bool wants_sample(Place &place, const StatementKey &key, std::int64_t planid) {
    if (tags[place.slot] != place.tag) [[unlikely]] {
        const std::uint32_t index = find_slot(place.tag);
        if (index == most_slots)
            return plan_lacks_samples(key, planid);
        place.slot = index;
    }
    LocalSlot &mine = local[place.slot];
    if (mine.first_samples > 0) [[unlikely]]
        return true;
    if (--mine.countdown > 0) [[likely]]
        return false;
    mine.countdown = sample_interval();
    return settings::sample_rate > 0;
}

Wanted add_execution(const Execution &execution, std::uint64_t now) {
    std::uint32_t index = execution.place.slot;
    if (tags[index] != execution.place.tag) [[unlikely]] {
        index = find_or_open(execution, now);
        if (index == most_slots)
            return {};
    }
    Slot &slot = slots[index];
    LocalSlot &mine = local[index];
    mine.last_used = now;
    if (now - mine.pending_since > flush_after || slot.pending.calls >= most_pending_calls) [[unlikely]]
        flush_old(slot, mine, now);
    const std::uint32_t serial = pg_atomic_read_u32(&block->reset_serial);
    if (slot.generation != pg_atomic_read_u32(&block->generation) || slot.reset_serial != serial) [[unlikely]]
        empty_if_void(slot, mine);
    add(slot, execution, serial);
    if (mine.state == LocalSlot::settled && !execution.sampled && execution.total <= mine.slow) [[likely]]
        return {};
    return consult(slot, mine, execution);
}

bool flush_pending() {
    bool all = true;
    for (std::uint32_t i = 0; i < used_slots; ++i)
        all = flush(slots[i], local[i]) && all;
    return all;
}

} // namespace advisor::pg::store
