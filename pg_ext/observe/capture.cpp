// Gathers an example and the plan's text in a memory context of its own and hands both to the store.
#include "pg_ext/observe/capture.h"

#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"
#include "pg_ext/observe/parameter_values.h"
#include "pg_ext/observe/replannable_text.h"
#include "pg_ext/store/gifts.h"

namespace advisor::pg::observe {
namespace {

constexpr std::size_t most_plan_bytes = 8 * 1024;

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
        store::supply_slowest(execution.key,
                              static_cast<double>(execution.total) * store::block->milliseconds_per_tick,
                              bytes, length);
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

void capture_plan_text(QueryDesc *query, const Activity &activity) {
    const bool redacted = settings::capture_parameters != settings::capture_on;
    ExplainState *explain = NewExplainState();
    explain->costs = !redacted;
    ExplainBeginOutput(explain);
    ExplainPrintPlan(explain, query);
    ExplainEndOutput(explain);
    TextCut text = cut_statement(explain->str->data, -1, 0);
    if (redacted) {
        auto *target = static_cast<char *>(palloc(most_plan_bytes));
        text = {target, without_constants(text, target, most_plan_bytes)};
    } else if (text.length > most_plan_bytes) {
        text.length = static_cast<std::size_t>(
            pg_mbcliplen(text.at, static_cast<int>(text.length), static_cast<int>(most_plan_bytes)));
    }
    store::supply(activity.execution.key, activity.execution.planid, store::description_blob, text.at,
                  text.length);
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
                if (wanted.example || wanted.slowest)
                    capture_example(query, activity, wanted.slowest);
                if (wanted.description)
                    capture_plan_text(query, activity);
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
    if (wanted.example || wanted.slowest)
        give_example(activity, wanted.slowest, "", 0);
    if (wanted.description)
        store::supply(activity.execution.key, activity.execution.planid, store::description_blob, "", 0);
}

} // namespace advisor::pg::observe
