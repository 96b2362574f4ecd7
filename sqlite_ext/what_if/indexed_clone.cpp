#include "sqlite_ext/what_if/indexed_clone.h"

#include "core/catalog/ddl.h"

#include <algorithm>

namespace advisor::sqlite {

CandidateSet::CandidateSet(std::span<const core::Candidate> candidates, const Schema &schema,
                           SampleStatistics &statistics)
    : candidates_(candidates), schema_(schema), statistics_(statistics) {}

std::string CandidateSet::name(std::size_t candidate) const {
    return "advisor_candidate_" + std::to_string(candidate) + "_";
}

std::string CandidateSet::create_sql(std::size_t candidate) const {
    return core::create_index_sql(candidates_[candidate].definition, core::Dialect::sqlite, name(candidate));
}

std::string CandidateSet::drop_sql(std::size_t candidate) const {
    return "DROP INDEX " + quoted(table(candidate).schema) + "." + name(candidate);
}

StatisticsRow CandidateSet::fresh_row(std::size_t candidate) {
    const auto known = fresh_.find(candidate);
    if (known != fresh_.end())
        return known->second;
    const TableInfo &info = table(candidate);
    StatisticsRow row{info.schema, info.name, name(candidate),
                      statistics_.stat(candidates_[candidate].definition, candidates_[candidate].table)};
    return fresh_.emplace(candidate, std::move(row)).first->second;
}

const std::vector<StatisticsRow> &CandidateSet::rows(StatisticsState state) {
    if (state == StatisticsState::present)
        return schema_.statistics;
    if (!fresh_existing_.empty())
        return fresh_existing_;
    for (std::size_t position = 0; position < schema_.tables.size(); ++position) {
        const TableInfo &info = schema_.tables[position];
        if (!info.stores_rows() || !statistics_.is_sampled(position))
            continue;
        if (info.indexes.empty())
            fresh_existing_.push_back({info.schema, info.name, "", statistics_.stat({}, position)});
        for (const core::ExistingIndex &index : info.indexes) {
            // The primary key of a table WITHOUT ROWID goes by the table's name.
            const std::string bare = core::unquoted_name(index.name);
            const bool is_table = info.kind == TableKind::without_rowid &&
                                  bare.starts_with("sqlite_autoindex_") && index.constraint &&
                                  index.name == info.indexes.back().name;
            fresh_existing_.push_back({info.schema, info.name, is_table ? info.name : bare,
                                       statistics_.stat(index.definition, position)});
        }
    }
    return fresh_existing_;
}

void IndexedClone::activate(std::span<const std::size_t> wanted, StatisticsState state) {
    bool changed = !loaded_ || state != state_;
    for (auto active = active_.begin(); active != active_.end();) {
        if (std::find(wanted.begin(), wanted.end(), *active) != wanted.end()) {
            ++active;
            continue;
        }
        execute(clone_.connection(), candidates_.drop_sql(*active));
        active = active_.erase(active);
        // Statistics of an index that is gone do no harm.
    }
    for (const std::size_t candidate : wanted) {
        if (active_.contains(candidate) || !candidates_.valid(candidate))
            continue;
        try {
            execute(clone_.connection(), candidates_.create_sql(candidate));
            active_.insert(candidate);
            changed = changed || state == StatisticsState::fresh;
        } catch (const Failure &) {
            candidates_.refuse(candidate);
        }
    }
    if (!changed)
        return;
    std::vector<StatisticsRow> rows = candidates_.rows(state);
    if (state == StatisticsState::fresh)
        for (const std::size_t candidate : active_)
            rows.push_back(candidates_.fresh_row(candidate));
    clone_.set_statistics(rows);
    state_ = state;
    loaded_ = true;
}

} // namespace advisor::sqlite
