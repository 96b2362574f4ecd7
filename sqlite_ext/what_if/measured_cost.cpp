#include "sqlite_ext/what_if/measured_cost.h"

#include "sqlite_ext/text/read_part.h"
#include "sqlite_ext/what_if/parameter_values.h"

#include <algorithm>
#include <cmath>

namespace advisor::sqlite {

namespace {

constexpr double statement_floor = 20;   // VM steps of a statement that reads nothing
constexpr double entry_write_cost = 140; // an index entry made or removed: a search and a page or three
constexpr double sorted_row_cost = 0.8;  // per comparison in a sorter, fitted on 1e6 rows
constexpr double automatic_row_cost =
    10; // the same for an automatic index, which is a b-tree built row by row
constexpr int progress_interval = 1000;
constexpr std::int64_t max_run_steps = 4'000'000;
constexpr std::size_t max_examples = 3;

int count_down(void *budget) {
    return (*static_cast<std::int64_t *>(budget) -= progress_interval) < 0 ? 1 : 0;
}

// Ends a statement that takes more steps than the budget holds.
class ProgressLimit {
public:
    ProgressLimit(sqlite3 *connection, std::int64_t &budget) : connection_(connection) {
        sqlite3_progress_handler(connection, progress_interval, count_down, &budget);
    }
    ~ProgressLimit() { sqlite3_progress_handler(connection_, 0, nullptr, nullptr); }
    ProgressLimit(const ProgressLimit &) = delete;
    ProgressLimit &operator=(const ProgressLimit &) = delete;

private:
    sqlite3 *connection_;
};

// Putting rows in order, in VM steps.
double ordering_cost(double rows, double per_comparison) {
    return rows > 1 ? rows * std::log2(rows) * per_comparison : 0;
}

constexpr double ratio = static_cast<double>(small_sample_rows) / static_cast<double>(sample_rows);

// What it is in a table so many times larger than the sample.
double scaled(double in_small, double in_large, double factor) {
    return in_large + std::max(0.0, (in_large - in_small) / (1 - ratio)) * (factor - 1);
}

std::int64_t pages_fetched(sqlite3 *connection) {
    int hit = 0;
    int miss = 0;
    int highest = 0;
    sqlite3_db_status(connection, SQLITE_DBSTATUS_CACHE_HIT, &hit, &highest, 0);
    sqlite3_db_status(connection, SQLITE_DBSTATUS_CACHE_MISS, &miss, &highest, 0);
    return std::int64_t{hit} + miss;
}

std::string joined(const std::vector<std::string> &lines) {
    std::string text;
    for (const std::string &line : lines)
        text += line + "\n";
    return text;
}

} // namespace

MeasuredCost::MeasuredCost(const RunnableWorkload &workload, const Clones &clones, CandidateSet &candidates,
                           SampleStatistics &statistics, const std::vector<SampledTable> &sampled)
    : workload_(workload), candidates_(candidates), statistics_(statistics), sampled_(sampled),
      present_(clones.present, candidates), fresh_(clones.fresh, candidates),
      large_(clones.large, candidates), small_(clones.small, candidates) {}

core::IndexCost MeasuredCost::index_cost(std::size_t candidate) {
    const core::Candidate &wanted = candidates_[candidate];
    return {statistics_.bytes(wanted.definition, wanted.table), write_cost(candidate)};
}

const PlannedStatement &MeasuredCost::planned(std::size_t statement,
                                              const std::vector<std::size_t> &candidates,
                                              StatisticsState state) {
    const auto key = std::tuple(statement, state, candidates);
    const auto known = planned_.find(key);
    if (known != planned_.end())
        return known->second;
    return planned_.emplace(key, plan(statement, candidates, state)).first->second;
}

PlannedStatement MeasuredCost::plan(std::size_t statement, const std::vector<std::size_t> &candidates,
                                    StatisticsState state) {
    PlannedStatement result;
    const std::string &sql = workload_.runnable[statement].sql;
    if (sql.empty()) {
        result.cost = statement_floor;
        return result;
    }
    IndexedClone &planner = state == StatisticsState::present ? present_ : fresh_;
    planner.activate(candidates, state);
    result.plan = planner.clone().plan(sql, examples(statement).front());
    const std::string text = joined(result.plan);
    for (const std::size_t candidate : candidates)
        if (text.find(candidates_.name(candidate)) != std::string::npos)
            result.used.push_back(candidate);
    const auto key = std::pair(statement, text);
    auto known = measured_.find(key);
    if (known == measured_.end())
        known = measured_.emplace(key, measure(statement, result, candidates, state)).first;
    result.cost = known->second;
    return result;
}

// Two sizes of the sample tell what grows with the table (a scan) from what does not (a search, a LIMIT).
double MeasuredCost::scaled_work(const Run &small, const Run &large, double factor) {
    const double at_small = small.steps + page_weight * small.pages;
    double at_large = large.steps + page_weight * large.pages;
    if (!large.finished)
        at_large = small.finished ? std::max(at_large, at_small / (ratio * ratio)) : at_large / ratio;
    // The same steps on a few pages more: the same searches in a deeper tree.
    const double deeper = large.pages - small.pages;
    if (large.finished && deeper > 0 && large.steps <= 1.05 * small.steps + 4 &&
        deeper <= small.steps / 4 + 3)
        return at_large + page_weight * deeper * std::log(factor) / -std::log(ratio);
    return scaled(at_small, at_large, factor);
}

double MeasuredCost::measure(std::size_t statement, const PlannedStatement &planned,
                             const std::vector<std::size_t> &all, StatisticsState state) {
    const std::string &sql = workload_.runnable[statement].sql;
    for (IndexedClone *clone : {&large_, &small_}) {
        clone->activate(planned.used, state);
        if (clone->clone().plan(sql, examples(statement).front()) != planned.plan)
            clone->activate(all, state);
    }
    const Run small = run(small_, statement);
    const Run large = run(large_, statement);
    const double factor = growth(statement);
    return std::max(statement_floor, scaled_work(small, large, factor)) +
           ordering_cost(scaled(small.automatic_rows, large.automatic_rows, factor), automatic_row_cost) +
           sort_cost(statement, planned.plan);
}

// Comparisons of a sorter are no VM steps and its pages are not counted.
double MeasuredCost::sort_cost(std::size_t statement, const std::vector<std::string> &plan) {
    const bool sorts = std::any_of(plan.begin(), plan.end(), [](const std::string &line) {
        return line.starts_with("USE TEMP B-TREE FOR ");
    });
    const std::string counting = sorts ? count_of_input(workload_.runnable[statement].sql) : std::string();
    if (counting.empty())
        return 0;
    const auto known = sorted_rows_.find(statement);
    if (known != sorted_rows_.end())
        return ordering_cost(known->second, sorted_row_cost);
    double rows = 0;
    try {
        Query query = large_.clone().prepare(counting);
        large_.clone().bind(query, examples(statement).front());
        std::int64_t budget = max_run_steps;
        const ProgressLimit limit(large_.clone().connection(), budget);
        if (query.step())
            rows = query.real(0) * growth(statement);
    } catch (const Failure &) {
        rows = 0; // too dear to count: the sort goes without a charge
    }
    sorted_rows_.emplace(statement, rows);
    return ordering_cost(rows, sorted_row_cost);
}

MeasuredCost::Run MeasuredCost::run(IndexedClone &clone, std::size_t statement) {
    Run result;
    sqlite3 *connection = clone.clone().connection();
    const auto &sets = examples(statement);
    const std::size_t count = std::min(sets.size(), max_examples);
    for (std::size_t i = 0; i < count; ++i) {
        Query query = clone.clone().prepare(workload_.runnable[statement].sql);
        if (sqlite3_stmt_readonly(query.get()) == 0)
            return {statement_floor};
        clone.clone().bind(query, sets[i]);
        const std::int64_t pages = pages_fetched(connection);
        std::int64_t budget = max_run_steps;
        int code = SQLITE_ROW;
        {
            const ProgressLimit limit(connection, budget);
            while (code == SQLITE_ROW)
                code = sqlite3_step(query.get());
        }
        result.finished = result.finished && code != SQLITE_INTERRUPT;
        const auto steps = static_cast<double>(
            static_cast<std::uint32_t>(sqlite3_stmt_status(query.get(), SQLITE_STMTSTATUS_VM_STEP, 0)));
        result.steps += steps;
        result.pages += static_cast<double>(pages_fetched(connection) - pages);
        result.automatic_rows += sqlite3_stmt_status(query.get(), SQLITE_STMTSTATUS_AUTOINDEX, 0);
    }
    result.steps /= static_cast<double>(count);
    result.pages /= static_cast<double>(count);
    result.automatic_rows /= static_cast<double>(count);
    return result;
}

const std::vector<std::vector<std::string>> &MeasuredCost::examples(std::size_t statement) {
    const auto known = examples_.find(statement);
    if (known != examples_.end())
        return known->second;
    const RunnableStatement &runnable = workload_.runnable[statement];
    return examples_
        .emplace(statement,
                 runnable.examples.empty() ? sampled_values(runnable.sql, large_.clone()) : runnable.examples)
        .first->second;
}

// How many times larger the user's tables are than the sample: that of the table which grows most.
double MeasuredCost::growth(std::size_t statement) const {
    double most = 1;
    for (const core::TableAccess &access : workload_.statements[statement].accesses) {
        const SampledTable &table = sampled_[access.table];
        if (table.copied > 0)
            most = std::max(most, table.rows / static_cast<double>(table.copied));
    }
    return most;
}

std::int64_t MeasuredCost::first_read(std::size_t table) const {
    std::int64_t first = 0;
    for (std::size_t i = 0; i < workload_.statements.size(); ++i) {
        const core::Statement &statement = workload_.statements[i];
        const bool reads =
            statement.kind == core::StatementKind::select && core::reads_table(statement, table);
        if (reads && (first == 0 || workload_.runnable[i].first_seen < first))
            first = workload_.runnable[i].first_seen;
    }
    return first;
}

double MeasuredCost::write_cost(std::size_t candidate) const {
    const core::Candidate &wanted = candidates_[candidate];
    const auto touches = [&](const std::vector<std::string> &columns) {
        return std::any_of(
            wanted.definition.keys.begin(), wanted.definition.keys.end(), [&](const core::IndexKey &key) {
                return std::any_of(columns.begin(), columns.end(), [&](const std::string &column) {
                    return key.expression ? key.text.find(column) != std::string::npos : key.text == column;
                });
            });
    };
    const std::int64_t read_from = first_read(wanted.table);
    double cost = 0;
    for (std::size_t i = 0; i < workload_.statements.size(); ++i) {
        const RunnableStatement &runnable = workload_.runnable[i];
        const core::Statement &statement = workload_.statements[i];
        // What was written before anybody read is the first load, which does not come again.
        if (runnable.written_table != wanted.table || runnable.last_seen <= read_from)
            continue;
        const bool update = statement.kind == core::StatementKind::update;
        if (update && !touches(runnable.assigned_columns))
            continue;
        cost += statement.calls * runnable.written_rows * entry_write_cost * (update ? 2 : 1);
    }
    return cost;
}

core::IndexCost CostView::index_cost(std::size_t position) {
    core::IndexCost cost = measured_.index_cost(candidates_[position]);
    cost.write_cost += MeasuredCost::page_weight * static_cast<double>(cost.bytes) / measured_.page_size();
    return cost;
}

core::StatementCost CostView::statement_cost(std::size_t statement, std::span<const std::size_t> positions) {
    std::vector<std::size_t> set;
    for (const std::size_t position : positions)
        set.push_back(candidates_[position]);
    core::StatementCost result;
    std::set<std::size_t> used;
    for (const StatisticsState state : states_) {
        const PlannedStatement &planned = measured_.planned(statement, set, state);
        // Without a new index in it the plan is not of our making.
        if (state != states_.front() && planned.used.empty() && used.empty())
            continue;
        result.cost = std::max(result.cost, planned.cost);
        used.insert(planned.used.begin(), planned.used.end());
    }
    for (std::size_t i = 0; i < positions.size(); ++i)
        if (used.contains(set[i]))
            result.used.push_back(positions[i]);
    return result;
}

} // namespace advisor::sqlite
