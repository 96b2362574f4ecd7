// One table access sorted by what an index can do with it: the step before any candidate exists.
#pragma once
#include "core/candidates/generate.h"

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace advisor::core {

struct KeyUse {
    IndexKey key;
    bool join = false;
    bool any_of = false;
    bool sargable = true;
    std::string constant_text;
    double distinct = 0; // values of the column; 0: unknown
    double demand = 0;   // calls of all statements that compare this key with =
};

struct AccessKeys {
    std::vector<KeyUse> equal;         // one per key; most selective first, any_of after equality
    std::vector<KeyUse> ranges;        // a prefix condition stands here once per operator class
    std::vector<IndexKey> order;       // without keys that an equality binds; canonical direction
    std::vector<IndexKey> group;       // as order, all ascending, keys in demand first
    std::vector<std::string> covering; // columns_read, ascending
    std::vector<KeyUse> conditions;    // every predicate with a constant text
    bool limit = false;
};

// Calls by (table, key) over all equality conditions: what makes statements share prefixes.
using Demand = std::map<std::pair<std::size_t, std::string>, double>;
Demand equality_demand(std::span<const Statement> statements);

AccessKeys access_keys(const TableAccess &access, const Table &table, const Demand &demand,
                       const CandidateOptions &options);

} // namespace advisor::core
