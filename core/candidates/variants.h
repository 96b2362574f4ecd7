// The indexes that could serve one table access.
#pragma once
#include "core/candidates/access_keys.h"

#include <optional>
#include <string>
#include <vector>

namespace advisor::core {

// A candidate while it is being made.
struct Draft {
    IndexDefinition definition;
    Purpose purpose = Purpose::filter;
    std::size_t equality_keys = 0;       // so many leading keys may change places
    std::vector<std::string> conditions; // parts of the predicate
};

std::vector<Draft> access_variants(const AccessKeys &keys, const Table &table,
                                   const CandidateOptions &options);

// The columns that must be included to answer from the index alone: nullopt when too many or too wide.
std::optional<std::vector<std::string>> included_columns(const std::vector<std::string> &wanted,
                                                         const std::vector<IndexKey> &keys,
                                                         const Table &table, const CandidateOptions &options);

} // namespace advisor::core
