// planner_hook: planning time.
#include "pg_ext/observe/planner.h"

#include "pg_ext/observe/activity.h"
#include "pg_ext/observe/deparsed_text.h"
#include "pg_ext/observe/known_plan.h"
#include "pg_ext/observe/parse_notes.h"
#include "pg_ext/observe/source_key.h"

namespace advisor::pg::observe {
namespace {

constexpr unsigned most_notes = 16;

struct Note {
    std::uint64_t server_queryid;
    int location;
    bool used;
    Planning planning;
};

planner_hook_type previous = nullptr;
Note notes[most_notes];
unsigned next_note = 0;

// A number with a sign since 18.
std::uint64_t server_queryid(const PlannedStmt *statement) {
    return static_cast<std::uint64_t>(statement->queryId);
}

PlannedStmt *plan_observed(Query *query, const char *text, int options, ParamListInfo parameters) {
    if (!observing()) {
        PlannedStmt *result = previous(query, text, options, parameters);
        ++plan_epoch;
        return result;
    }
    const char *deparsed = lacks_text(query, text) ? deparse_on_second_sight(query) : nullptr;
    const std::uint64_t source = compat::query_ids_tell_relations ? 0 : analysed_key(query);
    const int frame = settings::track_planning ? enter_frame(nullptr, true, __builtin_frame_address(0)) : -1;
    PlannedStmt *result = previous(query, text, options, parameters);
    ++plan_epoch;
    if (source != 0)
        note_planned(source, result);
    if (deparsed)
        note_text(deparsed, textless_key(result));
    Note &note = notes[next_note++ % most_notes];
    unclaimed_plannings += !note.used;
    note = {server_queryid(result), result->stmt_location, true, {true, parameters != nullptr, 0}};
    note.planning.ticks = leave_frame(frame);
    return result;
}

} // namespace

int unclaimed_plannings = 0;

Planning search_planning(const PlannedStmt *statement) {
    for (unsigned back = 1; back <= most_notes; ++back) {
        Note &note = notes[(next_note - back) % most_notes];
        if (note.used && note.server_queryid == server_queryid(statement) &&
            note.location == statement->stmt_location) {
            note.used = false;
            --unclaimed_plannings;
            return note.planning;
        }
    }
    return {};
}

void install_planner() {
    previous = planner_hook ? planner_hook : standard_planner;
    planner_hook = plan_observed;
}

} // namespace advisor::pg::observe
