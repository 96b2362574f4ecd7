// Gathers an example and the plan's text in a memory context of its own and hands both to the store.
#include "pg_ext/observe/capture.h"

#include "pg_ext/observe/guarded.h"
#include "pg_ext/observe/parameter_values.h"
#include "pg_ext/observe/plan_description.h"
#include "pg_ext/observe/plan_nodes.h"
#include "pg_ext/observe/replannable_text.h"
#include "pg_ext/store/gifts.h"

namespace advisor::pg::observe {
namespace {

store::Piece piece(const char *text) {
    return {text ? text : "", text ? std::strlen(text) : 0};
}

store::Piece setting(const char *name) {
    const char *value = GetConfigOption(name, true, false);
    return piece(value ? pstrdup(value) : "");
}

void give_example(const Activity &activity, bool slowest, const char *bytes, std::size_t length) {
    const store::Execution &execution = activity.execution;
    if (slowest)
        store::supply_slowest(execution.key, store::milliseconds_of(execution.total), bytes, length);
    else
        store::supply(execution.key, store::example_blob, bytes, length);
}

void capture_example(const QueryDesc *query, const Activity &activity, bool slowest) {
    auto *parts = static_cast<store::ExampleParts *>(palloc0(sizeof(store::ExampleParts)));
    switch (find_replannable_text(query, activity, *parts)) {
    case Replannable::yes: break;
    case Replannable::no: give_example(activity, slowest, "", 0); return; // not again
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
    give_example(activity, slowest, encoded, bytes);
}

void capture_plan(QueryDesc *query, const Activity &activity) {
    if (query->planstate && !query->planstate->instrument) // its estimates at least
        give_nodes(query, activity);
    const StringInfo description = describe_plan(query);
    store::supply(activity.execution.key, activity.execution.planid, store::description_blob,
                  description->data, static_cast<std::size_t>(description->len));
}

} // namespace

void capture(QueryDesc *query, const Activity &activity, store::Wanted wanted) {
    if (IsInParallelMode()) // no subtransactions there; the next execution will do
        return;
    const bool captured = run_guarded([=, &activity] {
        if (wanted.example || wanted.slowest)
            capture_example(query, activity, wanted.slowest);
        if (wanted.description)
            capture_plan(query, activity);
    });
    if (captured)
        return;
    // What failed once is not tried again at each execution.
    if (wanted.example || wanted.slowest)
        give_example(activity, wanted.slowest, "", 0);
    if (wanted.description)
        store::supply(activity.execution.key, activity.execution.planid, store::description_blob, "", 0);
}

} // namespace advisor::pg::observe
