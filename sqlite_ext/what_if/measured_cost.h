// The cost of a statement under a set of candidate indexes: the host's own planner chooses the plan, and
// running it on the sample says what it costs, scaled to the user's rows.
#pragma once
#include "core/costing/cost_model.h"
#include "sqlite_ext/what_if/indexed_clone.h"
#include "sqlite_ext/what_if/workload_reader.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace advisor::sqlite {

struct PlannedStatement {
    double cost = 0;
    std::vector<std::string> plan;
    std::vector<std::size_t> used;
};

class MeasuredCost {
public:
    static constexpr double page_weight = 27; // VM steps that one logical page fetch is worth

    struct Clones {
        Clone &present; // without rows, planned with the statistics of today
        Clone &fresh;   // without rows, planned with what ANALYZE would write
        Clone &large;   // with the sample …
        Clone &small;   // … and with a quarter of it
    };

    MeasuredCost(const RunnableWorkload &workload, const Clones &clones, CandidateSet &candidates,
                 SampleStatistics &statistics, const std::vector<SampledTable> &sampled);

    const PlannedStatement &planned(std::size_t statement, const std::vector<std::size_t> &candidates,
                                    StatisticsState state);
    core::IndexCost index_cost(std::size_t candidate);
    double page_size() const { return static_cast<double>(large_.clone().schema().page_size); }
    // Forgets what was planned: an index was made or dropped behind its back.
    void forget_plans() {
        planned_.clear();
        for (IndexedClone *clone : {&present_, &fresh_, &large_, &small_})
            clone->forget_statistics();
    }

private:
    struct Run {
        double steps = 0;
        double pages = 0;
        double automatic_rows = 0; // put into automatic indexes
        bool finished = true;
    };

    PlannedStatement plan(std::size_t statement, const std::vector<std::size_t> &candidates,
                          StatisticsState state);
    double measure(std::size_t statement, const PlannedStatement &planned,
                   const std::vector<std::size_t> &all, StatisticsState state);
    Run run(IndexedClone &clone, std::size_t statement);
    static double scaled_work(const Run &small, const Run &large, double factor);
    double sort_cost(std::size_t statement, const std::vector<std::string> &plan);
    const std::vector<std::vector<std::string>> &examples(std::size_t statement);
    double growth(std::size_t statement) const;
    double write_cost(std::size_t candidate) const;
    std::int64_t first_read(std::size_t table) const; // milliseconds since 1970; 0: never

    const RunnableWorkload &workload_;
    CandidateSet &candidates_;
    SampleStatistics &statistics_;
    const std::vector<SampledTable> &sampled_;
    IndexedClone present_;
    IndexedClone fresh_;
    IndexedClone large_;
    IndexedClone small_;
    std::map<std::tuple<std::size_t, StatisticsState, std::vector<std::size_t>>, PlannedStatement> planned_;
    std::map<std::pair<std::size_t, std::string>, double> measured_; // by statement and plan
    std::map<std::size_t, double> sorted_rows_;                      // by statement, in the user's table
    std::map<std::size_t, std::vector<std::vector<std::string>>> examples_;
};

// What the search sees: some of the candidates, planned with the statistics of today, with fresh ones, or
// with the dearer of the two. An index must help as it is pasted and still do after the next ANALYZE.
class CostView : public core::CostModel {
public:
    CostView(MeasuredCost &measured, std::vector<std::size_t> candidates, std::vector<StatisticsState> states)
        : measured_(measured), candidates_(std::move(candidates)), states_(std::move(states)) {}

    core::StatementCost statement_cost(std::size_t statement,
                                       std::span<const std::size_t> positions) override;
    // With a charge for the space: an index has to save at least what one pass over it would cost.
    core::IndexCost index_cost(std::size_t position) override;

private:
    MeasuredCost &measured_;
    std::vector<std::size_t> candidates_; // by position in the search, ascending
    std::vector<StatisticsState> states_; // the first counts where nothing changes
};

} // namespace advisor::sqlite
