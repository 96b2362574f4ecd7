#include "sqlite_ext/store/finding_file.h"

#include "core/rules/figures.h"
#include "sqlite_ext/handles.h"
#include "sqlite_ext/json.h"
#include "sqlite_ext/store/bounds.h"

namespace advisor::sqlite {

namespace {

constexpr const char *layout = R"(
CREATE TABLE IF NOT EXISTS finding(
    database TEXT NOT NULL, id TEXT NOT NULL, rule TEXT NOT NULL, category TEXT NOT NULL, severity TEXT NOT NULL,
    object TEXT NOT NULL, title TEXT NOT NULL, detail TEXT NOT NULL, evidence TEXT NOT NULL, benefit REAL,
    storage_bytes INTEGER, confidence REAL NOT NULL, fix TEXT NOT NULL, fix_steps TEXT NOT NULL,
    rollback TEXT NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, closed_at INTEGER NOT NULL,
    decided_at INTEGER NOT NULL, dismissed INTEGER NOT NULL, reason TEXT NOT NULL, until INTEGER NOT NULL,
    PRIMARY KEY(database, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rule_setting(
    database TEXT NOT NULL, rule TEXT NOT NULL, enabled INTEGER NOT NULL, severity TEXT, thresholds TEXT NOT NULL,
    changed_at INTEGER NOT NULL, PRIMARY KEY(database, rule)) WITHOUT ROWID;
)";

void load_states(FindingBook &book, sqlite3 *file, const std::string &database) {
    JsonReader json;
    Query row(file,
              "SELECT id, rule, category, severity, object, title, detail, evidence, benefit, storage_bytes, "
              "confidence, fix, fix_steps, rollback, first_seen, last_seen, closed_at, decided_at, "
              "dismissed, reason, until FROM finding WHERE database = ?1");
    row.bind(1, database);
    while (row.step()) {
        FindingState state;
        core::Recommendation &finding = state.finding;
        finding.id = row.text(0);
        finding.rule = row.text(1);
        finding.category = row.text(2);
        finding.severity = core::severity_of(row.text(3)).value_or(core::Severity::info);
        finding.object = row.text(4);
        finding.title = row.text(5);
        finding.detail = row.text(6);
        finding.evidence = json.facts(row.text(7));
        if (!row.is_null(8))
            finding.benefit = row.real(8);
        if (!row.is_null(9))
            finding.storage_bytes = row.integer(9);
        finding.confidence = row.real(10);
        finding.fix = row.text(11);
        finding.fix_steps = json.strings(row.text(12));
        finding.rollback = row.text(13);
        state.first_seen = bounded_time(row.integer(14));
        state.last_seen = bounded_time(row.integer(15));
        state.closed_at = bounded_time(row.integer(16));
        state.decided_at = bounded_time(row.integer(17));
        state.dismissed = row.integer(18) != 0;
        state.reason = row.text(19);
        state.until = bounded_time(row.integer(20));
        book.merge(std::move(state));
    }
}

void load_settings(FindingBook &book, sqlite3 *file, const std::string &database) {
    Query row(file,
              "SELECT rule, enabled, severity, thresholds, changed_at FROM rule_setting WHERE database = ?1");
    row.bind(1, database);
    while (row.step())
        book.merge(row.text(0), {row.integer(1) != 0, core::severity_of(row.text(2)), row.text(3),
                                 bounded_time(row.integer(4))});
}

void save_state(Query &target, const FindingState &state) {
    const core::Recommendation &finding = state.finding;
    target.reset();
    target.bind(2, finding.id);
    target.bind(3, finding.rule);
    target.bind(4, finding.category);
    target.bind(5, core::severity_name(finding.severity));
    target.bind(6, finding.object);
    target.bind(7, finding.title);
    target.bind(8, finding.detail);
    target.bind(9, json_object(finding.evidence));
    sqlite3_bind_null(target.get(), 10);
    if (finding.benefit)
        sqlite3_bind_double(target.get(), 10, *finding.benefit);
    sqlite3_bind_null(target.get(), 11);
    if (finding.storage_bytes)
        target.bind(11, *finding.storage_bytes);
    sqlite3_bind_double(target.get(), 12, finding.confidence);
    target.bind(13, finding.fix);
    target.bind(14, json_array(finding.fix_steps));
    target.bind(15, finding.rollback);
    target.bind(16, state.first_seen);
    target.bind(17, state.last_seen);
    target.bind(18, state.closed_at);
    target.bind(19, state.decided_at);
    target.bind(20, std::int64_t{state.dismissed});
    target.bind(21, state.reason);
    target.bind(22, state.until);
    target.step();
}

} // namespace

void create_finding_tables(sqlite3 *file) {
    execute(file, layout);
}

void load_findings(FindingBook &book, sqlite3 *file, const std::string &database) {
    load_states(book, file, database);
    load_settings(book, file, database);
}

void save_findings(FindingBook &book, sqlite3 *file, const std::string &database) {
    load_findings(book, file, database);
    Query states(file,
                 "INSERT OR REPLACE INTO finding VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
                 "?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)");
    states.bind(1, database);
    for (const FindingState &state : book.states())
        save_state(states, state);
    Query settings(file, "INSERT OR REPLACE INTO rule_setting VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
    settings.bind(1, database);
    for (const auto &[rule, setting] : book.settings()) {
        settings.reset();
        settings.bind(2, rule);
        settings.bind(3, std::int64_t{setting.enabled});
        sqlite3_bind_null(settings.get(), 4);
        if (setting.severity)
            settings.bind(4, core::severity_name(*setting.severity));
        settings.bind(5, setting.thresholds);
        settings.bind(6, setting.changed_at);
        settings.step();
    }
}

} // namespace advisor::sqlite
