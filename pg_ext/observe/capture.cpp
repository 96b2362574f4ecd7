// Gathers an example and the plan's text in a memory context of its own and hands both to the store.
#include "pg_ext/observe/capture.h"

#include "pg_ext/boundary.h"
#include "pg_ext/observe/parameter_values.h"
#include "pg_ext/observe/plan_description.h"
#include "pg_ext/observe/plan_nodes.h"
#include "pg_ext/observe/replannable_text.h"

namespace advisor::pg::observe {
namespace {

store::Piece piece(const char *text) {
    return {text ? text : "", text ? std::strlen(text) : 0};
}

store::Piece setting(const char *name) {
    const char *value = GetConfigOption(name, true, false);
    return piece(value ? pstrdup(value) : "");
}

void capture_example(const QueryDesc *query, const Activity &activity) {
    auto *parts = static_cast<store::ExampleParts *>(palloc0(sizeof(store::ExampleParts)));
    switch (find_replannable_text(query, activity, *parts)) {
    case Replannable::yes: break;
    case Replannable::no: store::supply_example(activity.execution.key, "", 0); return; // not again
    case Replannable::later: return;
    }
    parts->row_security = row_security;
    parts->standard_conforming_strings = standard_conforming_strings;
    parts->search_path = piece(namespace_search_path);
    parts->date_style = setting("DateStyle");
    parts->interval_style = setting("IntervalStyle");
    parts->time_zone = setting("TimeZone");
    const std::size_t bytes = store::encoded_bytes(*parts);
    auto *encoded = static_cast<char *>(palloc(bytes));
    store::encode(*parts, encoded);
    store::supply_example(activity.execution.key, encoded, bytes);
}

// A plan of which no execution was sampled has its estimates at least.
void capture_estimates(QueryDesc *query, const Activity &activity) {
    auto *nodes =
        static_cast<store::NodeRecord *>(palloc(store::most_plan_nodes * sizeof(store::NodeRecord)));
    const std::uint32_t count = collect_nodes(query, false, nodes, store::most_plan_nodes);
    store::supply_nodes(activity.execution.key, activity.execution.planid, nodes, count);
}

void capture_plan(QueryDesc *query, const Activity &activity) {
    if (query->planstate && !query->planstate->instrument)
        capture_estimates(query, activity);
    const StringInfo description = describe_plan(query);
    store::supply_plan_text(activity.execution.key, activity.execution.planid, description->data,
                            static_cast<std::size_t>(description->len));
}

} // namespace

void capture(QueryDesc *query, const Activity &activity, store::Wanted wanted) {
    if (IsInParallelMode()) // no subtransactions there; the next execution will do
        return;
    const unsigned before = observer_failures;
    cpp_observe(
        [=, &activity] {
            const auto error = pg_try([=, &activity] {
                MemoryContext scratch =
                    AllocSetContextCreate(CurrentMemoryContext, "db_advisor capture", ALLOCSET_DEFAULT_SIZES);
                MemoryContext outer = MemoryContextSwitchTo(scratch);
                if (wanted.example)
                    capture_example(query, activity);
                if (wanted.plan_text)
                    capture_plan(query, activity);
                MemoryContextSwitchTo(outer);
                MemoryContextDelete(scratch);
            });
            if (error)
                ++observer_failures;
        },
        observer_failures);
    if (observer_failures == before)
        return;
    pg_atomic_fetch_add_u64(&store::block->failures, observer_failures - before);
    // What failed once is not tried again at each execution.
    if (wanted.example)
        store::supply_example(activity.execution.key, "", 0);
    if (wanted.plan_text)
        store::supply_plan_text(activity.execution.key, activity.execution.planid, "", 0);
}

} // namespace advisor::pg::observe
