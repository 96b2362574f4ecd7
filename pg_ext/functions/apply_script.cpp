// advisor.apply_script: the fixes of several findings as one psql script.
#include "core/render/apply_script.h"
#include "core/catalog/ddl.h"
#include "pg_ext/advice/catalog_rules.h"
#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"
#include "pg_ext/datum.h"
#include "pg_ext/sql_query.h"
#include "pg_ext/what_if/environment.h"

#include <algorithm>

namespace advisor::pg {
namespace {

using Kind = core::ScriptStep::Kind;

constexpr const char *where_ids_are = "Ids are in advisor.recommendations.";

// A parsed statement as plain data, in the current memory context.
struct PlainStep {
    Kind kind;
    const char *table;
    const char *index;
    bool concurrently, only_parent, expression;
};

const char *qualified(const RangeVar *name) {
    return quote_qualified_identifier(name->schemaname, name->relname);
}

bool is_of_expressions(const IndexStmt *statement) {
    ListCell *cell;
    foreach (cell, statement->indexParams)
        if (static_cast<const IndexElem *>(lfirst(cell))->expr)
            return true;
    return false;
}

void describe_create(const IndexStmt *statement, PlainStep &step) {
    if (!statement->idxname || !statement->relation->schemaname)
        return;
    step.kind = Kind::create_index;
    step.table = qualified(statement->relation);
    step.index = quote_qualified_identifier(statement->relation->schemaname, statement->idxname);
    step.concurrently = statement->concurrent;
    step.only_parent = !statement->relation->inh;
    step.expression = is_of_expressions(statement);
}

void describe_drop(const DropStmt *statement, PlainStep &step) {
    if (statement->removeType != OBJECT_INDEX || list_length(statement->objects) != 1)
        return;
    const RangeVar *name = makeRangeVarFromNameList(static_cast<List *>(linitial(statement->objects)));
    if (!name->schemaname)
        return;
    step.kind = Kind::drop_index;
    step.index = qualified(name);
    step.concurrently = statement->concurrent;
}

void describe_alter(const AlterTableStmt *statement, PlainStep &step) {
    const auto *command = static_cast<const AlterTableCmd *>(linitial(statement->cmds));
    if (statement->objtype == OBJECT_INDEX && list_length(statement->cmds) == 1 &&
        command->subtype == AT_AttachPartition)
        step.kind = Kind::attach_index;
}

// Does the statement change nothing that running it again would not?
bool is_repeatable(const Node *statement) {
    return IsA(statement, ReindexStmt) || IsA(statement, VacuumStmt);
}

PlainStep describe(const char *sql) {
    PlainStep step{Kind::by_hand, "", "", false, false, false};
    const List *statements = raw_parser(sql, RAW_PARSE_DEFAULT);
    if (list_length(statements) != 1)
        return step;
    const Node *statement = static_cast<const RawStmt *>(linitial(statements))->stmt;
    if (IsA(statement, IndexStmt))
        describe_create(reinterpret_cast<const IndexStmt *>(statement), step);
    else if (IsA(statement, DropStmt))
        describe_drop(reinterpret_cast<const DropStmt *>(statement), step);
    else if (IsA(statement, AlterTableStmt))
        describe_alter(reinterpret_cast<const AlterTableStmt *>(statement), step);
    else if (is_repeatable(statement))
        step.kind = Kind::repeatable;
    return step;
}

// What can't be parsed, such as a comment that asks for something, is for a human.
core::ScriptStep step_of(std::string sql) {
    while (!sql.empty() && (sql.back() == ';' || sql.back() == ' ' || sql.back() == '\n'))
        sql.pop_back();
    const char *text = sql.c_str();
    PlainStep plain{};
    PlainStep *target = &plain;
    const auto failure = pg_try([=] { *target = pg_call([=] { return describe(text); }); });
    core::ScriptStep step;
    if (!failure)
        step = {plain.kind,      "", plain.table, plain.index, plain.concurrently, plain.only_parent,
                plain.expression};
    step.sql = sql;
    return step;
}

std::vector<std::string> requested_ids(FunctionCallInfo fcinfo) {
    const TextArray given = pg_call([=] {
        if (PG_ARGISNULL(0))
            refuse(ERRCODE_NULL_VALUE_NOT_ALLOWED, "the list of ids must not be null", where_ids_are);
        return text_array_of(PG_GETARG_DATUM(0));
    });
    std::vector<std::string> ids;
    for (int i = 0; i < given.count; ++i) {
        if (!given.items[i])
            pg_call([] { refuse(ERRCODE_NULL_VALUE_NOT_ALLOWED, "an id must not be null", where_ids_are); });
        if (std::find(ids.begin(), ids.end(), given.items[i]) == ids.end())
            ids.emplace_back(given.items[i]);
    }
    if (ids.empty())
        pg_call([] { refuse(ERRCODE_INVALID_PARAMETER_VALUE, "the list of ids is empty", where_ids_are); });
    return ids;
}

std::string literal(const std::string &text) {
    const char *plain = text.c_str();
    return pg_call([=] { return quote_literal_cstr(plain); });
}

void refuse_unknown(const std::string &id) {
    const QueryRows closed = run_query("SELECT status FROM advisor.history WHERE id = " + literal(id));
    const char *name = id.c_str();
    if (closed.rows.empty())
        pg_call([=] {
            refuse_named(ERRCODE_UNDEFINED_OBJECT, "there is no finding \"%s\"", name, where_ids_are);
        });
    pg_call([=] {
        refuse_named(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "the finding \"%s\" is not open", name,
                     "Its status is in advisor.history.");
    });
}

std::vector<core::ScriptFinding> read_findings(const std::vector<std::string> &ids) {
    std::string list;
    for (const std::string &id : ids)
        list += (list.empty() ? "" : ", ") + literal(id);
    const QueryRows rows = run_query("SELECT id, rule, title, evidence ->> 'kept', "
                                     "array_to_string(fix_steps, chr(31)) FROM advisor.recommendations "
                                     "WHERE id IN (" +
                                     list + ")");
    std::vector<core::ScriptFinding> findings;
    for (const auto &row : rows.rows) {
        core::ScriptFinding finding{
            row[0].value_or(""), row[1].value_or(""), row[2].value_or(""), row[3].value_or(""), {}};
        for (std::string &sql : split_steps(row[4].value_or("")))
            finding.steps.push_back(step_of(std::move(sql)));
        findings.push_back(std::move(finding));
    }
    for (const std::string &id : ids)
        if (std::none_of(findings.begin(), findings.end(),
                         [&](const core::ScriptFinding &finding) { return finding.id == id; }))
            refuse_unknown(id);
    return findings;
}

Datum script(FunctionCallInfo fcinfo) {
    const std::vector<core::ScriptFinding> findings = read_findings(requested_ids(fcinfo));
    const char *database = pg_call([] { return get_database_name(MyDatabaseId); });
    const std::string text = core::apply_script(findings, core::quote_identifier(database));
    const char *plain = text.c_str();
    return pg_call([=] { return CStringGetTextDatum(plain); });
}

} // namespace

ADVISOR_SQL_FUNCTION(db_advisor_apply_script) {
    Datum result = 0;
    quietly([&] { result = script(fcinfo); });
    return result;
}

} // namespace advisor::pg
