// Hash table of statements, with a weighted clock hand for eviction.
#include "pg_ext/store/table.h"

#include "pg_ext/store/pool.h"

#include <bit>

namespace advisor::pg::store {
namespace {

constexpr int most_evictions = 64;       // for one need of room
constexpr std::uint32_t most_buckets = 4096;  // that the hand passes for one need of room
constexpr std::uint8_t most_credit = 15;

void free_plan(Plan &plan, Ref ref) {
    free_blob(plan.text);
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
    free_blob(statement.text);
    free_blob(statement.example);
    give_chunk(ref);
    pg_atomic_fetch_sub_u64(&block->statements, 1);
}

// One stop of the clock hand: statements without credit go, the others lose one.
int sweep_bucket(std::uint32_t bucket) {
    int evicted = 0;
    for (Ref *link = &buckets()[bucket]; *link != 0;) {
        Statement &statement = *statement_at(*link);
        if (statement.credit == 0) {
            remove_at(link);
            ++evicted;
        } else {
            --statement.credit;
            link = &statement.next;
        }
    }
    return evicted;
}

}  // namespace

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
    statement.credit = 1;
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
                       &Counters::jit_ms, &Counters::complete_rows})
        into.*field += from.*field;
    for (auto field :
         {&Counters::rows, &Counters::failed, &Counters::cancelled, &Counters::generic_plans,
          &Counters::custom_plans, &Counters::shared_hit, &Counters::shared_read, &Counters::shared_dirtied,
          &Counters::shared_written, &Counters::local_hit, &Counters::local_read, &Counters::temp_read,
          &Counters::temp_written, &Counters::wal_bytes, &Counters::workers_planned, &Counters::workers_launched,
          &Counters::complete_runs})
        into.*field += from.*field;
}

void earn_credit(Statement &statement, double milliseconds) {
    const auto microseconds = static_cast<std::uint64_t>(milliseconds > 0 ? milliseconds * 1000 : 0);
    const auto earned = static_cast<std::uint8_t>(1 + std::bit_width(microseconds) / 2);
    if (earned > statement.credit)
        statement.credit = earned < most_credit ? earned : most_credit;
}

bool make_room(std::uint32_t chunks) {
    int evicted = 0;
    for (std::uint32_t passed = 0; passed < most_buckets && evicted < most_evictions; ++passed) {
        if (pg_atomic_read_u32(&block->free_count) >= chunks)
            break;
        const std::uint32_t bucket = bucket_of(pg_atomic_fetch_add_u32(&block->clock_hand, 1));
        if (buckets()[bucket] == 0)
            continue;
        LWLock *lock = lock_of(partition_of(bucket));
        if (!LWLockConditionalAcquire(lock, LW_EXCLUSIVE))
            continue;
        evicted += sweep_bucket(bucket);
        LWLockRelease(lock);
    }
    pg_atomic_fetch_add_u64(&block->evicted, evicted);
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

}  // namespace advisor::pg::store
