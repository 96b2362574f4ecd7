// advisor.status(): what is recording, what is missing and how to mend it. One function per row; the list at
// the end is the order of the view.
#include "pg_ext/advice/analysis.h"
#include "pg_ext/advice/index_advice.h"
#include "pg_ext/advice/server_statements.h"
#include "pg_ext/advice/workload.h"
#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"
#include "pg_ext/functions/rows.h"
#include "pg_ext/observe/observer.h"
#include "pg_ext/readiness.h"
#include "pg_ext/settings.h"
#include "pg_ext/sql_query.h"
#include "pg_ext/store/advised_databases.h"
#include "pg_ext/store/block.h"
#include "pg_ext/store/layout.h"
#include "pg_ext/store/recorded.h"
#include "pg_ext/store/save_file.h"

#include <algorithm>

namespace advisor::pg {
namespace {

using store::block;
using Item = StatusItem;

constexpr std::size_t most_named_databases = 5;

std::uint64_t read(pg_atomic_uint64 &counter) {
    return block ? pg_atomic_read_u64(&counter) : 0;
}

Item compute_query_identifier() {
    Item item{"compute_query_id", server_setting("compute_query_id"), "ok", "", ""};
    if (!IsQueryIdEnabled()) {
        item.state = "warning";
        item.note = "statements are told apart by their text, and server_queryid is null";
        item.fix = "ALTER SYSTEM SET compute_query_id = 'auto'; -- then SELECT pg_catalog.pg_reload_conf();";
    }
    return item;
}

Item memory() {
    Item item{"memory", "", "ok", "", ""};
    if (!block)
        return item;
    const std::uint64_t chunks = block->chunk_count;
    const std::uint64_t used = chunks - 1 - pg_atomic_read_u32(&block->free_count);
    item.value = std::to_string(block->chunks_at + used * store::chunk_bytes);
    item.note = "bytes used of " + std::to_string(block->bytes);
    if (read(block->evicted) > 0) {
        item.state = "warning";
        item.note += "; " + std::to_string(read(block->evicted)) + " statements were evicted";
        item.fix = "ALTER SYSTEM SET db_advisor.max_memory = '" +
                   std::to_string(2 * block->bytes / (1024 * 1024)) + "MB'; -- then restart the server";
    }
    return item;
}

Item counted(const char *name, std::uint64_t count, const char *note) {
    return {name, std::to_string(count), count == 0 ? "ok" : "warning", count == 0 ? "" : note, ""};
}

Item statements() {
    return {"statements", std::to_string(block ? read(block->statements) : 0), "ok", "", ""};
}
Item plans() {
    return {"plans", std::to_string(block ? read(block->plans) : 0), "ok", "", ""};
}

Item evicted() {
    return {"evicted", std::to_string(block ? read(block->evicted) : 0), "ok", "", ""};
}

Item lost() {
    return counted("lost", block ? read(block->lost) : 0, "executions found no room and were not counted");
}

Item deferred() {
    Item item = counted("deferred", block ? read(block->deferred) : 0,
                        "times that counters were kept back because others wrote");
    item.state = "ok"; // nothing is lost by it
    return item;
}

Item clipped() {
    Item item =
        counted("clipped_texts", block ? read(block->clipped) : 0, "statements were longer than 16 kB");
    item.state = "ok";
    return item;
}

Item failures() {
    return counted("observer_failures", block ? read(block->failures) : observer_failures,
                   "failures of the recorder itself; no statement was disturbed");
}

Item save_file() {
    Item item{"save_file", store::save_file_name, "ok", "", ""};
    if (!is_preloaded() || !settings::save) {
        item.value.clear();
        item.note = is_preloaded() ? "db_advisor.save is off" : "nothing is saved without preload";
    } else if (read(block->save_failures) > 0) {
        item.state = "warning";
        item.note = std::to_string(read(block->save_failures)) + " saves failed; the server's log says why";
    } else if (const auto time = static_cast<TimestampTz>(read(block->last_saved))) {
        item.note = std::string("last saved ") + pg_call([=] { return timestamptz_to_str(time); });
    } else {
        item.note = "written at shutdown";
    }
    return item;
}

Item examples() {
    std::size_t all = 0, replannable = 0;
    for (const RecordedStatement &statement : read_statements(MyDatabaseId)) {
        const bool settled = !statement.utility && statement.counters.calls > 1;
        all += settled;
        replannable += settled && statement.example;
    }
    return {"replannable", std::to_string(replannable), "ok",
            "of " + std::to_string(all) + " statements of this database that ran more than once", ""};
}

Item server_statistics() {
    return {"pg_stat_statements", server_statements_installed() ? "installed" : "not installed", "ok", "",
            ""};
}

// Whether a database has the extension stands in its own catalog; whether anybody asked there is known here.
Item other_databases() {
    Item item{"other_databases", "", "ok", "", ""};
    if (!is_preloaded())
        return item;
    const std::vector<Oid> asked = store::advised_databases();
    const QueryRows rows =
        run_query("SELECT oid, quote_ident(datname) FROM pg_database WHERE datallowconn AND NOT "
                  "datistemplate AND datname <> current_database() ORDER BY datname");
    std::size_t silent = 0;
    for (const auto &row : rows.rows) {
        if (std::find(asked.begin(), asked.end(), number_of<Oid>(row[0]).value_or(InvalidOid)) != asked.end())
            continue;
        if (++silent <= most_named_databases)
            item.note += (silent == 1 ? "" : ", ") + row[1].value_or("");
    }
    item.value = std::to_string(rows.rows.size() - silent) + " of " + std::to_string(rows.rows.size());
    if (silent == 0)
        return item;
    item.note = "nobody has asked for advice since the server started in " + item.note +
                (silent > most_named_databases ? " and others" : "");
    item.fix = "CREATE EXTENSION db_advisor; -- there, where it is missing";
    return item;
}

Item index_analysis() {
    Item item{"index_analysis", "none", "ok", "no one has asked for recommendations in this database yet",
              ""};
    const auto analysis = last_known_analysis();
    if (!analysis) {
        if (!is_recording())
            item.note = "made anew by each reader while nothing is recorded";
        return item;
    }
    const TimestampTz finished = analysis->finished;
    item.value = pg_call([=] { return timestamptz_to_str(finished); });
    item.note = std::to_string(analysis->statements) + " statements, " +
                std::to_string(analysis->what_if_calls) + " what-if calls, " +
                std::to_string(static_cast<std::int64_t>(analysis->milliseconds)) + " ms";
    if (!analysis->skipped.empty())
        item.note += ", " + std::to_string(analysis->skipped.size()) + " statements skipped";
    if (!analysis->searched.empty())
        item.note += "; " + analysis->searched;
    if (!analysis->complete) {
        item.state = "warning";
        item.note += "; it ran out of time";
        item.fix = "ALTER SYSTEM SET db_advisor.analysis_time_budget = '30s'; -- then SELECT "
                   "pg_catalog.pg_reload_conf();";
    }
    return item;
}

// Of the caller's own last search: recommend_indexes, or an analysis that it started.
Item planner_calls() {
    Item item{"planner_calls", "none", "ok", "this session has not searched for indexes yet", ""};
    if (const auto &effort = last_search()) {
        const auto whole = [](double ms) { return std::to_string(static_cast<std::int64_t>(ms)) + " ms"; };
        item.value = std::to_string(effort->planner_calls);
        item.note = "of this session's last search: " + std::to_string(effort->statements) +
                    " statements prepared in " + whole(effort->prepare_ms) + ", " +
                    std::to_string(effort->candidates) + " candidates sized in " + whole(effort->define_ms) +
                    ", searched in " + whole(effort->select_ms);
        if (const std::string searched = describe(effort->searched, effort->statements); !searched.empty())
            item.note += "; " + searched;
        if (!effort->complete) {
            item.state = "warning";
            item.note += "; it ran out of time";
        }
    }
    return item;
}

using MakeItem = Item (*)();
constexpr MakeItem items[] = {version_item,
                              preloaded_item,
                              recording_item,
                              workload_item,
                              compute_query_identifier,
                              memory,
                              statements,
                              plans,
                              examples,
                              evicted,
                              lost,
                              deferred,
                              clipped,
                              failures,
                              save_file,
                              server_statistics,
                              other_databases,
                              index_analysis,
                              planner_calls};

} // namespace

ADVISOR_SQL_FUNCTION(db_advisor_status) {
    ReturnSetInfo *result = begin_rows(fcinfo);
    for (const MakeItem make : items) {
        const Item item = make();
        ResultRow row;
        row.put(item.name);
        row.put_text(item.value);
        row.put(item.state);
        row.put_text(item.note);
        row.put_text(item.fix);
        row.add_to(result);
    }
    return Datum{0};
}

} // namespace advisor::pg
