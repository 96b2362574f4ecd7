// The search for an index set: its state, and what a change of the set is worth. grow.cpp adds indexes,
// prune.cpp takes useless ones out again, refine.cpp looks for better sets around the best one, select.cpp
// drives them.
#pragma once
#include "core/selection/cost_cache.h"
#include "core/selection/improve.h"
#include "core/selection/plan_library.h"
#include "core/selection/select.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace advisor::core {

// Adding these indexes together: one, or those that the best plan of one statement uses together.
struct Move {
    CandidateSet members;
    double size = 1;  // bytes of what is not chosen yet, to the power of the size weight
    double bound = 0; // net gain is not more than this
    double gain = 0;  // Σ weight × cost saved, as last seen
    bool halves = false;
    bool worse = false;
    std::size_t round = 0;      // in which the figures were found; 0: never
    std::size_t verified = 0;   // round in which the planner was asked about each statement
    std::size_t left_early = 0; // round in which the question was not asked to the end

    double ratio() const { return bound / size; }
};

struct MoveEffect {
    double gain = 0;      // Σ weight × cost saved
    bool halves = false;  // saves enough of one statement
    bool worse = false;   // makes a statement dearer
    bool complete = true; // false: left early, gain is an upper bound
};

class Search {
public:
    Search(std::span<const Candidate> candidates, std::span<const Statement> statements,
           std::span<const double> weights, CostModel &model, const SelectionLimits &limits, Poll poll);

    Selection run();
    // Judges a set that was found on a part of the statements.
    Selection judge(const Selection &found);

private:
    // What changes while the search goes on.
    struct State {
        CandidateSet chosen;
        std::vector<std::size_t> sequence; // the chosen in order of choice
        std::vector<CandidateVerdict> verdicts;
        std::vector<bool> banned;
        std::vector<double> current; // by statement: cost with the chosen; negative: unknown
        // By statement and kind of service: what it costs with one such index beside the chosen; negative:
        // not asked yet.
        std::vector<std::vector<double>> cost_by_service;
    };

    // select.cpp
    void prepare_order();
    void prepare_sizes();
    void prepare_relevance();
    bool measure_pool();
    void search_around();
    void cost_each_alone();
    void take_everything();
    void grow_best();
    State attempt(double size_weight);
    bool clean_up();
    double total_cost(const State &state) const;
    Selection result();
    void measure_prefixes(Selection &selection);
    void add_effects(Selection &selection);

    // refine.cpp
    void explore();
    void refine();
    bool verify(const CandidateSet &set);
    void find_error(std::size_t statement, const CandidateSet &set, const StatementCost &answer);
    void adopt(const CandidateSet &set);
    CandidateSet everything_used() const;
    ImproveProblem problem() const;

    // search.cpp
    CandidateSet pool() const;
    MoveEffect effect(const CandidateSet &added, double enough, bool verify);
    std::optional<double> cost_with(std::size_t statement, const CandidateSet &added, bool verify);
    double potential(std::size_t statement) const;
    const StatementCost *cost(std::size_t statement, const CandidateSet &set);
    IndexBits bits(std::size_t statement, const CandidateSet &set) const;
    std::size_t position(std::size_t statement, std::size_t candidate) const; // in relevant_
    void refresh_current(const CandidateSet &changed);
    void note_workload();
    double write_cost(const CandidateSet &set) const;
    double bytes(const CandidateSet &set) const;
    CandidateSet on_tables_of(std::size_t statement, const CandidateSet &set) const;
    std::vector<std::size_t> served_by(const CandidateSet &set) const;
    // Of what the workload costs with the best set known: one statement that outweighs all others must not
    // hide them for good.
    double least_gain() const { return limits_.min_share * lowest_workload_; }
    void judge(std::size_t candidate, Verdict verdict, double gain, std::string reason);

    // grow.cpp
    void grow();
    std::vector<Move> all_moves() const;
    bool settle(Move &move);
    void ask(Move &move, double best_other_ratio, bool verify);
    void drop_impossible(std::vector<Move> &moves);
    void drop_hopeless(std::vector<Move> &moves);
    void resize(Move &move) const;
    bool is_promising(const Move &move) const {
        return !move.worse && move.halves && move.bound > 0 && move.bound >= least_gain();
    }
    void reject(const Move &move, Verdict verdict, std::string reason);
    std::optional<Verdict> blocked(const CandidateSet &added) const;
    void take(const Move &move);

    // prune.cpp
    struct Removal {
        double loss = 0; // Σ weight × cost that comes back without it
        bool needed = false;
    };
    bool prune();
    void narrow();
    std::vector<std::size_t> narrower(std::size_t candidate) const;
    bool drop_harmful();
    Removal removal(std::size_t candidate);
    std::size_t least_missed(const CandidateSet &set);
    void drop(std::size_t candidate, Verdict verdict, double gain, std::string reason);

    // guard.cpp
    bool drop_refused();
    bool drop_flipping();
    bool drop_overrated();
    void refuse(std::size_t candidate, std::size_t statement, const std::string &reason);
    std::optional<Guarded> recheck(std::size_t statement, const CandidateSet &set);
    std::size_t culprit(std::size_t statement, const CandidateSet &there, const CandidateSet &used);
    void refuse_relatives(std::size_t statement, std::size_t refused, const CandidateSet &others);
    void note_guarded(Selection &selection);

    std::span<const Candidate> candidates_;
    std::span<const Statement> statements_;
    std::span<const double> weights_;
    SelectionLimits limits_;
    CostModel &model_;
    CostCache cache_;
    PlanLibrary library_;
    std::uint64_t guard_calls_before_; // of the model
    std::vector<bool> refused_;        // by candidate: records speak against it, whatever else is chosen

    std::vector<std::size_t> order_; // statements by identity, so that sums do not depend on their positions
    std::vector<std::size_t> place_; // of each statement in order_
    std::vector<std::size_t> rank_;  // of each candidate by definition: breaks ties
    std::vector<CandidateSet> relevant_;            // by statement: candidates that could change its plan
    std::vector<std::vector<std::size_t>> service_; // by statement: of each relevant candidate, the kind
    std::vector<std::vector<Served>> served_;       // by candidate
    std::vector<IndexCost> index_costs_;
    std::vector<double> before_, floor_; // by statement: cost with no candidate, with all; negative: unknown
    std::vector<CandidateSet> best_;     // by statement: what its plan uses when all are there
    double workload_before_ = 0, lowest_workload_ = 0; // Σ weight × cost with no candidate, with the best set

    State state_;
    double size_weight_ = 1;
    std::size_t round_ = 1;
    bool explored_ = false;
};

} // namespace advisor::core
