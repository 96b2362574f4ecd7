#include "sqlite_ext/what_if/laboratory.h"

#include "core/catalog/ddl.h"
#include "sqlite_ext/text/tokens.h"
#include "sqlite_ext/what_if/parameter_values.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <set>

namespace advisor::sqlite {

namespace {

using Clock = std::chrono::steady_clock;
thread_local Clock::rep deadline = 0;

constexpr double max_states = 10;          // values of a column that names a state
constexpr double max_partial_share = 0.75; // of the rows in a partial index

void no_poll() {}

// Virtual tables that the clones have too, and that a statement or a view names: what is joined with them
// depends on the rows that they find.
void add_searched_tables(const Schema &schema, const RunnableWorkload &workload, std::vector<bool> &wanted) {
    std::set<std::string> names;
    const auto note = [&](const std::string &sql) {
        for (const Token &token : tokenize(sql))
            if (token.name())
                names.insert(lower_case(unquoted(token.text)));
    };
    for (const RunnableStatement &statement : workload.runnable)
        note(statement.sql);
    for (const SchemaObject &object : schema.objects)
        if (object.type == "view")
            note(object.sql);
    for (std::size_t position = 0; position < schema.tables.size(); ++position)
        if (is_known_module(schema.tables[position].module) &&
            names.contains(lower_case(schema.tables[position].name)))
            wanted[position] = true;
}

} // namespace

Laboratory::Laboratory(Host &host) : host_(host), schema_(read_schema(host.connection())) {}

Clone &Laboratory::planner() {
    if (!present_)
        present_ = std::make_unique<Clone>(schema_);
    return *present_;
}

void Laboratory::take_workload(const std::vector<RecordedStatement> &recorded,
                               const std::string &definitions) {
    workload_ = read_workload(recorded, schema_);
    sample_tables();
    drop_accidental_constants();
    std::string conditions = definitions;
    for (const TableInfo &table : schema_.tables)
        for (const core::ExistingIndex &index : table.indexes)
            conditions += " " + index.definition.predicate;
    std::set<std::string> kept;
    for (const Token &token : tokenize(conditions))
        if (token.literal())
            kept.emplace(token.text);
    for (RunnableStatement &statement : workload_.runnable)
        use_sampled_values(statement.sql, statement.examples, kept, *large_);
}

// A constant of a column with many values is a number that somebody looked up, no state that the application
// always asks for: no index of its own.
void Laboratory::drop_accidental_constants() {
    for (core::Statement &statement : workload_.statements)
        for (core::TableAccess &access : statement.accesses)
            for (core::Predicate &predicate : access.predicates) {
                const auto null_test = [&](std::string_view text) {
                    return predicate.constant_text.ends_with(text);
                };
                if (predicate.constant_text.empty() || null_test(" IS NULL") || null_test(" IS NOT NULL"))
                    continue;
                const core::Column *column = core::find_column(tables_[access.table], predicate.key);
                if (column != nullptr && column->distinct > max_states)
                    predicate.constant_text.clear();
            }
}

void Laboratory::generate(const core::CandidateOptions &options, std::optional<std::size_t> most_columns) {
    candidates_ = core::generate_candidates(workload_.statements, tables_, options);
    std::erase_if(candidates_, [&](const core::Candidate &candidate) {
        return (most_columns && candidate.definition.keys.size() > *most_columns) ||
               !has_useful_predicate(candidate);
    });
}

// A partial index must leave out rows, and each part of its condition must do so beside the others.
bool Laboratory::has_useful_predicate(const core::Candidate &candidate) {
    if (candidate.conditions.empty())
        return true;
    const double share = statistics_->matching_fraction(candidate.definition.predicate, candidate.table);
    if (share > max_partial_share)
        return false;
    for (const std::string &left_out : candidate.conditions) {
        std::string others;
        for (const std::string &condition : candidate.conditions)
            if (condition != left_out)
                others += (others.empty() ? "(" : " AND (") + condition + ")";
        if (!others.empty() &&
            share >= max_partial_share * statistics_->matching_fraction(others, candidate.table))
            return false;
    }
    return true;
}

MeasuredCost &Laboratory::model() {
    if (!model_) {
        fresh_ = std::make_unique<Clone>(schema_);
        candidate_set_ = std::make_unique<CandidateSet>(candidates_, schema_, *statistics_);
        model_ = std::make_unique<MeasuredCost>(workload_,
                                                MeasuredCost::Clones{planner(), *fresh_, *large_, *small_},
                                                *candidate_set_, *statistics_, sampled_);
    }
    return *model_;
}

void Laboratory::change_indexes(const std::string &sql) {
    model().forget_plans();
    for (Clone *clone : {present_.get(), fresh_.get(), large_.get(), small_.get()})
        execute_first(clone->connection(), sql);
}

std::optional<std::uint64_t> Laboratory::created_bytes(const std::string &index) {
    const Schema changed = read_schema(large_->connection());
    for (const TableInfo &table : changed.tables)
        for (const core::ExistingIndex &candidate : table.indexes) {
            const TableInfo *info = schema_.find_table(table.schema, table.name);
            if (info == nullptr || !equal_ignoring_case(core::unquoted_name(candidate.name), index))
                continue;
            const auto position = static_cast<std::size_t>(info - schema_.tables.data());
            if (statistics_->is_sampled(position))
                return statistics_->bytes(candidate.definition, position);
        }
    return std::nullopt;
}

// Without statistics the planner may overlook what it would use with them, and the other way round. So the
// search is done for both, and of the two sets that one counts which is better when each of its indexes has
// to hold in both worlds.
core::Selection Laboratory::select(const core::SelectionLimits &limits, double seconds) {
    std::vector<std::size_t> all(candidates_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    std::optional<core::Selection> best;
    std::uint64_t planner_calls = 0;
    bool complete = true;
    for (const StatisticsState state : {StatisticsState::present, StatisticsState::fresh}) {
        const TimeBudget budget(seconds / 2);
        const core::Selection found = search(all, {state}, limits);
        std::vector<std::size_t> chosen;
        for (const core::ChosenIndex &index : found.chosen)
            chosen.push_back(index.candidate);
        std::sort(chosen.begin(), chosen.end());
        const TimeBudget check(seconds / 2);
        core::Selection checked = search(chosen, {StatisticsState::present, StatisticsState::fresh}, limits);
        planner_calls += found.planner_calls + checked.planner_calls;
        complete = complete && found.complete && checked.complete;
        if (!best || checked.workload_cost_after < best->workload_cost_after)
            best = std::move(checked);
    }
    best->planner_calls = planner_calls;
    best->complete = complete;
    return *best;
}

// The result speaks of positions in candidates() again.
core::Selection Laboratory::search(const std::vector<std::size_t> &positions,
                                   const std::vector<StatisticsState> &states,
                                   const core::SelectionLimits &limits) {
    std::vector<core::Candidate> subset;
    for (const std::size_t position : positions)
        subset.push_back(candidates_[position]);
    std::vector<double> weights;
    for (const core::Statement &statement : workload_.statements)
        weights.push_back(statement.calls);
    CostView view(model(), positions, states);
    core::Selection selection =
        core::select_indexes(subset, workload_.statements, weights, view, limits, no_poll);
    for (core::ChosenIndex &index : selection.chosen) {
        index.candidate = positions[index.candidate];
        index.cost = model().index_cost(index.candidate); // without the charge for the space
    }
    for (core::CandidateVerdict &verdict : selection.verdicts)
        verdict.candidate = positions[verdict.candidate];
    return selection;
}

bool Laboratory::stand_ins() const {
    return large_ && large_->stand_ins();
}

// Only tables that a statement reads; the others keep their place in the lists without figures.
void Laboratory::sample_tables() {
    large_ = std::make_unique<Clone>(schema_);
    small_ = std::make_unique<Clone>(schema_);
    std::vector<bool> wanted(schema_.tables.size());
    for (const core::Statement &statement : workload_.statements)
        for (const core::TableAccess &access : statement.accesses)
            wanted[access.table] = schema_.tables[access.table].stores_rows();
    add_searched_tables(schema_, workload_, wanted);
    sampled_ = copy_samples(host_.connection(), schema_, wanted,
                            find_references(host_.connection(), schema_, workload_), *large_, *small_);
    statistics_ = std::make_unique<SampleStatistics>(*large_, sampled_);
    tables_.clear();
    for (std::size_t position = 0; position < wanted.size(); ++position)
        tables_.push_back(describe(position));
}

core::Table Laboratory::describe(std::size_t position) {
    const TableInfo &info = schema_.tables[position];
    core::Table table;
    table.id = position;
    table.schema = info.schema;
    table.name = info.name;
    table.qualified = qualified_name(info.schema, info.name);
    table.indexes = info.indexes;
    if (sampled_[position].copied == 0 || !info.stores_rows())
        return table;
    table.rows = sampled_[position].rows;
    table.bytes = statistics_->table_bytes(position);
    table.columns = statistics_->columns(position);
    return table;
}

core::CandidateOptions sqlite_candidates() {
    core::CandidateOptions options;
    options.include_columns = false;
    options.null_order = false;
    return options;
}

TimeBudget::TimeBudget(double seconds) {
    deadline =
        (Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds)))
            .time_since_epoch()
            .count();
}

bool TimeBudget::spent() {
    return Clock::now().time_since_epoch().count() > deadline;
}

} // namespace advisor::sqlite
