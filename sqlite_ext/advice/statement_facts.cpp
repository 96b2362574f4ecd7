#include "sqlite_ext/advice/statement_facts.h"

#include "core/error.h"
#include "sqlite_ext/text/aliases.h"
#include "sqlite_ext/text/tokens.h"

#include <algorithm>

namespace advisor::sqlite {

namespace {

// (a=? AND b>?): what the index is searched by.
void read_conditions(std::string_view detail, PlanLine &line) {
    const std::size_t open = detail.find('(');
    if (open == std::string_view::npos)
        return;
    const std::vector<Token> tokens = tokenize(detail.substr(open));
    for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
        if (tokens[i].is("any") && tokens[i + 1].is("(")) {
            line.skips = true;
            i = closing_bracket(tokens, i + 1);
        } else if (tokens[i].name() && is_any(tokens[i + 1], {"=", "<", ">", "<=", ">="})) {
            line.equalities += tokens[i + 1].is("=") ? 1 : 0;
            line.columns += (line.columns.empty() ? "" : ",") + unquoted(tokens[i].text);
        }
    }
}

std::string index_name(const std::string &detail) {
    constexpr std::string_view mark = " INDEX ";
    const std::size_t start = detail.find(mark);
    if (start == std::string::npos)
        return {};
    const std::string rest = detail.substr(start + mark.size());
    const std::size_t end = rest.rfind(" (");
    return end == std::string::npos ? rest : rest.substr(0, end);
}

// The words between the verb and USING; an alias may hold spaces.
std::string table_word(const std::string &detail) {
    const std::size_t start = detail.find(' ') + 1;
    std::string rest = detail.substr(start);
    for (const std::string_view old : {"TABLE "}) // before 3.36
        if (rest.starts_with(old))
            rest = rest.substr(old.size());
    for (const std::string_view end : {" USING ", " VIRTUAL TABLE ", " AS ", " LEFT-JOIN"})
        if (const std::size_t at = rest.find(end); at != std::string::npos)
            rest = rest.substr(0, at);
    return rest;
}

} // namespace

PlanLine plan_line(const std::string &detail, const std::string &sql, const Schema &schema) {
    PlanLine line;
    line.detail = detail.substr(std::min(detail.find_first_not_of(' '), detail.size()));
    line.operation = line.detail.starts_with("SCAN ")                 ? "scan"
                     : line.detail.starts_with("SEARCH ")             ? "search"
                     : line.detail.starts_with("USE TEMP B-TREE FOR") ? "sort"
                                                                      : "other";
    if (line.operation != "scan" && line.operation != "search")
        return line;
    const std::string word = table_word(line.detail);
    const TableAliases aliases(tokenize(sql), schema);
    const auto named = aliases.table_named(word);
    const TableInfo *table = named ? &schema.tables[*named] : schema.resolve_table("", word);
    if (table != nullptr) {
        line.schema = table->schema;
        line.table = table->name;
    }
    line.automatic = line.detail.find(" AUTOMATIC ") != std::string::npos;
    line.covering = line.detail.find(" COVERING INDEX ") != std::string::npos;
    line.index = line.automatic ? std::string() : index_name(line.detail);
    read_conditions(line.detail, line);
    return line;
}

StatementFacts statement_facts(const std::vector<RecordedStatement> &recorded,
                               const RunnableWorkload &workload, Clone &planner) {
    StatementFacts facts;
    planner.set_statistics(planner.schema().statistics);
    for (const RecordedStatement &statement : recorded) {
        const Example example =
            statement.examples.empty() ? Example{statement.query, ""} : statement.examples.front();
        for (Trait &trait : traits_of(example.text, example.expanded, planner.schema()))
            facts.traits.push_back({statement.queryid, std::move(trait)});
    }
    for (std::size_t i = 0; i < workload.runnable.size(); ++i) {
        const RunnableStatement &runnable = workload.runnable[i];
        if (runnable.sql.empty())
            continue;
        const auto values =
            runnable.examples.empty() ? std::vector<std::string>{} : runnable.examples.front();
        try {
            for (const std::string &detail : planner.plan(runnable.sql, values)) {
                facts.plans.push_back(plan_line(detail, runnable.sql, planner.schema()));
                facts.plans.back().queryid = workload.statements[i].id;
            }
        } catch (const Failure &) {
            continue; // the index analysis tells of statements that can't be planned
        } catch (const core::Error &) {
            continue;
        }
    }
    return facts;
}

} // namespace advisor::sqlite
