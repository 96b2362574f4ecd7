// Whether the advisor can see a workload, and what stops it.
#include "pg_ext/readiness.h"

#include "core/version.h"
#include "pg_ext/boundary.h"
#include "pg_ext/settings.h"
#include "pg_ext/sql_query.h"
#include "pg_ext/store/block.h"
#include "pg_ext/store/layout.h"
#include "pg_ext/store/recorded.h"

#include <charconv>
#include <utility>

namespace advisor::pg {

using store::block;

namespace {

// The statement that adds the module and keeps what is there. Names in the list may be quoted: ALTER SYSTEM
// takes each as a literal of its own.
std::string preload_fix() {
    std::string list = server_setting("shared_preload_libraries");
    std::string fix = "ALTER SYSTEM SET shared_preload_libraries = ";
    char *copy = pg_call([&list] { return pstrdup(list.c_str()); });
    List *names = NIL;
    const bool parsed = pg_call([&] { return SplitDirectoriesString(copy, ',', &names); });
    for (int i = 0; parsed && i < list_length(names); ++i) {
        const char *name = static_cast<const char *>(list_nth(names, i));
        fix += pg_call([=] { return quote_literal_cstr(name); });
        fix += ", ";
    }
    return fix + "'db_advisor'; -- then restart the server";
}

std::string script_version() {
    const QueryRows rows = run_query("SELECT extversion FROM pg_extension WHERE extname = 'db_advisor'");
    return rows.rows.empty() ? "" : rows.rows[0][0].value_or("");
}

// Of versions such as "0.10".
std::pair<int, int> parts_of(const std::string &version) {
    std::pair<int, int> parts{0, 0};
    const char *end = version.data() + version.size();
    const auto major = std::from_chars(version.data(), end, parts.first);
    if (major.ptr != end)
        std::from_chars(major.ptr + 1, end, parts.second);
    return parts;
}

} // namespace

bool is_preloaded() {
    return block && !store::block_is_private();
}

bool is_recording() {
    return block != nullptr;
}

std::string server_setting(const char *name) {
    const char *value = pg_call([=] { return GetConfigOption(name, true, false); });
    return value ? value : "";
}

StatusItem preloaded_item() {
    StatusItem item{"preloaded", is_preloaded() ? "yes" : "no", "ok", "", ""};
    if (!is_preloaded()) {
        item.state = "missing";
        item.note = "statements are recorded only when the module is loaded at server start";
        item.fix = preload_fix();
    }
    return item;
}

StatusItem recording_item() {
    StatusItem item{"recording", "on", "ok", "", ""};
    if (!block) {
        item.value = "off";
        item.state = "missing";
        item.note = "the module is not preloaded";
        item.fix = "SELECT advisor.record_session(); -- records this session only";
    } else if (!settings::enabled || settings::track == settings::track_none) {
        item.value = "off";
        item.state = "warning";
        item.note = settings::enabled ? "db_advisor.track is none" : "db_advisor.enabled is off";
        item.fix =
            settings::enabled
                ? "ALTER SYSTEM SET db_advisor.track = 'all'; -- then SELECT pg_catalog.pg_reload_conf();"
                : "ALTER SYSTEM SET db_advisor.enabled = on; -- then SELECT pg_catalog.pg_reload_conf();";
    } else if (store::block_is_private()) {
        item.value = "this session";
        item.note = "recorded in the memory of this session, until it ends";
    }
    return item;
}

StatusItem version_item() {
    StatusItem item{version_item_name, core::version, "ok", "", ""};
    const std::string script = script_version();
    if (script == core::version)
        return item;
    item.state = "warning";
    if (parts_of(script) < parts_of(core::version)) {
        item.note = "the SQL objects of this database are of the older version " + script;
        item.fix = "ALTER EXTENSION db_advisor UPDATE;";
    } else {
        item.note = "the library is older than the SQL objects of this database, version " + script;
        item.fix = "-- install the library of version " + script +
                   (is_preloaded() ? ", then restart the server" : ", then connect again");
    }
    return item;
}

bool script_is_current() {
    return parts_of(script_version()) >= parts_of(core::version);
}

std::optional<StatusItem> not_ready() {
    for (StatusItem item : {version_item(), preloaded_item(), recording_item()}) {
        const bool in_session = item.name == "preloaded" && block;
        if (item.state != "ok" && !in_session)
            return item;
    }
    if (!read_statements(MyDatabaseId).empty())
        return std::nullopt;
    return StatusItem{"recorded", "nothing", "missing", "no statement of this database has been recorded yet",
                      "-- run the application, then read advisor.recommendations again"};
}

} // namespace advisor::pg
