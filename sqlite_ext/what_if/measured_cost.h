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
#include <vector>

namespace advisor::sqlite {

struct PlannedStatement {
    double cost = 0;
    std::vector<std::string> plan;
    std::vector<std::size_t> used;
};

class MeasuredCost : public core::CostModel {
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

    core::StatementCost statement_cost(std::size_t statement,
                                       std::span<const std::size_t> candidates) override;
    core::IndexCost index_cost(std::size_t candidate) override;

    PlannedStatement planned(std::size_t statement, std::span<const std::size_t> candidates,
                             StatisticsState state);

private:
    struct Run {
        double cost = 0;
        bool finished = true;
    };

    double measure(std::size_t statement, const std::vector<std::string> &plan,
                   std::span<const std::size_t> used, std::span<const std::size_t> all,
                   StatisticsState state);
    Run run(IndexedClone &clone, std::size_t statement);
    const std::vector<std::vector<std::string>> &examples(std::size_t statement);
    double growth(std::size_t statement) const;
    double write_cost(std::size_t candidate) const;

    const RunnableWorkload &workload_;
    CandidateSet &candidates_;
    SampleStatistics &statistics_;
    const std::vector<SampledTable> &sampled_;
    IndexedClone present_;
    IndexedClone fresh_;
    IndexedClone large_;
    IndexedClone small_;
    std::map<std::pair<std::size_t, std::string>, double> measured_; // by statement and plan
    std::map<std::size_t, std::vector<std::vector<std::string>>> examples_;
};

} // namespace advisor::sqlite
