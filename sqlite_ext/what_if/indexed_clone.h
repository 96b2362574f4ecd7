// A clone in which candidate indexes come and go, planned with the user's statistics or with fresh ones.
#pragma once
#include "core/candidates/generate.h"
#include "sqlite_ext/what_if/clone.h"
#include "sqlite_ext/what_if/statistics.h"

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace advisor::sqlite {

// Present: what sqlite_stat1 says today (perhaps nothing). Fresh: what ANALYZE would write.
enum class StatisticsState { present, fresh };

// Names, definitions and statistics of the candidates: the same for all clones of an analysis.
class CandidateSet {
public:
    CandidateSet(std::span<const core::Candidate> candidates, const Schema &schema,
                 SampleStatistics &statistics);

    std::string name(std::size_t candidate) const; // unquoted, such that none is a part of another
    std::string create_sql(std::size_t candidate) const;
    std::string drop_sql(std::size_t candidate) const;
    StatisticsRow fresh_row(std::size_t candidate);
    const std::vector<StatisticsRow> &rows(StatisticsState state); // of what exists
    const core::Candidate &operator[](std::size_t candidate) const { return candidates_[candidate]; }

    // A candidate that SQLite refuses (an expression that no index can hold) is left out from then on.
    bool valid(std::size_t candidate) const { return !invalid_.contains(candidate); }
    void refuse(std::size_t candidate) { invalid_.insert(candidate); }

private:
    const TableInfo &table(std::size_t candidate) const {
        return schema_.tables[candidates_[candidate].table];
    }

    std::span<const core::Candidate> candidates_;
    const Schema &schema_;
    SampleStatistics &statistics_;
    std::map<std::size_t, StatisticsRow> fresh_;
    std::vector<StatisticsRow> fresh_existing_;
    std::set<std::size_t> invalid_;
};

class IndexedClone {
public:
    IndexedClone(Clone &clone, CandidateSet &candidates) : clone_(clone), candidates_(candidates) {}

    Clone &clone() noexcept { return clone_; }
    const Clone &clone() const noexcept { return clone_; }
    void forget_statistics() { loaded_ = false; } // an index was made or dropped behind its back
    // Afterwards exactly these candidates exist, and the planner knows the wanted statistics.
    void activate(std::span<const std::size_t> wanted, StatisticsState state);

private:
    Clone &clone_;
    CandidateSet &candidates_;
    std::set<std::size_t> active_;
    bool loaded_ = false;
    StatisticsState state_ = StatisticsState::present;
};

} // namespace advisor::sqlite
