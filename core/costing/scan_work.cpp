// The pages and rows of scans through an index.
#include "core/costing/scan_work.h"

#include <algorithm>
#include <cmath>

namespace advisor::core {

namespace {

constexpr double operators_per_descent = 100; // two levels of 50, as the planner prices a page
constexpr double usual_entries_per_page = 250;

double pages_met(double rows, double pages) {
    if (pages <= 1)
        return rows > 0 ? 1 : 0;
    return std::min(2 * pages * rows / (2 * pages + rows), pages);
}

double heap_work(const PlanNode &node, double loops, double fetched, const CostUnits &units) {
    const ScanFacts &scan = node.scan;
    const double pages = std::max(scan.table_pages, 1.0);
    const double table_rows = std::max(scan.table_rows, 1.0);
    const double random = pages_met(fetched * loops, pages) * units.random_page;
    const double successive = std::ceil(fetched / table_rows * pages);
    double ordered = 0;
    if (loops > 1)
        ordered = pages_met(successive * loops, pages) * units.random_page;
    else if (successive > 0)
        ordered = units.random_page + (successive - 1) * units.seq_page;
    const double share = scan.correlation * scan.correlation;
    const double work = random + share * (std::min(ordered, random) - random);
    return node.kind == PlanNodeKind::index_only_scan ? work * (1 - scan.all_visible) : work;
}

double bitmap_work(const PlanNode &node, double loops, double fetched, const CostUnits &units) {
    const double pages = std::max(node.scan.table_pages, 1.0);
    const double met = pages_met(fetched * loops, pages);
    const double share = std::sqrt(std::min(met / loops / pages, 1.0));
    return met * (units.random_page - (units.random_page - units.seq_page) * share);
}

double index_work(const PlanNode &node, double loops, double fetched, const CostUnits &units) {
    const ScanFacts &scan = node.scan;
    const double share = scan.index_pages > 0 && scan.table_rows > 0 ? scan.index_pages / scan.table_rows
                                                                     : 1 / usual_entries_per_page;
    const double leaves = std::max(1.0, std::ceil(fetched * share));
    if (loops <= 1 || scan.index_pages <= 0)
        return loops * leaves * units.random_page;
    return pages_met(leaves * loops, scan.index_pages) * units.random_page;
}

} // namespace

double scan_work(const PlanNode &node, double loops, double fetched, const CostUnits &units) {
    if (loops <= 0)
        return 0;
    const double heap = node.kind == PlanNodeKind::bitmap_heap_scan ? bitmap_work(node, loops, fetched, units)
                                                                    : heap_work(node, loops, fetched, units);
    const double row = units.cpu_tuple + units.cpu_index_tuple + 2 * units.cpu_operator;
    return heap + index_work(node, loops, fetched, units) +
           loops * (operators_per_descent * units.cpu_operator + fetched * row);
}

} // namespace advisor::core
