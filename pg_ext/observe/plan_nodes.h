// What each node of a plan was estimated to do and, where the execution was instrumented, really did.
#pragma once
#include "pg_ext/observe/activity.h"
#include "pg_ext/store/plan_nodes.h"

namespace advisor::pg::observe {

// Before ExecutorEnd, or of a plan that no executor has started (an empty estate); complete: the plan was run
// to its end. Without instrumentation estimates only, with samples = 0. Gives the number of nodes, 0 when
// they are more than the capacity. Plain frame, allocates nothing.
std::uint32_t collect_nodes(QueryDesc *query, bool complete, store::NodeRecord *target,
                            std::uint32_t capacity);

// Hands them to the store, with what was counted if the execution was sampled.
void give_nodes(QueryDesc *query, const Activity &activity);

} // namespace advisor::pg::observe
