#include "sqlite_ext/what_if/workload_reader.h"

#include "core/catalog/ddl.h"
#include "core/error.h"
#include "sqlite_ext/text/expression_scan.h"
#include "sqlite_ext/text/parameters.h"
#include "sqlite_ext/text/read_part.h"

#include <algorithm>

namespace advisor::sqlite {

namespace {

// Literals that are not the same in all recorded texts of a statement.
std::vector<std::string> varying_literals(const std::vector<Example> &examples) {
    std::vector<std::string> varying;
    if (examples.empty())
        return varying;
    const std::vector<Token> first = tokenize(examples.front().text);
    for (std::size_t i = 1; i < examples.size(); ++i) {
        const std::vector<Token> other = tokenize(examples[i].text);
        for (std::size_t j = 0; j < first.size(); ++j)
            if (first[j].literal() && (j >= other.size() || other[j].text != first[j].text))
                varying.emplace_back(first[j].text);
    }
    return varying;
}

std::string text_of(const RecordedStatement &recorded) {
    return recorded.examples.empty() ? recorded.query : recorded.examples.front().text;
}

// Values for the parameters of the text: only executions of that very text fit.
std::vector<std::vector<std::string>> example_values(const RecordedStatement &recorded,
                                                     const std::string &text) {
    std::vector<std::vector<std::string>> result;
    for (const Example &example : recorded.examples) {
        if (example.text != text || example.expanded.empty())
            continue;
        auto literals = parameter_literals(example.text, example.expanded);
        if (!literals.empty())
            result.push_back(std::move(literals));
    }
    return result;
}

void add_expressions(const std::string &sql, const Schema &schema, core::Statement &statement) {
    for (const ExpressionCondition &condition : expression_conditions(sql, schema))
        for (core::TableAccess &access : statement.accesses)
            if (access.table == condition.table)
                access.predicates.push_back(condition.predicate);
}

void read_writes(const ReadPart &part, const RecordedStatement &recorded, const Schema &schema,
                 RunnableStatement &runnable) {
    const TableInfo *table =
        part.written_table.empty() ? nullptr : schema.resolve_table(part.written_schema, part.written_table);
    if (table == nullptr)
        return;
    runnable.written_table = static_cast<std::size_t>(table - schema.tables.data());
    for (const std::string &column : part.assigned_columns)
        if (const ColumnInfo *info = table->find_column(column))
            runnable.assigned_columns.push_back(core::quote_identifier(info->name));
    const Counters &sum = recorded.counters;
    runnable.written_rows = sum.calls > 0 && sum.vm_steps > 0
                                ? static_cast<double>(sum.rows) / static_cast<double>(sum.calls)
                                : 1;
}

} // namespace

RunnableWorkload read_workload(const std::vector<RecordedStatement> &recorded, const Schema &schema) {
    RunnableWorkload workload;
    Capture capture(schema);
    for (const RecordedStatement &source : recorded) {
        if (!source.advisable || source.counters.calls <= 0)
            continue;
        if (source.too_long && source.examples.empty()) {
            workload.skipped.push_back({source.queryid, "the text is too long to be kept"});
            continue;
        }
        const std::string text = text_of(source);
        const ReadPart part = read_part(text);
        core::Statement statement;
        statement.id = source.queryid;
        statement.text = source.query;
        statement.kind = source.kind;
        statement.calls = static_cast<double>(source.counters.calls);
        statement.total_ms = source.counters.total_ms;
        RunnableStatement runnable;
        runnable.sql = part.sql;
        runnable.examples = example_values(source, text);
        runnable.first_seen = source.first_seen;
        runnable.last_seen = source.last_seen;
        read_writes(part, source, schema, runnable);
        try {
            if (!part.sql.empty()) {
                statement.accesses = capture.accesses(part.sql, varying_literals(source.examples));
                add_expressions(part.sql, schema, statement);
                // What is written is read whole, from the table itself: no index covers it.
                for (core::TableAccess &access : statement.accesses)
                    if (access.table == runnable.written_table)
                        access.columns_read.clear();
            }
        } catch (const Failure &failure) {
            workload.skipped.push_back({source.queryid, failure.what()});
            continue;
        } catch (const core::Error &error) {
            workload.skipped.push_back({source.queryid, error.what()});
            continue;
        }
        workload.statements.push_back(std::move(statement));
        workload.runnable.push_back(std::move(runnable));
    }
    return workload;
}

} // namespace advisor::sqlite
