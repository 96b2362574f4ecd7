// advisor_plan, advisor_what_if, advisor_recommend_indexes: questions about statements that need not have
// run.
#include "core/catalog/ddl.h"
#include "core/error.h"
#include "sqlite_ext/functions/tables.h"
#include "sqlite_ext/json.h"
#include "sqlite_ext/store/bounds.h"
#include "sqlite_ext/text/tokens.h"
#include "sqlite_ext/what_if/laboratory.h"

#include <algorithm>

namespace advisor::sqlite {

namespace {

using core::Error;
using core::ErrorCode;

constexpr double time_budget_seconds = 5;

std::string lines_of(const std::vector<std::string> &plan) {
    std::string text;
    for (const std::string &line : plan)
        text += (text.empty() ? "" : "\n") + line;
    return text;
}

// PRAGMA acts while it is prepared, so that only these texts may be explained on the user's connection.
void require_plannable(const std::string &sql) {
    if (!normalize(sql).advisable)
        throw Error(ErrorCode::invalid_input,
                    "only SELECT, VALUES, INSERT, REPLACE, UPDATE and DELETE can be planned");
}

RecordedStatement told_statement(const std::string &sql, std::int64_t id, std::int64_t calls) {
    require_plannable(sql);
    const NormalizedStatement normalized = normalize(sql);
    RecordedStatement statement;
    statement.queryid = id;
    statement.query = normalized.text;
    statement.kind = normalized.kind;
    statement.advisable = normalized.advisable;
    statement.counters.calls = calls;
    statement.examples.push_back({sql, ""});
    return statement;
}

struct IndexChange {
    std::string sql;
    std::string created; // unquoted name; empty: an index is dropped
};

// "CREATE INDEX …; DROP INDEX …" into its statements; anything else is refused.
std::vector<IndexChange> index_changes(std::string_view ddl) {
    std::vector<IndexChange> changes;
    const std::vector<Token> tokens = tokenize(ddl);
    for (std::size_t start = 0, i = 0; i <= tokens.size(); ++i) {
        if (i < tokens.size() && !tokens[i].is(";"))
            continue;
        if (i > start) {
            const std::size_t unique = i > start + 1 && tokens[start + 1].is("unique") ? 1 : 0;
            std::size_t name = start + 2 + unique;
            const bool create = tokens[start].is("create");
            if (name >= i || !(create || tokens[start].is("drop")) || !tokens[name - 1].is("index"))
                throw Error(ErrorCode::invalid_input, "only CREATE INDEX and DROP INDEX can be tried");
            if (create && tokens[name].is("if"))
                name += 3;
            if (name + 2 < i && tokens[name + 1].is("."))
                name += 2;
            const auto from = static_cast<std::size_t>(tokens[start].text.data() - ddl.data());
            const auto to =
                static_cast<std::size_t>(tokens[i - 1].text.data() - ddl.data()) + tokens[i - 1].text.size();
            changes.push_back({std::string(ddl.substr(from, to - from)),
                               create && name < i ? unquoted(tokens[name].text) : std::string()});
        }
        start = i + 1;
    }
    return changes;
}

bool plan_names(const std::vector<std::string> &plan, const std::string &index) {
    for (const std::string &line : plan)
        if ((line + " ").find("INDEX " + index + " ") != std::string::npos)
            return true;
    return false;
}

} // namespace

std::vector<Row> what_if_rows(Host &host, std::span<const Cell> arguments) {
    const std::string sql = text_argument(arguments[0], "sql");
    const bool any = !std::holds_alternative<std::monostate>(arguments[1]);
    const auto changes = any ? index_changes(text_argument(arguments[1], "ddl")) : std::vector<IndexChange>{};
    Laboratory laboratory(host);
    laboratory.take_workload({told_statement(sql, 1, 1)},
                             any ? text_argument(arguments[1], "ddl") : std::string());
    if (!laboratory.workload().skipped.empty())
        throw Error(ErrorCode::invalid_input, laboratory.workload().skipped.front().reason);
    const PlannedStatement before = laboratory.model().planned(0, {}, StatisticsState::present);
    for (const IndexChange &change : changes)
        laboratory.change_indexes(change.sql);
    const PlannedStatement after = laboratory.model().planned(0, {}, StatisticsState::present);
    std::string indexes;
    for (const IndexChange &change : changes) {
        if (change.created.empty())
            continue;
        const auto bytes = laboratory.created_bytes(change.created);
        indexes += std::string(indexes.empty() ? "" : ",") + "{\"definition\":" + json_string(change.sql) +
                   ",\"size_bytes\":" + (bytes ? std::to_string(*bytes) : "null") +
                   ",\"used\":" + (plan_names(after.plan, change.created) ? "true" : "false") + "}";
    }
    return {{before.cost, after.cost, lines_of(before.plan), lines_of(after.plan), "[" + indexes + "]"}};
}

std::vector<Row> plan_rows(Host &host, std::span<const Cell> arguments) {
    const std::string sql = text_argument(arguments[0], "sql");
    require_plannable(sql);
    Query query(host.connection(), "EXPLAIN QUERY PLAN " + sql);
    if (!tokenize(query.tail()).empty())
        throw Error(ErrorCode::invalid_input, "only one statement at a time is taken");
    std::vector<Row> rows;
    while (query.step())
        rows.push_back({query.integer(0), query.integer(1), query.text(3)});
    return rows;
}

std::vector<Row> recommend_index_rows(Host &host, std::span<const Cell> arguments) {
    const auto storage_budget = integer_argument(arguments[0], "storage_budget");
    const auto max_columns = integer_argument(arguments[1], "max_columns");
    const bool given = !std::holds_alternative<std::monostate>(arguments[2]);
    if (storage_budget.value_or(0) < 0 || max_columns.value_or(1) < 1)
        throw Error(ErrorCode::invalid_input, "a budget must not be negative and an index needs a column");
    std::vector<RecordedStatement> statements;
    if (given) {
        const bool weighted = !std::holds_alternative<std::monostate>(arguments[3]);
        const auto weights =
            weighted ? numbers_of_json(text_argument(arguments[3], "weights")) : std::vector<double>{};
        for (const std::string &sql : strings_of_json(text_argument(arguments[2], "statements"))) {
            const auto position = statements.size();
            if (weighted && position >= weights.size())
                throw Error(ErrorCode::invalid_input, "there are fewer weights than statements");
            const double weight = weighted ? bounded_amount(weights[position]) : 1;
            statements.push_back(
                told_statement(sql, static_cast<std::int64_t>(position) + 1,
                               std::max<std::int64_t>(1, static_cast<std::int64_t>(weight))));
        }
    } else {
        statements = host.store().statements();
    }
    Laboratory laboratory(host);
    laboratory.take_workload(statements);
    if (given && !laboratory.workload().skipped.empty())
        throw Error(ErrorCode::invalid_input,
                    "statement " + std::to_string(laboratory.workload().skipped.front().queryid) + ": " +
                        laboratory.workload().skipped.front().reason);
    core::CandidateOptions options = sqlite_candidates();
    if (max_columns)
        options.max_columns = static_cast<std::size_t>(*max_columns);
    laboratory.generate(options, max_columns ? std::optional(options.max_columns) : std::nullopt);
    core::SelectionLimits limits;
    limits.out_of_time = TimeBudget::spent;
    if (storage_budget)
        limits.storage_budget = static_cast<std::uint64_t>(*storage_budget);
    const core::Selection selection = laboratory.select(limits, time_budget_seconds);
    std::vector<Row> rows;
    std::vector<std::string> taken;
    for (const SchemaObject &object : laboratory.schema().objects)
        taken.push_back(object.name);
    const double before = selection.workload_cost_before;
    for (const core::ChosenIndex &index : selection.chosen) {
        std::vector<std::int64_t> helped;
        for (const core::StatementEffect &effect : index.effects)
            helped.push_back(laboratory.workload().statements[effect.statement].id);
        helped.erase(std::unique(helped.begin(), helped.end()), helped.end()); // a trigger's steps share one
        const core::Candidate &candidate = laboratory.candidates()[index.candidate];
        const core::Table &table = laboratory.tables()[candidate.table];
        const std::string name = core::index_name(candidate.definition, table, taken);
        taken.push_back(name);
        rows.push_back({static_cast<std::int64_t>(rows.size()) + 1,
                        core::create_index_sql(candidate.definition, core::Dialect::sqlite, name),
                        static_cast<std::int64_t>(index.cost.bytes),
                        before > 0 ? Cell{(index.workload_before - index.workload_after) / before} : Cell{},
                        before > 0 ? Cell{index.workload_after / before} : Cell{},
                        given ? Cell{json_array(helped)} : Cell{},
                        given ? Cell{} : Cell{json_array(helped)}});
    }
    return rows;
}

} // namespace advisor::sqlite
