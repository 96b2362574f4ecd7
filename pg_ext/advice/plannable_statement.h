// A statement that the advisor plans again and again: analysed once, analysed anew when the catalog changed.
#pragma once
#include "core/costing/costed_plan.h"
#include "core/workload/workload.h"
#include "pg_ext/advice/statement_input.h"
#include "pg_ext/what_if/what_if.h"

#include <string>
#include <vector>

namespace advisor::pg {

// Counts the invalidations that this backend has seen; a tree from before the last one may be stale.
std::uint64_t catalog_generation();

struct PlanOutcome {
    PlannedCost planned;
    std::optional<ServerError> failure; // planned is empty then
};

// Trees live in a child of the memory context that is current while it is prepared, and go with that.
class PlannableStatement {
public:
    explicit PlannableStatement(const StatementInput &input) : input_(&input) {}

    const StatementInput &input() const { return *input_; }

    // Analyses the statement, judges what planning it would run, and plans it once. accesses: what the
    // planner asked of each table, positions in relations, which grows.
    PlanOutcome prepare(std::vector<Oid> &relations, std::vector<core::TableAccess> &accesses);

    // The same; what the planner asked is added to the capture.
    PlanOutcome prepare(AccessCapture &capture);

    // Plans with the set. Only after a successful prepare().
    PlanOutcome plan(const IndexSet &set);

    // The plans with the set as values; none when the statement can't be planned at the moment.
    std::vector<core::CostedPlan> costed(const IndexSet &set);

    // From now on the trees are made anew for each planning: slower, but thousands of statements take no
    // memory.
    void keep_no_trees();

    core::StatementKind kind() const { return kind_; }
    // Relations that the statement writes to, with the columns it assigns (all of them for INSERT and
    // DELETE).
    struct Write {
        Oid relation = InvalidOid;
        std::vector<std::string> columns; // quoted; empty: all
    };
    const std::optional<Write> &write() const { return write_; }

private:
    void analyse();
    void keep(const AnalysedStatement *tree);
    void forget();
    void note_kind_and_write();
    void lock();
    PlannedCost plan_once(const IndexSet &set, AccessCapture *capture);

    const StatementInput *input_;
    MemoryContext home_ = nullptr;   // parent of the next
    MemoryContext memory_ = nullptr; // of what follows
    const AnalysedStatement *tree_ = nullptr;
    ParamListInfo parameters_ = nullptr;
    std::uint64_t generation_ = 0;
    bool keeps_trees_ = true;
    core::StatementKind kind_ = core::StatementKind::other;
    std::optional<Write> write_;
};

} // namespace advisor::pg
