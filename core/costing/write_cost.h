// What an index costs the statements that write its table, in the planner's unit.
#pragma once
#include "core/catalog/table.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace advisor::core {

// One statement's writes to one table, summed over the workload.
struct TableWrite {
    std::size_t table = 0;
    double inserted = 0;               // rows
    double updated = 0;                // rows
    double hot_share = 0;              // of the updated rows that needed no index entry so far, 0–1
    std::vector<std::string> assigned; // quoted columns that the update sets; empty: unknown, taken as all
};

struct WriteCostParameters {
    double seq_page_cost = 1;
    double cpu_operator_cost = 0.0025;
    double cpu_index_tuple_cost = 0.005;
};

// One new entry: the descent as the planner prices it for a search, the entry itself, and its share of a page
// of log (80 bytes were measured). With the default parameters and a million rows 0.44, against a
// measured 2.1 µs.
double entry_cost(double rows, const WriteCostParameters &parameters);

// entry_share: the part of the table's rows that a partial index holds. An update of an indexed column costs
// an entry here, and one in every other index of the table too where it could do without before; each leaves
// a dead one behind that vacuum has to find and take out, which is priced as much again.
double index_write_cost(const IndexDefinition &definition, const Table &table, std::size_t table_position,
                        std::span<const TableWrite> writes, double entry_share,
                        const WriteCostParameters &parameters);

} // namespace advisor::core
