// What a scan through an index costs, by the number of rows that it fetches and of times that it is run.
#pragma once
#include "core/costing/costed_plan.h"

namespace advisor::core {

// In the planner's unit, over all loops. Follows the shape of the planner's own formulae, so that the ratio
// of two answers scales a cost that the planner gave:
//
//   pages(n, T)  = min(2Tn / (2T + n), T)           n rows at random places of T pages (Mackert and Lohman)
//   heap         = random + c² (ordered − random)   c: correlation; random: pages(n · loops, T) random pages;
//                                                   ordered: a random page and then n·T/rows successive ones
//   bitmap       = pages(n · loops, T), each between a random and a successive page by √(pages/T)
//   index        = max(1, n · index pages / rows) leaf pages for each loop, pages(…) of them for all
//   processor    = loops · descent + n · loops · (tuple + index tuple + two operators)
double scan_work(const PlanNode &node, double loops, double fetched, const CostUnits &units);

} // namespace advisor::core
