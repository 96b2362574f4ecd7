// Several findings as one psql script. Whatever comes from names stands in literals, or in comments without
// line breaks.
#include "core/render/apply_script.h"

#include "core/catalog/ddl.h"

#include <algorithm>
#include <map>

namespace advisor::core {

namespace {

using Kind = ScriptStep::Kind;

std::string comment(const std::string &text) {
    return commented(text) + "\n";
}

std::string oid_of(const std::string &name) {
    return "to_regclass(" + quote_literal(name) + ")";
}

// SELECT 'statement' WHERE condition \gexec
std::string run_where(const std::string &statement, const std::string &condition) {
    return "SELECT " + quote_literal(statement) + "\nWHERE " + condition + " \\gexec\n";
}

std::string is_valid(const std::string &index, const std::string &table) {
    return "EXISTS (SELECT FROM pg_index AS i WHERE i.indexrelid = " + oid_of(index) + " AND i.indisvalid" +
           (table.empty() ? "" : " AND i.indrelid = " + oid_of(table)) + ")";
}

// Stops the script unless the condition holds.
std::string demand(const std::string &condition, const std::string &message, const std::string &hint) {
    return "DO " +
           quote_literal("BEGIN IF NOT (" + condition + ") THEN RAISE EXCEPTION USING MESSAGE = " +
                         quote_literal(message) + ", HINT = " + quote_literal(hint) + "; END IF; END") +
           ";\n";
}

// What would make others wait in its queue gives up soon; the next run goes on from there.
std::string without_a_queue(const std::string &body) {
    return "SET lock_timeout = '5s';\n" + body + "SET lock_timeout = 0;\n";
}

// Who builds an index at the moment, or vacuums by hand, holds that lock; an autovacuum makes way.
std::string nobody_builds(const std::string &table) {
    return "NOT EXISTS (SELECT FROM pg_locks AS l LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid\n"
           "    WHERE l.relation = " +
           oid_of(table) +
           " AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())\n"
           "      AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted AND l.pid <> pg_backend_pid()\n"
           "      AND a.backend_type IS DISTINCT FROM 'autovacuum worker')";
}

std::string create_lines(const ScriptStep &step) {
    const std::string is_missing = oid_of(step.index) + " IS NULL";
    if (step.only_parent)
        return without_a_queue(run_where(step.sql, is_missing));
    std::string text = "-- what an interrupted build left\n";
    text += run_where("DROP INDEX CONCURRENTLY " + step.index,
                      "EXISTS (SELECT FROM pg_index AS i WHERE i.indexrelid = " + oid_of(step.index) +
                          "\n    AND NOT i.indisvalid AND i.indrelid = " + oid_of(step.table) + ")\n  AND " +
                          nobody_builds(step.table));
    text += run_where(step.sql, is_missing);
    text += demand(
        is_valid(step.index, step.table), "index " + step.index + " on " + step.table + " is not valid",
        "If another session builds it, wait for that; then run this script again. A relation of that "
        "name that is another one needs new advice.");
    return text;
}

std::string step_lines(const ScriptStep &step) {
    switch (step.kind) {
    case Kind::create_index: return create_lines(step);
    case Kind::attach_index: return without_a_queue(step.sql + ";\n"); // done already: nothing happens
    case Kind::repeatable: return step.sql + ";\n";
    case Kind::drop_index:
    case Kind::by_hand: break;
    }
    return "";
}

std::string drop_lines(const ScriptFinding &finding, const ScriptStep &step) {
    std::string condition = oid_of(step.index) + " IS NOT NULL";
    std::string text;
    if (!finding.kept.empty()) {
        text += "SELECT " +
                quote_literal("index " + step.index + " stays: " + finding.kept +
                              ", which should take over, is not there or not valid") +
                "\nWHERE " + condition + " AND NOT " + is_valid(finding.kept, "") + ";\n";
        condition += "\n  AND " + is_valid(finding.kept, "");
    }
    if (finding.rule == "unused-index" && step.concurrently) {
        const std::string used = "pg_stat_get_numscans(" + oid_of(step.index) + ") > 0";
        text += "SELECT " + quote_literal("index " + step.index + " stays: it was used since") + "\nWHERE " +
                condition + " AND " + used + ";\n";
        condition += " AND NOT " + used;
    }
    text += run_where(step.sql, condition);
    return step.concurrently ? text : without_a_queue(text);
}

bool is_by_hand(const ScriptFinding &finding) {
    return std::any_of(finding.steps.begin(), finding.steps.end(),
                       [](const ScriptStep &step) { return step.kind == Kind::by_hand; });
}

// The statements of a name that two findings give to different indexes.
bool takes_a_name(const ScriptFinding &finding, std::map<std::string, std::string> &statements) {
    for (const ScriptStep &step : finding.steps)
        if (step.kind == Kind::create_index) {
            const auto known = statements.find(step.index);
            if (known != statements.end() && known->second != step.sql)
                return true;
        }
    for (const ScriptStep &step : finding.steps)
        if (step.kind == Kind::create_index)
            statements[step.index] = step.sql;
    return false;
}

std::string heading(const ScriptFinding &finding) {
    return "\n" + comment(finding.id + " " + finding.rule + ": " + finding.title);
}

std::string opening(const std::vector<ScriptFinding> &findings, const std::string &database) {
    std::string text =
        comment("What " + std::to_string(findings.size()) +
                (findings.size() == 1 ? " finding advises" : " findings advise") + " for database " +
                database + ". Run it with psql -X -f, not in one transaction (-1).") +
        "-- It stops at the first error, with exit status 3, and can be run again: what is done is passed "
        "over, what an\n"
        "-- interrupted build left is removed and built anew. Builds wait for transactions that are open "
        "when they begin;\n"
        "-- nobody waits for them.\n";
    for (const ScriptFinding &finding : findings)
        text += comment("  " + finding.id + " " + finding.rule + ": " + finding.title);
    return text +
           "\\set ON_ERROR_STOP on\n"
           "\\set AUTOCOMMIT on\n"
           "\\pset tuples_only on\n"
           "SET standard_conforming_strings = on;\n"
           "SET statement_timeout = 0;\n"
           "SET lock_timeout = 0;\n" +
           demand("pg_try_advisory_lock(hashtextextended('db_advisor apply_script', 0))",
                  "another session runs such a script at the moment", "Wait until it is done.");
}

std::string waits() {
    return "\n\\echo 'Transactions that builds will wait for:'\n"
           "SELECT pid, usename, xact_start, state, left(query, 60) FROM pg_stat_activity\n"
           "WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start < now() - interval "
           "'1 minute'\n"
           "ORDER BY xact_start;\n"
           "SELECT 'prepared transaction', gid, owner, prepared FROM pg_prepared_xacts WHERE database = "
           "current_database();\n"
           "\\echo 'Builds and vacuums that are running:'\n"
           "SELECT pid, command, relid::regclass, phase FROM pg_stat_progress_create_index WHERE datname = "
           "current_database();\n"
           "SELECT pid, 'VACUUM', relid::regclass, phase FROM pg_stat_progress_vacuum WHERE datname = "
           "current_database();\n";
}

// The indexes of partitioned tables are valid when the last part is attached; expressions have statistics
// after ANALYZE.
std::string closing_of(const ScriptFinding &finding) {
    std::string text;
    bool expression = false;
    const ScriptStep *first = nullptr;
    for (const ScriptStep &step : finding.steps) {
        if (step.kind == Kind::create_index && !first)
            first = &step;
        if (step.only_parent)
            text += demand(is_valid(step.index, step.table), "index " + step.index + " is not valid",
                           "A partition may have come since: ask for new advice.");
        expression = expression || step.expression;
    }
    if (expression)
        text += "ANALYZE " + first->table + ";\n";
    return text;
}

} // namespace

std::string apply_script(const std::vector<ScriptFinding> &findings, const std::string &database) {
    std::string changes, drops, hand;
    std::map<std::string, std::string> statements;
    for (const ScriptFinding &finding : findings) {
        const bool conflict = takes_a_name(finding, statements);
        if (conflict || is_by_hand(finding) || finding.steps.empty()) {
            hand += heading(finding);
            hand += conflict ? "-- Its index would have the name of another one above: ask for advice again "
                               "after this.\n"
                             : "-- Not known to be harmless when it is run twice, so by hand:\n";
            for (const ScriptStep &step : finding.steps)
                hand += comment(step.sql + ";");
            continue;
        }
        std::string lines, last;
        for (const ScriptStep &step : finding.steps)
            (step.kind == Kind::drop_index ? last : lines) +=
                step.kind == Kind::drop_index ? drop_lines(finding, step) : step_lines(step);
        lines += closing_of(finding);
        if (!lines.empty())
            changes += heading(finding) + lines;
        if (!last.empty())
            drops += heading(finding) + last;
    }
    std::string text = opening(findings, database);
    if (!changes.empty() || !drops.empty())
        text += waits();
    text += changes;
    if (!drops.empty())
        text += "\n-- Everything above is in place; now what can go.\n" + drops;
    return text + hand + "\n\\echo 'Done.'\n";
}

} // namespace advisor::core
