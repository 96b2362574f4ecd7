// Adds indexes one after the other (or those together that one plan needs together), most gain per byte
// first. Bounds from earlier rounds spare most of the questions (lazy evaluation).
#include "core/selection/search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

namespace advisor::core {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double least_bytes = 8192; // no index is smaller than a page

CandidateSet missing(const CandidateSet &members, const CandidateSet &chosen) {
    CandidateSet result;
    std::set_difference(members.begin(), members.end(), chosen.begin(), chosen.end(),
                        std::back_inserter(result));
    return result;
}

std::string limit_reason(Verdict limit) {
    return limit == Verdict::over_budget ? "it does not fit into the storage budget"
                                         : "the table has its share of new indexes";
}

} // namespace

void Search::grow() {
    std::vector<Move> moves = all_moves();
    drop_impossible(moves);
    while (true) {
        cache_.poll();
        drop_hopeless(moves);
        std::size_t best = moves.size(), second = moves.size();
        for (std::size_t i = 0; i < moves.size(); ++i)
            if (best == moves.size() || moves[i].ratio() > moves[best].ratio()) {
                second = best;
                best = i;
            } else if (second == moves.size() || moves[i].ratio() > moves[second].ratio()) {
                second = i;
            }
        if (best == moves.size())
            return;
        if (moves[best].verified != round_) {
            const bool verify = moves[best].round == round_;
            ask(moves[best], second == moves.size() ? 0 : moves[second].ratio(), verify);
            if (moves[best].round != round_ || is_promising(moves[best]))
                continue;
        }
        if (settle(moves[best])) {
            ++round_;
            drop_impossible(moves);
        } else {
            moves.erase(moves.begin() + static_cast<std::ptrdiff_t>(best));
        }
    }
}

// After each choice: what is chosen by now, or does not fit any more, leaves.
void Search::drop_impossible(std::vector<Move> &moves) {
    std::erase_if(moves, [&](const Move &move) {
        const CandidateSet added = missing(move.members, state_.chosen);
        if (added.empty())
            return true;
        const std::optional<Verdict> limit = blocked(added);
        if (limit)
            reject(move, *limit, limit_reason(*limit));
        return limit.has_value();
    });
    for (Move &move : moves)
        resize(move);
}

void Search::drop_hopeless(std::vector<Move> &moves) {
    std::erase_if(moves, [&](const Move &move) {
        if (move.bound > 0 && move.bound >= least_gain())
            return false;
        const double possible = move.bound + write_cost(missing(move.members, state_.chosen));
        if (possible > 0 && possible >= least_gain())
            reject(move, Verdict::write_cost,
                   "keeping it up to date costs about as much as it could save, or more");
        else if (possible > 0)
            reject(move, Verdict::too_little_gain, "it saves too small a share of the workload's cost");
        else
            reject(move, Verdict::not_used, "beside the chosen indexes it has nothing left to save");
        return true;
    });
}

// In a fixed order by definition, so that the first of equals is the same for any order of the candidates.
std::vector<Move> Search::all_moves() const {
    std::set<CandidateSet> sets;
    for (const std::size_t candidate : pool())
        sets.insert({candidate});
    for (const std::size_t statement : order_)
        if (best_[statement].size() > 1 && before_[statement] > floor_[statement])
            sets.insert(best_[statement]);
    std::vector<Move> moves;
    for (const CandidateSet &set : sets) {
        const bool banned =
            std::any_of(set.begin(), set.end(), [&](std::size_t member) { return state_.banned[member]; });
        if (banned || includes_all(state_.chosen, set))
            continue;
        Move move;
        move.members = set;
        for (const std::size_t statement : served_by(set))
            move.bound += potential(statement);
        move.bound -= write_cost(missing(set, state_.chosen));
        moves.push_back(std::move(move));
    }
    std::sort(moves.begin(), moves.end(), [&](const Move &left, const Move &right) {
        const auto by_rank = [&](std::size_t first, std::size_t second) {
            return rank_[first] < rank_[second];
        };
        if (left.members.size() != right.members.size())
            return left.members.size() < right.members.size();
        CandidateSet first = left.members, second = right.members;
        std::sort(first.begin(), first.end(), by_rank);
        std::sort(second.begin(), second.end(), by_rank);
        return std::lexicographical_compare(first.begin(), first.end(), second.begin(), second.end(),
                                            by_rank);
    });
    return moves;
}

void Search::resize(Move &move) const {
    move.size = std::pow(std::max(bytes(missing(move.members, state_.chosen)), least_bytes), size_weight_);
}

// First from what is known of similar indexes, then, when it still looks best, by the planner's word.
void Search::ask(Move &move, double best_other_ratio, bool verify) {
    const CandidateSet added = missing(move.members, state_.chosen);
    const double writes = write_cost(added);
    // Left early once in a round, it is asked to the end: rounding must not keep it at the head of the list.
    const bool again = move.left_early == round_;
    const double enough = again ? -infinite : best_other_ratio * move.size + writes;
    const MoveEffect found = effect(added, enough, verify);
    move.bound = found.gain - writes;
    if (!found.complete) {
        move.left_early = round_;
        return;
    }
    move.gain = found.gain;
    move.halves = found.halves;
    move.worse = found.worse;
    move.round = round_;
    if (verify)
        move.verified = round_;
}

// True when the move was made.
bool Search::settle(Move &move) {
    const CandidateSet added = missing(move.members, state_.chosen);
    if (move.worse) {
        if (added.size() == 1)
            state_.banned[added.front()] = true;
        reject(move, Verdict::makes_worse, "with it the plan of a statement gets dearer");
    } else if (move.gain <= 0) {
        reject(move, Verdict::not_used, "no statement gets cheaper by it, given the indexes chosen before");
    } else if (move.gain - write_cost(added) < least_gain() && move.gain >= least_gain()) {
        reject(move, Verdict::write_cost, "keeping it up to date costs about as much as it saves, or more");
    } else if (move.gain - write_cost(added) < least_gain()) {
        reject(move, Verdict::too_little_gain, "it saves too small a share of the workload's cost");
    } else if (!move.halves) {
        reject(move, Verdict::too_little_gain, "it saves too small a share of the cost of each statement");
    } else {
        take(move);
        return true;
    }
    return false;
}

// A group says nothing about its members.
void Search::reject(const Move &move, Verdict verdict, std::string reason) {
    if (move.members.size() > 1)
        return;
    if (cache_.stopped() && move.round == 0)
        judge(move.members.front(), Verdict::not_tried, 0, "time ran out before it was tried");
    else
        judge(move.members.front(), verdict, move.gain, std::move(reason));
}

std::optional<Verdict> Search::blocked(const CandidateSet &added) const {
    if (limits_.storage_budget &&
        bytes(state_.chosen) + bytes(added) > static_cast<double>(*limits_.storage_budget))
        return Verdict::over_budget;
    for (const std::size_t candidate : added) {
        const auto same_table = [&](std::size_t other) {
            return candidates_[other].table == candidates_[candidate].table;
        };
        const auto count = std::count_if(state_.chosen.begin(), state_.chosen.end(), same_table) +
                           std::count_if(added.begin(), added.end(), same_table);
        if (static_cast<std::size_t>(count) > limits_.max_indexes_per_table)
            return Verdict::table_limit;
    }
    return std::nullopt;
}

void Search::take(const Move &move) {
    CandidateSet added = missing(move.members, state_.chosen);
    state_.chosen = set_with(state_.chosen, added);
    refresh_current(added);
    std::sort(added.begin(), added.end(),
              [&](std::size_t left, std::size_t right) { return rank_[left] < rank_[right]; });
    for (const std::size_t candidate : added) {
        state_.sequence.push_back(candidate);
        judge(candidate, Verdict::chosen, move.gain, "chosen");
    }
}

} // namespace advisor::core
