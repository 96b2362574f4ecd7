#include "sqlite_ext/what_if/workload_reader.h"

#include "core/catalog/ddl.h"
#include "core/error.h"
#include "sqlite_ext/store/bounds.h"
#include "sqlite_ext/text/expression_scan.h"
#include "sqlite_ext/text/normalize.h"
#include "sqlite_ext/text/parameters.h"
#include "sqlite_ext/text/read_part.h"
#include "sqlite_ext/text/trigger_text.h"

#include <algorithm>

namespace advisor::sqlite {

namespace {

constexpr int max_trigger_depth = 3;

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

std::vector<std::string> quoted_columns(const std::vector<std::string> &names, const TableInfo &table) {
    std::vector<std::string> columns;
    for (const std::string &name : names)
        if (const ColumnInfo *info = table.find_column(name))
            columns.push_back(core::quote_identifier(info->name));
    return columns;
}

void read_writes(const ReadPart &part, const RecordedStatement &recorded, const Schema &schema,
                 RunnableStatement &runnable) {
    const TableInfo *table =
        part.written_table.empty() ? nullptr : schema.resolve_table(part.written_schema, part.written_table);
    if (table == nullptr)
        return;
    runnable.written_table = static_cast<std::size_t>(table - schema.tables.data());
    runnable.assigned_columns = quoted_columns(part.assigned_columns, *table);
    runnable.conflict_columns = quoted_columns(part.conflict_columns, *table);
    const Counters &sum = recorded.counters;
    runnable.written_rows = sum.calls > 0 && sum.vm_steps > 0
                                ? static_cast<double>(sum.rows) / static_cast<double>(sum.calls)
                                : 1;
}

bool fires(const TriggerText &trigger, const RunnableStatement &writer, core::StatementKind kind,
           const TableInfo &table) {
    // An INSERT updates the rows that it finds there already.
    const bool upsert = kind == core::StatementKind::insert && !writer.conflict_columns.empty();
    const bool updates = trigger.event == "update" && (kind == core::StatementKind::update || upsert);
    const bool event = updates || (trigger.event == "insert" && kind == core::StatementKind::insert) ||
                       (trigger.event == "delete" && kind == core::StatementKind::remove);
    if (!event || !equal_ignoring_case(trigger.table, table.name))
        return false;
    const std::vector<std::string> &assigned = upsert ? writer.conflict_columns : writer.assigned_columns;
    return trigger.columns.empty() ||
           std::any_of(trigger.columns.begin(), trigger.columns.end(), [&](const std::string &column) {
               return std::any_of(assigned.begin(), assigned.end(), [&](const std::string &quoted) {
                   return equal_ignoring_case(unquoted(quoted), column);
               });
           });
}

class WorkloadReader {
public:
    explicit WorkloadReader(const Schema &schema) : schema_(schema), capture_(schema) {
        for (const SchemaObject &object : schema.objects)
            if (object.type == "trigger")
                triggers_.push_back(trigger_text(object.sql));
    }

    void read(const RecordedStatement &source);
    RunnableWorkload take() { return std::move(workload_); }

private:
    void add(const RecordedStatement &source, const std::string &text, int depth);
    void add_triggers(const RecordedStatement &source, const RunnableStatement &writer, int depth);

    const Schema &schema_;
    Capture capture_;
    std::vector<TriggerText> triggers_;
    RunnableWorkload workload_;
};

void WorkloadReader::read(const RecordedStatement &source) {
    if (!source.advisable || source.counters.calls <= 0)
        return;
    if (source.too_long && source.examples.empty()) {
        workload_.skipped.push_back({source.queryid, "the text is too long to be kept"});
        return;
    }
    // A save file can say that of any text, and PRAGMA acts while it is prepared.
    const std::string text = text_of(source);
    if (!normalize(text).advisable)
        return;
    try {
        add(source, text, 0);
    } catch (const Failure &failure) {
        workload_.skipped.push_back({source.queryid, failure.what()});
    } catch (const core::Error &error) {
        workload_.skipped.push_back({source.queryid, error.what()});
    }
}

void WorkloadReader::add(const RecordedStatement &source, const std::string &text, int depth) {
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
    read_writes(part, source, schema_, runnable);
    if (!part.sql.empty()) {
        statement.accesses = capture_.accesses(part.sql, varying_literals(source.examples));
        add_expressions(part.sql, schema_, statement);
        // What is written is read whole, from the table itself: no index covers it.
        for (core::TableAccess &access : statement.accesses)
            if (access.table == runnable.written_table)
                access.columns_read.clear();
    }
    workload_.statements.push_back(std::move(statement));
    workload_.runnable.push_back(runnable);
    if (runnable.written_table && depth < max_trigger_depth)
        add_triggers(source, runnable, depth);
}

// What a trigger runs is part of the statement that fires it, once for each row that is written.
void WorkloadReader::add_triggers(const RecordedStatement &source, const RunnableStatement &writer,
                                  int depth) {
    const TableInfo &table = schema_.tables[*writer.written_table];
    for (const TriggerText &trigger : triggers_) {
        if (!fires(trigger, writer, source.kind, table))
            continue;
        for (const std::string &text : trigger.steps) {
            const NormalizedStatement normalized = normalize(text);
            if (!normalized.advisable)
                continue;
            RecordedStatement step;
            step.queryid = source.queryid;
            step.query = source.query;
            step.kind = normalized.kind;
            const double rows = std::max(1.0, writer.written_rows);
            step.counters.calls = std::max<std::int64_t>(
                1,
                static_cast<std::int64_t>(bounded_amount(static_cast<double>(source.counters.calls) * rows)));
            step.first_seen = source.first_seen;
            step.last_seen = source.last_seen;
            try {
                add(step, text, depth + 1);
            } catch (const Failure &failure) {
                workload_.skipped.push_back({source.queryid, std::string("a trigger: ") + failure.what()});
            }
        }
    }
}

} // namespace

RunnableWorkload read_workload(const std::vector<RecordedStatement> &recorded, const Schema &schema) {
    WorkloadReader reader(schema);
    for (const RecordedStatement &source : recorded)
        reader.read(source);
    return reader.take();
}

} // namespace advisor::sqlite
