// What has to be known of indexes that rules want to drop.
#pragma once
#include "pg_ext/pg.h"

#include <set>
#include <string>
#include <vector>

namespace advisor::pg {

struct FindingRow;

struct DroppedIndex {
    std::size_t finding = 0; // position
    std::string rule;
    Oid index = InvalidOid;
    Oid table = InvalidOid;
    std::vector<Oid> hidden; // itself, and what belongs to it on partitions
    std::set<Oid> tables;    // its own, with what is above and below
    std::string kept;        // identity of the index that takes over; empty: none
    double rows = 0;         // of the table
    double good_plan = 1;    // by the rule's threshold
    std::optional<double> entries_per_day;
    std::vector<std::string> columns;       // quoted; an update of one needs an entry in it
    std::vector<std::string> other_columns; // of all other indexes on the table
};

// Of the findings of these rules, those that are best followed first in front; what cannot be found any more
// is left out.
std::vector<DroppedIndex> read_dropped_indexes(const std::vector<FindingRow> &findings);

// Does the rule say that another index holds all that this one does?
bool finds_repeated(const std::string &rule);
bool finds_drops(const std::string &rule);

} // namespace advisor::pg
