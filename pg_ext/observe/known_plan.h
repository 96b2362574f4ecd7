// What the hooks have found out about a plan, kept while it lives: its statement's id, its shape and its
// place in the store. A plan that a function or a prepared statement runs again and again is looked at once.
//
// Another plan can only come to lie at the same address after it was planned, so whatever was noted before
// the latest planning in this backend is looked at again. Equal address, cost and query id alone would not
// do: sister partitions have such plans.
#pragma once
#include "pg_ext/observe/hooks.h"
#include "pg_ext/store/pending.h"

namespace advisor::pg::observe {

struct KnownPlan {
    const PlannedStmt *statement;
    std::uint64_t epoch;
    std::uint64_t source; // key of parse notes
    store::StatementKey key;
    std::int64_t planid;
    store::Place place;
};

// Raised when a plan was made, or when names of relations changed.
extern std::uint64_t plan_epoch;

constexpr std::size_t known_plans = 64;
extern KnownPlan known_plan_table[known_plans];

// Looks at the plan and notes what it found.
KnownPlan &get_to_know(const QueryDesc *query, Oid role, bool nested, KnownPlan &entry);

inline KnownPlan &known_plan(const QueryDesc *query, Oid role, bool nested) {
    const PlannedStmt *statement = query->plannedstmt;
    const auto address = reinterpret_cast<std::uintptr_t>(statement);
    KnownPlan &entry = known_plan_table[((address >> 4) ^ (address >> 10)) % known_plans];
    if (entry.statement == statement && entry.epoch == plan_epoch && entry.key.role == role &&
        entry.key.nested == nested) [[likely]]
        return entry;
    return get_to_know(query, role, nested, entry);
}

} // namespace advisor::pg::observe
