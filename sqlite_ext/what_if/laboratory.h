// Everything that one analysis needs, in the order in which it is made: the schema, the clones, the sample.
#pragma once
#include "core/candidates/generate.h"
#include "core/catalog/table.h"
#include "core/selection/select.h"
#include "sqlite_ext/observe/host.h"
#include "sqlite_ext/what_if/measured_cost.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace advisor::sqlite {

class Laboratory {
public:
    // Reads the schema through the host's connection.
    explicit Laboratory(Host &host);

    const Schema &schema() const noexcept { return schema_; }
    const RunnableWorkload &workload() const noexcept { return workload_; }
    const std::vector<core::Table> &tables() const noexcept { return tables_; }
    const std::vector<core::Candidate> &candidates() const noexcept { return candidates_; }
    Clone &planner();

    // The workload with its tables: sampled, described, row counts known. Literals of the index definitions
    // that will be tried stay as they are in the statements.
    void take_workload(const std::vector<RecordedStatement> &recorded, const std::string &definitions = {});
    // Columns that only cover are key columns in SQLite: a limit given by the caller counts them too.
    void generate(const core::CandidateOptions &options,
                  std::optional<std::size_t> most_columns = std::nullopt);

    MeasuredCost &model();
    // A CREATE INDEX or DROP INDEX of the caller in all clones.
    void change_indexes(const std::string &sql);
    // Estimated size of an index made that way; nullopt where its table was not sampled.
    std::optional<std::uint64_t> created_bytes(const std::string &index);
    // The best set for the workload; limits.out_of_time should be TimeBudget::spent.
    core::Selection select(const core::SelectionLimits &limits, double seconds);
    bool stand_ins() const;
    const SampledTable &sampled(std::size_t table) const { return sampled_[table]; }

private:
    core::Selection search(const std::vector<std::size_t> &positions,
                           const std::vector<StatisticsState> &states, const core::SelectionLimits &limits);
    void sample_tables();
    void drop_accidental_constants();
    bool has_useful_predicate(const core::Candidate &candidate);
    core::Table describe(std::size_t position);

    Host &host_;
    Schema schema_;
    RunnableWorkload workload_;
    std::unique_ptr<Clone> present_;
    std::unique_ptr<Clone> fresh_;
    std::unique_ptr<Clone> large_;
    std::unique_ptr<Clone> small_;
    std::vector<SampledTable> sampled_;
    std::unique_ptr<SampleStatistics> statistics_;
    std::vector<core::Table> tables_;
    std::vector<core::Candidate> candidates_;
    std::unique_ptr<CandidateSet> candidate_set_;
    std::unique_ptr<MeasuredCost> model_;
};

// What the engine can't do: INCLUDE, an order of nulls of its own.
core::CandidateOptions sqlite_candidates();

// The time that one analysis may take; asked between planner calls.
class TimeBudget {
public:
    explicit TimeBudget(double seconds);
    static bool spent();
};

} // namespace advisor::sqlite
