// Each plan has a chain of slices, the newest first. They are folded when a new one begins, once an hour.
#include "pg_ext/store/slices.h"

#include "pg_ext/store/latency.h"
#include "pg_ext/store/pending.h"
#include "pg_ext/store/pool.h"
#include "pg_ext/store/table.h"

namespace advisor::pg::store {
namespace {

constexpr TimestampTz hour = TimestampTz{3600} * 1000 * 1000;
constexpr TimestampTz day = 24 * hour;
constexpr TimestampTz remembered = 14 * day;
constexpr int lock_attempts = 1000;

using Span = Slice::Span;

TimestampTz floor_to(TimestampTz time, TimestampTz unit) {
    return time - ((time % unit) + unit) % unit;
}

bool concerns(const SchemaChange &change, const Statement &statement) {
    if (change.database != statement.key.database)
        return false;
    for (const Oid relation : statement.relations)
        if (relation == change.relation)
            return true;
    return statement.more_relations != 0;
}

void look_for_changes(Statement &statement) {
    const std::uint32_t latest = pg_atomic_read_u32(&block->change_serial);
    if (latest == statement.change_serial)
        return;
    pg_read_barrier();
    for (const SchemaChange &change : block->changes)
        if (change.serial > statement.change_serial && change.time > statement.changed &&
            concerns(change, statement))
            statement.changed = change.time;
    statement.change_serial = latest;
}

// How fine slices may be while that much memory is left.
std::uint32_t most_slices() {
    const std::uint32_t free = pg_atomic_read_u32(&block->free_count);
    return free > block->chunk_count / 2 ? 40 : free > block->chunk_count / 4 ? 12 : 5;
}

Span span_at(TimestampTz from, TimestampTz now) {
    if (now - from < day)
        return Span::hour;
    return now - from < remembered ? Span::day : Span::ever;
}

// The older one goes into the newer one.
void merge(Slice &into, Ref older_ref) {
    const Slice &older = *slice_at(older_ref);
    into.calls += older.calls;
    into.total_ms += older.total_ms;
    into.sum_squares_ms += older.sum_squares_ms;
    into.rows += older.rows;
    into.blocks += older.blocks;
    into.wal_bytes += older.wal_bytes;
    for (std::uint32_t i = 0; i < histogram_buckets; ++i)
        into.histogram[i] += older.histogram[i];
    into.from = older.from;
    into.after_change = older.after_change;
    into.next = older.next;
    give_chunk(older_ref);
}

bool belong_together(const Slice &newer, const Slice &older) {
    if (newer.span != older.span || newer.span == Span::hour)
        return false;
    return newer.span == Span::ever ||
           (!newer.after_change && floor_to(newer.from, day) == floor_to(older.from, day));
}

void fold(Plan &plan, TimestampTz now) {
    std::uint32_t count = 0;
    for (Slice *slice = slice_at(plan.slices); slice; slice = slice_at(slice->next))
        slice->span = span_at(slice->from, now);
    for (Slice *slice = slice_at(plan.slices); slice; slice = slice_at(slice->next), ++count)
        while (slice->next != 0 && belong_together(*slice, *slice_at(slice->next)))
            merge(*slice, slice->next);
    for (const std::uint32_t most = most_slices(); count > most && count > 2; --count) {
        Slice *slice = slice_at(plan.slices);
        while (slice_at(slice->next)->next != 0)
            slice = slice_at(slice->next);
        slice->span = slice_at(slice->next)->span;
        merge(*slice, slice->next);
    }
}

// Null when there is no room; then the time goes to the slice before. A plan's first slice begins with its
// first execution.
Slice *begin_slice(Statement &statement, Plan &plan, TimestampTz first, TimestampTz at) {
    const Slice *before = slice_at(plan.slices);
    const TimestampTz earlier = before ? before->from : floor_to(at, hour);
    const bool changed = statement.changed > earlier && statement.changed <= at;
    const Ref ref = take_chunks(1);
    if (ref == 0)
        return nullptr;
    Slice &slice = *slice_at(ref);
    slice = Slice{};
    slice.next = plan.slices;
    slice.from = before ? floor_to(at, hour) : first;
    slice.after_change = changed;
    if (changed && statement.changed > slice.from)
        slice.from = statement.changed;
    plan.slices = ref;
    fold(plan, at);
    return slice_at(plan.slices);
}

// Where executions of that time belong.
Slice *slice_for(Statement &statement, Plan &plan, TimestampTz first, TimestampTz at) {
    Slice *newest = slice_at(plan.slices);
    const bool current = newest && at < floor_to(newest->from, hour) + hour &&
                         !(statement.changed > newest->from && statement.changed <= at);
    if (!current) {
        if (Slice *slice = begin_slice(statement, plan, first, at))
            return slice;
    }
    Slice *slice = newest;
    while (slice && slice->from > at && slice->next != 0) // counted before, flushed only now
        slice = slice_at(slice->next);
    return slice;
}

void add(Slice &slice, const Counters &counters) {
    slice.calls += counters.calls;
    slice.total_ms += counters.total_ms;
    slice.sum_squares_ms += counters.sum_squares_ms;
    slice.rows += counters.rows;
    slice.blocks += touched_blocks(counters.usage);
    slice.wal_bytes += counters.usage.wal_bytes;
}

} // namespace

// A plan that ran only once needs no slice: its counters say it all.
void add_to_slices(Statement &statement, Plan &plan, const Pending &pending) {
    const Counters &before = plan.counters;
    if (pending.calls == 0 || (before.calls == 0 && pending.calls == 1))
        return;
    look_for_changes(statement);
    if (plan.slices == 0 && before.calls == 1)
        if (Slice *slice = slice_for(statement, plan, before.first_seen, before.last_seen)) {
            add(*slice, before);
            ++slice->histogram[bucket_of_latency(before.total_ms)];
        }
    if (Slice *slice = slice_for(statement, plan, pending.first_seen, pending.last_seen)) {
        add(*slice, counters_of(pending));
        for (std::uint32_t i = 0; i < histogram_buckets; ++i)
            slice->histogram[i] += pending.histogram[i];
    }
}

TimestampTz change_since(TimestampTz from, Oid database, const Oid *relations, std::size_t count) {
    TimestampTz latest = 0;
    for (const SchemaChange &change : block->changes)
        for (std::size_t i = 0; i < count; ++i)
            if (change.database == database && change.relation == relations[i] && change.time > from &&
                change.time > latest)
                latest = change.time;
    return latest;
}

TimestampTz change_of_index(Oid database, Oid index) {
    TimestampTz latest = 0;
    for (const SchemaChange &change : block->changes)
        if (change.database == database && change.index == index && change.time > latest)
            latest = change.time;
    return latest;
}

void note_schema_change(Oid database, Oid relation, Oid index) {
    flush_pending();
    LWLock *lock = lock_of(0);
    int attempt = 0;
    while (!LWLockConditionalAcquire(lock, LW_EXCLUSIVE))
        if (++attempt == lock_attempts)
            return;
    const std::uint32_t serial = pg_atomic_read_u32(&block->change_serial) + 1;
    block->changes[serial % remembered_changes] = {database, relation, index, serial, GetCurrentTimestamp()};
    pg_write_barrier();
    pg_atomic_write_u32(&block->change_serial, serial);
    LWLockRelease(lock);
}

} // namespace advisor::pg::store
