// Slots of this backend: found by tag, filled under a sequence counter, flushed with conditional locks.
#include "pg_ext/store/pending.h"

#include "pg_ext/compat.h"
#include "pg_ext/store/block.h"
#include "pg_ext/store/pool.h"
#include "pg_ext/store/table.h"

namespace advisor::pg::store {
namespace {

constexpr std::uint64_t flush_after = 2'000'000'000; // nanoseconds
constexpr std::uint32_t most_plans = 64;             // of one statement; further shapes share plan 0
constexpr std::uint32_t room_in_reserve = 8;         // chunks
constexpr int exit_attempts = 100;

// What only the owner needs to know of a slot.
struct LocalSlot {
    std::uint64_t tag; // of statement and plan; 0: not ours
    std::uint64_t pending_since;
    std::uint64_t last_used;
    enum : std::uint8_t { unknown, seen_once, settled } state;
};

LocalSlot local[most_slots];
Slot *slots = nullptr; // this backend's; null before the first execution
std::uint32_t slot_count = 0;
std::uint32_t latest = 0;
std::uint64_t uses = 0;

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
        for (int attempt = 0; attempt < exit_attempts; ++attempt)
            flush_pending();
}

bool attach() {
    const int number = block_is_private() ? 0 : compat::backend_number();
    if (number < 0 || static_cast<std::uint32_t>(number) >= block->backend_count)
        return false;
    slots = slots_of(static_cast<std::uint32_t>(number));
    slot_count = block->slots_per_backend;
    if (!block_is_private())
        on_shmem_exit(flush_at_exit, Datum{0});
    return true;
}

void empty(Slot &slot) {
    const Writing writing(slot);
    slot.counters = Counters{};
    slot.generation = pg_atomic_read_u32(&block->generation);
    slot.reset_serial = pg_atomic_read_u32(&block->reset_serial);
}

// With the partition's lock held. Null when there is no room.
Plan *find_or_insert(const Slot &slot, bool &new_statement, bool &new_plan) {
    Statement *statement = find_statement(slot.key, slot.hash);
    new_statement = statement == nullptr;
    if (!statement) {
        statement = insert_statement(slot.key, slot.hash);
        if (!statement)
            return nullptr;
        statement->utility = slot.utility != 0;
        statement->first_seen = slot.counters.first_seen;
    }
    statement->server_queryid = slot.server_queryid;
    statement->nested_in = slot.nested_in;
    Plan *plan = find_plan(*statement, slot.planid);
    if (!plan && statement->plan_count >= most_plans)
        plan = find_plan(*statement, 0);
    new_plan = plan == nullptr;
    if (!plan)
        plan = insert_plan(*statement, statement->plan_count >= most_plans ? 0 : slot.planid);
    if (plan) {
        plan->estimated_cost = slot.estimated_cost;
        plan->estimated_rows = slot.estimated_rows;
        statement->weight += slot.counters.self_ms * weight_of_millisecond(slot.counters.last_seen);
    }
    return plan;
}

LWLock *try_lock(std::uint32_t hash) {
    if (pg_atomic_read_u32(&block->free_count) < room_in_reserve)
        make_room(room_in_reserve);
    LWLock *lock = lock_of(partition_of(hash));
    return LWLockConditionalAcquire(lock, LW_EXCLUSIVE) ? lock : nullptr;
}

bool flush(Slot &slot, LocalSlot &mine) {
    if (!slot.used || (slot.counters.calls == 0 && slot.counters.failed == 0))
        return true;
    if (slot_is_void(slot)) {
        empty(slot);
        return true;
    }
    LWLock *lock = try_lock(slot.hash);
    if (!lock) {
        pg_atomic_fetch_add_u64(&block->deferred, 1);
        return false;
    }
    bool new_statement = false, new_plan = false;
    Plan *plan = slot_is_void(slot) ? nullptr : find_or_insert(slot, new_statement, new_plan);
    if (plan) {
        merge_counters(plan->counters, slot.counters);
        empty(slot);
        if (new_statement)
            mine.state = LocalSlot::unknown; // it was evicted: its text is wanted again
    }
    LWLockRelease(lock);
    return plan != nullptr;
}

// The slot for a new tag: an unused one, or the least recently used one that can be flushed.
std::uint32_t free_slot() {
    std::uint32_t oldest = 0;
    for (std::uint32_t i = 0; i < slot_count; ++i) {
        if (!slots[i].used)
            return i;
        if (local[i].last_used < local[oldest].last_used)
            oldest = i;
    }
    if (flush(slots[oldest], local[oldest]))
        return oldest;
    for (std::uint32_t i = 0; i < slot_count; ++i)
        if (i != latest && flush(slots[i], local[i]))
            return i;
    pg_atomic_fetch_add_u64(&block->lost, slots[oldest].counters.calls + slots[oldest].counters.failed);
    return oldest;
}

std::uint32_t open_slot(const Execution &execution, std::uint64_t tag, std::uint64_t now) {
    const std::uint32_t index = free_slot();
    Slot &slot = slots[index];
    {
        const Writing writing(slot);
        slot.used = 1;
        slot.generation = pg_atomic_read_u32(&block->generation);
        slot.reset_serial = pg_atomic_read_u32(&block->reset_serial);
        slot.key = execution.key;
        slot.hash = hash_key(execution.key);
        slot.utility = execution.utility;
        slot.planid = execution.planid;
        slot.counters = Counters{};
    }
    local[index] = {tag, now, 0, LocalSlot::unknown};
    return index;
}

void add_usage(Counters &to, const Usage &from) {
    to.shared_hit += from.shared_hit;
    to.shared_read += from.shared_read;
    to.shared_dirtied += from.shared_dirtied;
    to.shared_written += from.shared_written;
    to.local_hit += from.local_hit;
    to.local_read += from.local_read;
    to.temp_read += from.temp_read;
    to.temp_written += from.temp_written;
    to.wal_bytes += from.wal_bytes;
}

void add_finished(Counters &to, const Execution &from) {
    to.min_ms = to.calls > 0 && to.min_ms < from.elapsed ? to.min_ms : from.elapsed;
    to.max_ms = to.max_ms > from.elapsed ? to.max_ms : from.elapsed;
    ++to.calls;
    to.total_ms += from.elapsed;
    to.self_ms += from.self;
    to.sum_squares_ms += from.elapsed * from.elapsed;
    to.jit_ms += from.jit;
    to.rows += from.rows;
    to.generic_plans += from.generic;
    to.custom_plans += from.custom;
    to.workers_planned += from.workers_planned;
    to.workers_launched += from.workers_launched;
    add_usage(to, from.usage);
    if (from.complete) {
        ++to.complete_runs;
        to.complete_rows += static_cast<double>(from.rows);
    }
}

void add(Slot &slot, const Execution &execution, std::uint32_t serial) {
    const Writing writing(slot);
    slot.reset_serial = serial;
    Counters &to = slot.counters;
    to.last_seen = GetCurrentStatementStartTimestamp();
    if (to.first_seen == 0)
        to.first_seen = to.last_seen;
    to.plan_ms += execution.planning;
    slot.server_queryid = execution.server_queryid;
    slot.nested_in = execution.nested_in;
    if (execution.failed) {
        ++to.failed;
        to.cancelled += execution.cancelled;
        return;
    }
    slot.estimated_cost = execution.estimated_cost;
    slot.estimated_rows = execution.estimated_rows;
    add_finished(to, execution);
}

// Makes statement and plan known to the store and learns what is lacking; once or twice per slot.
Wanted consult(Slot &slot, LocalSlot &mine) {
    LWLock *lock = try_lock(slot.hash);
    if (!lock)
        return {};
    Wanted wanted{};
    bool new_statement = false, new_plan = false;
    if (const Plan *plan = find_or_insert(slot, new_statement, new_plan)) {
        Statement &statement = *find_statement(slot.key, slot.hash);
        wanted.text = statement.text.bytes == 0;
        wanted.example = !new_statement && !statement.example_tried;
        wanted.plan_text = !new_plan && !plan->text_tried;
        mine.state = new_statement || new_plan ? LocalSlot::seen_once : LocalSlot::settled;
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

Wanted add_execution(const Execution &execution, std::uint64_t now) {
    if (!slots && !attach())
        return {};
    const std::uint64_t tag = (static_cast<std::uint64_t>(execution.key.queryid) * 31 +
                               static_cast<std::uint64_t>(execution.planid)) ^
                              (std::uint64_t{execution.key.role} << 1 | execution.key.nested) ^
                              (std::uint64_t{1} << 63);
    const auto ours = [&](std::uint32_t i) {
        return local[i].tag == tag && slots[i].planid == execution.planid && slots[i].key == execution.key;
    };
    std::uint32_t index = latest;
    if (!ours(index)) {
        for (index = 0; index < slot_count && !ours(index);)
            ++index;
        if (index == slot_count)
            index = open_slot(execution, tag, now);
    }
    latest = index;
    Slot &slot = slots[index];
    LocalSlot &mine = local[index];
    mine.last_used = ++uses;
    const std::uint32_t serial = pg_atomic_read_u32(&block->reset_serial);
    if (slot_is_void(slot)) [[unlikely]] {
        empty(slot);
        mine.state = LocalSlot::unknown;
    }
    add(slot, execution, serial);
    Wanted wanted{};
    if (mine.state != LocalSlot::settled) [[unlikely]]
        wanted = consult(slot, mine);
    if (now - mine.pending_since > flush_after) [[unlikely]]
        if (flush(slot, mine))
            mine.pending_since = now;
    return wanted;
}

void flush_pending() {
    for (std::uint32_t i = 0; i < slot_count; ++i)
        flush(slots[i], local[i]);
}

void supply_text(const StatementKey &key, const char *text, std::size_t bytes,
                 std::size_t bytes_before_clipping, int encoding) {
    const std::uint32_t hash = hash_key(key);
    if (pg_atomic_read_u32(&block->free_count) < chunks_for(bytes))
        make_room(chunks_for(bytes));
    LWLock *lock = try_lock(hash);
    if (!lock)
        return;
    Statement *statement = find_statement(key, hash);
    if (statement && statement->text.bytes == 0) {
        statement->text = store_blob(text, bytes);
        statement->text_bytes = static_cast<std::uint32_t>(bytes_before_clipping);
        statement->encoding = encoding;
        if (bytes < bytes_before_clipping)
            pg_atomic_fetch_add_u64(&block->clipped, 1);
    }
    LWLockRelease(lock);
}

void supply_example(const StatementKey &key, const char *encoded, std::size_t bytes) {
    const std::uint32_t hash = hash_key(key);
    if (pg_atomic_read_u32(&block->free_count) < chunks_for(bytes))
        make_room(chunks_for(bytes));
    LWLock *lock = try_lock(hash);
    if (!lock)
        return;
    Statement *statement = find_statement(key, hash);
    if (statement && !statement->example_tried) {
        statement->example_tried = 1;
        statement->example = store_blob(encoded, bytes);
    }
    LWLockRelease(lock);
}

void supply_plan_text(const StatementKey &key, std::int64_t planid, const char *text, std::size_t bytes) {
    const std::uint32_t hash = hash_key(key);
    if (pg_atomic_read_u32(&block->free_count) < chunks_for(bytes))
        make_room(chunks_for(bytes));
    LWLock *lock = try_lock(hash);
    if (!lock)
        return;
    Statement *statement = find_statement(key, hash);
    Plan *plan = statement ? find_plan(*statement, planid) : nullptr;
    if (plan && !plan->text_tried) {
        plan->text_tried = 1;
        plan->text = store_blob(text, bytes);
    }
    LWLockRelease(lock);
}

} // namespace advisor::pg::store
