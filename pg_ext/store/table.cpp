// Hash table of statements. Eviction is a clock hand with weights: what took little time lately goes first.
#include "pg_ext/store/table.h"

#include "pg_ext/store/evictions.h"
#include "pg_ext/store/pool.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace advisor::pg::store {
namespace {

constexpr int most_evictions = 64;           // for one need of room
constexpr std::uint32_t most_buckets = 4096; // that the hand passes for one need of room
constexpr int patience = 32;                 // statements that the hand spares before it asks for more weight
constexpr double least_threshold = 1e-6;     // milliseconds
constexpr double doubling_microseconds = 12.0 * 3600 * 1e6;
constexpr double most_doublings = 900; // within the range of a double

void free_plan(Plan &plan, Ref ref) {
    for (Blob &blob : plan.blobs)
        free_blob(blob);
    give_chain(plan.slices);
    give_chunk(ref);
    pg_atomic_fetch_sub_u64(&block->plans, 1);
}

// Unlinks the statement that *link names and gives back all that belongs to it.
void remove_at(Ref *link) {
    const Ref ref = *link;
    Statement &statement = *statement_at(ref);
    *link = statement.next;
    for (Ref plan = statement.plans; plan != 0;) {
        const Ref next = plan_at(plan)->next;
        free_plan(*plan_at(plan), plan);
        plan = next;
    }
    for (Blob &blob : statement.blobs)
        free_blob(blob);
    give_chunk(ref);
    pg_atomic_fetch_sub_u64(&block->statements, 1);
}

double threshold() {
    return std::bit_cast<double>(pg_atomic_read_u64(&block->threshold));
}

void set_threshold(double value) {
    pg_atomic_write_u64(&block->threshold,
                        std::bit_cast<std::uint64_t>(value > least_threshold ? value : least_threshold));
}

// The hand's way: what it found since the last eviction.
struct Sweep {
    int evicted = 0;
    int spared = 0;
    double lightest = 0;
};

// One stop of the clock hand: light statements go.
void sweep_bucket(std::uint32_t bucket, Sweep &sweep) {
    const double bar = threshold();
    for (Ref *link = &buckets()[bucket]; *link != 0;) {
        Statement &statement = *statement_at(*link);
        if (statement.weight <= bar) {
            note_eviction(statement);
            remove_at(link);
            ++sweep.evicted;
            sweep.spared = 0;
            continue;
        }
        sweep.lightest =
            sweep.spared++ == 0 || statement.weight < sweep.lightest ? statement.weight : sweep.lightest;
        link = &statement.next;
    }
}

// The bar rises to the lightest of those spared in a row, and sinks a little with each eviction: it stays
// near the weight of what comes and goes, whatever that is in milliseconds.
void adjust_threshold(Sweep &sweep, int evicted_before) {
    if (sweep.evicted > evicted_before)
        set_threshold(threshold() * 0.98);
    else if (sweep.spared >= patience) {
        set_threshold(sweep.lightest);
        sweep.spared = 0;
    }
}

} // namespace

std::uint32_t hash_key(const StatementKey &key) {
    std::uint64_t mixed = static_cast<std::uint64_t>(key.queryid);
    mixed ^= (std::uint64_t{key.role} << 32 | key.database) * 0x9E3779B97F4A7C15ULL;
    mixed += key.nested;
    mixed = (mixed ^ (mixed >> 31)) * 0xBF58476D1CE4E5B9ULL;
    return static_cast<std::uint32_t>(mixed >> 32);
}

Statement *find_statement(const StatementKey &key, std::uint32_t hash) {
    for (Ref ref = buckets()[bucket_of(hash)]; ref != 0; ref = statement_at(ref)->next)
        if (statement_at(ref)->key == key)
            return statement_at(ref);
    return nullptr;
}

Statement *insert_statement(const StatementKey &key, std::uint32_t hash) {
    const Ref ref = take_chunks(1);
    if (ref == 0)
        return nullptr;
    Statement &statement = *statement_at(ref);
    statement = Statement{};
    statement.key = key;
    statement.hash = hash;
    Ref &head = buckets()[bucket_of(hash)];
    statement.next = head;
    head = ref;
    pg_atomic_fetch_add_u64(&block->statements, 1);
    return &statement;
}

Plan *find_plan(const Statement &statement, std::int64_t planid) {
    for (Plan *plan = plan_at(statement.plans); plan; plan = plan_at(plan->next))
        if (plan->planid == planid)
            return plan;
    return nullptr;
}

Plan *insert_plan(Statement &statement, std::int64_t planid) {
    const Ref ref = take_chunks(1);
    if (ref == 0)
        return nullptr;
    Plan &plan = *plan_at(ref);
    plan = Plan{};
    plan.planid = planid;
    plan.next = statement.plans;
    statement.plans = ref;
    ++statement.plan_count;
    pg_atomic_fetch_add_u64(&block->plans, 1);
    return &plan;
}

void merge_counters(Counters &into, const Counters &from) {
    if (from.calls > 0) {
        into.min_ms = into.calls > 0 && into.min_ms < from.min_ms ? into.min_ms : from.min_ms;
        into.max_ms = into.max_ms > from.max_ms ? into.max_ms : from.max_ms;
    }
    if (from.first_seen != 0 && (into.first_seen == 0 || from.first_seen < into.first_seen))
        into.first_seen = from.first_seen;
    into.last_seen = into.last_seen > from.last_seen ? into.last_seen : from.last_seen;
    into.calls += from.calls;
    for (auto field : {&Counters::total_ms, &Counters::self_ms, &Counters::sum_squares_ms, &Counters::plan_ms,
                       &Counters::jit_ms, &Counters::failed_ms, &Counters::complete_rows})
        into.*field += from.*field;
    for (auto field : {&Counters::rows, &Counters::failed, &Counters::cancelled, &Counters::generic_plans,
                       &Counters::custom_plans, &Counters::workers_planned, &Counters::workers_launched,
                       &Counters::complete_runs})
        into.*field += from.*field;
    add_usage(into.usage, from.usage);
}

Counters counters_of(const Pending &pending) {
    Counters counters;
    counters.calls = pending.calls;
    counters.total_ms = milliseconds_of(pending.total);
    counters.self_ms = milliseconds_of(pending.self);
    counters.min_ms = milliseconds_of(pending.least);
    counters.max_ms = milliseconds_of(pending.most);
    counters.sum_squares_ms = pending.squares * block->milliseconds_per_tick * block->milliseconds_per_tick;
    counters.plan_ms = milliseconds_of(pending.planning);
    counters.rows = pending.rows;
    counters.failed = pending.failed;
    counters.cancelled = pending.cancelled;
    counters.failed_ms = milliseconds_of(pending.failed_ticks);
    counters.generic_plans = pending.generic_plans;
    counters.custom_plans = pending.custom_plans;
    counters.usage = pending.usage;
    counters.first_seen = pending.first_seen;
    counters.last_seen = pending.last_seen;
    counters.jit_ms = pending.jit_ms;
    counters.workers_planned = pending.workers_planned;
    counters.workers_launched = pending.workers_launched;
    counters.complete_runs = pending.complete_runs;
    counters.complete_rows = static_cast<double>(pending.complete_rows);
    return counters;
}

double weight_of_millisecond(TimestampTz now) {
    const auto age = static_cast<double>(now - block->weight_origin);
    return std::exp2(std::clamp(age / doubling_microseconds, 0.0, most_doublings));
}

bool make_room(std::uint32_t chunks) {
    Sweep sweep;
    for (std::uint32_t passed = 0; passed < most_buckets && sweep.evicted < most_evictions; ++passed) {
        if (pg_atomic_read_u32(&block->free_count) >= chunks)
            break;
        const std::uint32_t bucket = bucket_of(pg_atomic_fetch_add_u32(&block->clock_hand, 1));
        if (buckets()[bucket] == 0)
            continue;
        LWLock *lock = lock_of(partition_of(bucket));
        if (!LWLockConditionalAcquire(lock, LW_EXCLUSIVE))
            continue;
        const int evicted_before = sweep.evicted;
        sweep_bucket(bucket, sweep);
        LWLockRelease(lock);
        adjust_threshold(sweep, evicted_before);
    }
    pg_atomic_fetch_add_u64(&block->evicted, sweep.evicted);
    return pg_atomic_read_u32(&block->free_count) >= chunks;
}

void remove_all(const std::int64_t *queryid) {
    for (std::uint32_t partition = 0; partition < partitions; ++partition) {
        LWLockAcquire(lock_of(partition), LW_EXCLUSIVE);
        for (std::uint32_t bucket = partition; bucket < block->bucket_count; bucket += partitions)
            for (Ref *link = &buckets()[bucket]; *link != 0;) {
                if (queryid && statement_at(*link)->key.queryid != *queryid)
                    link = &statement_at(*link)->next;
                else
                    remove_at(link);
            }
        LWLockRelease(lock_of(partition));
    }
}

} // namespace advisor::pg::store
