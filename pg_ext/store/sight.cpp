// Second sight costs more than the first: texts and examples are wanted only of what comes back.
#include "pg_ext/store/sight.h"

#include "pg_ext/settings.h"
#include "pg_ext/store/random.h"
#include "pg_ext/store/table.h"

#include <limits>

namespace advisor::pg::store {
namespace {

constexpr std::uint32_t most_plans = 64; // of one statement; further shapes share plan 0
constexpr double slower = 1.5;           // than the slowest example so far
constexpr std::uint32_t pick_every = 8;  // samples: what is dear to capture is considered
constexpr std::uint32_t values_every = 4;

bool is_early(const Sight &sight) {
    return sight.plan->sampled <= static_cast<std::uint32_t>(settings::sample_first);
}

// Weighted reservoir of one (Chao 1982): each execution is kept with the share of its time in all time. One
// that is considered stands for those between it and the last.
bool pick_example(Statement &statement, const Sight &sight, double milliseconds) {
    if (sight.plan->sampled % pick_every != 0)
        return false;
    const double weight = milliseconds * pick_every * (is_early(sight) ? 1 : sample_interval());
    statement.example_weight += weight;
    return random_share() * statement.example_weight < weight;
}

bool was_tried(std::uint32_t tried, unsigned which) {
    return (tried & 1U << which) != 0;
}

} // namespace

LWLock *lock_for_recording(std::uint32_t hash, std::uint32_t chunks) {
    if (pg_atomic_read_u32(&block->free_count) < chunks + room_in_reserve)
        make_room(chunks + room_in_reserve);
    LWLock *lock = lock_of(partition_of(hash));
    return LWLockConditionalAcquire(lock, LW_EXCLUSIVE) ? lock : nullptr;
}

Sight find_or_insert(const Slot &slot) {
    Sight sight{find_statement(slot.key, slot.hash), nullptr, false, false};
    if (!sight.statement) {
        sight.statement = insert_statement(slot.key, slot.hash);
        if (!sight.statement)
            return {};
        sight.new_statement = true;
        sight.statement->utility = slot.utility;
        sight.statement->integrity = slot.integrity;
        sight.statement->first_seen = slot.pending.first_seen;
        sight.statement->change_serial = pg_atomic_read_u32(&block->change_serial);
    }
    Statement &statement = *sight.statement;
    statement.server_queryid = slot.server_queryid;
    statement.nested_in = slot.nested_in;
    sight.plan = find_plan(statement, slot.planid);
    if (!sight.plan && statement.plan_count >= most_plans)
        sight.plan = find_plan(statement, 0);
    sight.new_plan = sight.plan == nullptr;
    if (!sight.plan)
        sight.plan = insert_plan(statement, statement.plan_count >= most_plans ? 0 : slot.planid);
    if (sight.plan) {
        sight.plan->estimated_cost = slot.estimated_cost;
        sight.plan->estimated_rows = slot.estimated_rows;
    }
    return sight;
}

void note_relations(Statement &statement, const List *relations) {
    unsigned count = 0;
    ListCell *cell;
    foreach (cell, relations) {
        const Oid relation = lfirst_oid(cell);
        bool known = false;
        for (unsigned i = 0; i < count; ++i)
            known = known || statement.relations[i] == relation;
        if (known)
            continue;
        if (count == most_relations) {
            statement.more_relations = 1;
            return;
        }
        statement.relations[count++] = relation;
    }
}

Wanted wanted_of(const Sight &sight, const Execution &execution) {
    Statement &statement = *sight.statement;
    Wanted wanted{};
    wanted.text = statement.blobs[text_blob].bytes == 0;
    if (execution.utility || execution.failed)
        return wanted;
    const double milliseconds = milliseconds_of(execution.total);
    if (execution.sampled) {
        ++sight.plan->sampled;
        wanted.sample = true;
        wanted.values = !sight.new_statement && (is_early(sight) || sample_interval() == 1 ||
                                                 sight.plan->sampled % values_every == 0);
    }
    if (sight.new_statement)
        return wanted;
    wanted.description = !sight.new_plan && !was_tried(sight.plan->tried, description_blob);
    if (!was_tried(statement.tried, example_blob)) {
        wanted.example = true;
        statement.example_weight = milliseconds;
        statement.slowest_ms = milliseconds;
        return wanted;
    }
    if (statement.blobs[example_blob].bytes == 0) // it can't be planned again
        return wanted;
    wanted.example = execution.sampled && pick_example(statement, sight, milliseconds);
    wanted.slowest = !wanted.example && milliseconds > statement.slowest_ms * slower;
    return wanted;
}

std::uint64_t ticks_worth_an_example(const Statement &statement) {
    if (statement.blobs[example_blob].bytes == 0)
        return std::numeric_limits<std::uint64_t>::max();
    return static_cast<std::uint64_t>(statement.slowest_ms * slower / block->milliseconds_per_tick);
}

bool plan_lacks_samples(const StatementKey &key, std::int64_t planid) {
    const std::uint32_t hash = hash_key(key);
    LWLock *lock = lock_of(partition_of(hash));
    if (settings::sample_first == 0 || !LWLockConditionalAcquire(lock, LW_SHARED))
        return false;
    const Statement *statement = find_statement(key, hash);
    const Plan *plan = statement ? find_plan(*statement, planid) : nullptr;
    const bool lacks = !plan || plan->sampled < static_cast<std::uint32_t>(settings::sample_first);
    LWLockRelease(lock);
    return lacks;
}

std::uint32_t sample_interval() {
    constexpr double longest = 1e9;
    const double interval = settings::sample_rate > 0 ? 1 / settings::sample_rate : longest;
    return static_cast<std::uint32_t>(interval < 1 ? 1 : interval > longest ? longest : interval + 0.5);
}

std::uint32_t random_countdown() {
    return 1 + static_cast<std::uint32_t>(random_share() * sample_interval());
}

} // namespace advisor::pg::store
