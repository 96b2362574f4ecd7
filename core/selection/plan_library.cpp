// Plans by statement, cheapest first, so that the first that fits is the best known.
#include "core/selection/plan_library.h"

#include "core/costing/cost_model.h"

#include <algorithm>
#include <limits>

namespace advisor::core {

namespace {

void insert(std::vector<KnownPlan> &plans, const KnownPlan &plan) {
    const auto dearer = [](const KnownPlan &left, const KnownPlan &right) { return left.cost < right.cost; };
    plans.insert(std::upper_bound(plans.begin(), plans.end(), plan, dearer), plan);
}

} // namespace

std::vector<std::size_t> at_positions(const std::vector<std::size_t> &list, const IndexBits &positions) {
    std::vector<std::size_t> items;
    for (std::size_t i = 0; i < list.size(); ++i)
        if (positions.test(i))
            items.push_back(list[i]);
    return items;
}

void PlanLibrary::learn(std::size_t statement, const KnownPlan &plan) {
    Knowledge &known = statements_[statement];
    if (const KnownPlan *best = cheapest(known, plan.there))
        known.erratic = known.erratic || is_dearer(plan.cost, best->cost);
    insert(known.plans, plan);
    const auto betters = [](const KnownPlan &one, const KnownPlan &other) {
        return one.cost <= other.cost && one.used.within(other.used);
    };
    if (std::any_of(known.useful.begin(), known.useful.end(),
                    [&](const KnownPlan &present) { return betters(present, plan); }))
        return;
    std::erase_if(known.useful, [&](const KnownPlan &present) { return betters(plan, present); });
    insert(known.useful, plan);
}

void PlanLibrary::learn_error(std::size_t statement, std::size_t position, double factor) {
    std::vector<Error> &errors = statements_[statement].errors;
    for (Error &error : errors)
        if (error.position == position) {
            error.factor = std::max(error.factor, factor);
            return;
        }
    errors.push_back({position, factor});
}

double PlanLibrary::estimate(std::size_t statement, const IndexBits &there) const {
    const Knowledge &known = statements_[statement];
    if (known.erratic)
        if (const KnownPlan *exact = answer(known, there))
            return exact->cost;
    double least = std::numeric_limits<double>::infinity();
    for (const KnownPlan &plan : known.useful) {
        if (plan.cost >= least)
            break;
        if (!plan.used.within(there))
            continue;
        double cost = plan.cost;
        for (const Error &error : known.errors)
            if (there.test(error.position) && !plan.used.test(error.position))
                cost *= error.factor;
        least = std::min(least, cost);
    }
    return least;
}

// The planner's own word: it chose among more, and took only what is there.
const KnownPlan *PlanLibrary::answer(const Knowledge &known, const IndexBits &there) {
    const auto found = std::find_if(known.plans.begin(), known.plans.end(), [&](const KnownPlan &plan) {
        return plan.used.within(there) && there.within(plan.there);
    });
    return found == known.plans.end() ? nullptr : &*found;
}

const KnownPlan *PlanLibrary::cheapest(const Knowledge &known, const IndexBits &there) {
    const auto found = std::find_if(known.useful.begin(), known.useful.end(),
                                    [&](const KnownPlan &plan) { return plan.used.within(there); });
    return found == known.useful.end() ? nullptr : &*found;
}

} // namespace advisor::core
