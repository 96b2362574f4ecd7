#include "sqlite_ext/advice/index_usage.h"

#include "core/catalog/ddl.h"
#include "core/error.h"
#include "sqlite_ext/text/tokens.h"
#include "sqlite_ext/what_if/clone.h"
#include "sqlite_ext/what_if/laboratory.h"
#include "sqlite_ext/what_if/workload_reader.h"

#include <map>
#include <set>

namespace advisor::sqlite {

namespace {

class UsageCounter {
public:
    explicit UsageCounter(const Schema &schema);

    // The statement names tables, by itself or through views.
    void count_tables(const std::set<std::string> &names, std::int64_t calls);
    void count_plan(const std::vector<std::string> &plan, std::int64_t calls);
    void count_all_of(const std::set<std::string> &names, std::int64_t calls);
    std::vector<IndexUse> take() { return std::move(uses_); }

private:
    std::vector<IndexUse> uses_;
    std::multimap<std::string, std::size_t> by_name_; // names in lower case
    std::multimap<std::string, std::size_t> by_table_;
};

UsageCounter::UsageCounter(const Schema &schema) {
    for (const TableInfo &table : schema.tables)
        for (const core::ExistingIndex &index : table.indexes) {
            const std::string name = core::unquoted_name(index.name);
            by_name_.emplace(lower_case(name), uses_.size());
            by_table_.emplace(lower_case(table.name), uses_.size());
            uses_.push_back({table.schema, table.name, name});
        }
}

void UsageCounter::count_tables(const std::set<std::string> &names, std::int64_t calls) {
    for (const std::string &name : names)
        for (auto [use, end] = by_table_.equal_range(name); use != end; ++use)
            uses_[use->second].table_calls += calls;
}

void UsageCounter::count_all_of(const std::set<std::string> &names, std::int64_t calls) {
    for (const std::string &name : names)
        for (auto [use, end] = by_table_.equal_range(name); use != end; ++use)
            uses_[use->second].calls += calls;
}

// "SEARCH t USING COVERING INDEX name (a=?)"; a plan does not tell the schema, so all of that name count.
void UsageCounter::count_plan(const std::vector<std::string> &plan, std::int64_t calls) {
    constexpr std::string_view mark = " INDEX ";
    for (const std::string &line : plan) {
        const std::size_t found = line.find(mark);
        if (found == std::string::npos)
            continue;
        const std::string rest = lower_case(std::string_view(line).substr(found + mark.size()));
        // A name may hold a bracket: whatever the rest begins with counts.
        for (std::size_t end = rest.find(" (");; end = rest.find(" (", end + 1)) {
            for (auto [use, last] = by_name_.equal_range(rest.substr(0, end)); use != last; ++use)
                uses_[use->second].calls += calls;
            if (end == std::string::npos)
                break;
        }
    }
}

// All names in a text and in the views behind them.
std::set<std::string> names_in(const std::string &sql, const std::map<std::string, std::string> &views) {
    std::set<std::string> names;
    std::vector<std::string> texts = {sql};
    while (!texts.empty()) {
        const std::string text = std::move(texts.back());
        texts.pop_back();
        for (const Token &token : tokenize(text))
            if (token.name())
                if (const auto [name, added] = names.insert(lower_case(unquoted(token.text))); added)
                    if (const auto view = views.find(*name); view != views.end())
                        texts.push_back(view->second);
    }
    return names;
}

void count_statement(Clone &clone, const RunnableStatement &statement, std::int64_t calls,
                     UsageCounter &counter) {
    counter.count_plan(clone.plan(statement.sql), calls);
    for (const std::vector<std::string> &values : statement.examples)
        counter.count_plan(clone.plan(statement.sql, values), calls);
}

} // namespace

std::vector<IndexUse> index_usage(const Schema &schema, const std::vector<RecordedStatement> &recorded,
                                  double seconds) {
    const TimeBudget budget(seconds);
    UsageCounter counter(schema);
    Clone clone(schema);
    clone.set_statistics(schema.statistics);
    std::map<std::string, std::string> views;
    for (const SchemaObject &object : schema.objects)
        if (object.type == "view")
            views[lower_case(object.name)] = object.sql;
    for (const RecordedStatement &statement : recorded) {
        const std::int64_t calls = statement.counters.calls;
        const std::set<std::string> names =
            names_in(statement.examples.empty() ? statement.query : statement.examples.front().text, views);
        counter.count_tables(names, calls);
        bool planned = statement.advisable && !TimeBudget::spent();
        try {
            const RunnableWorkload workload =
                planned ? read_workload({statement}, schema) : RunnableWorkload{};
            planned = workload.skipped.empty() && !workload.runnable.empty();
            if (planned && !workload.runnable.front().sql.empty())
                count_statement(clone, workload.runnable.front(), calls, counter);
        } catch (const Failure &) {
            planned = false;
        } catch (const core::Error &) {
            planned = false;
        }
        if (!planned && statement.kind != core::StatementKind::other)
            counter.count_all_of(names, calls);
    }
    return counter.take();
}

} // namespace advisor::sqlite
