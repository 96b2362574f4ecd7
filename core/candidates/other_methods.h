// Indexes beside b-trees that could serve one table access: hash, BRIN, GIN, GiST and SP-GiST.
#pragma once
#include "core/candidates/variants.h"

#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace advisor::core {

// Keys by (table, text) that some statement wants in order: a hash index could not serve it.
using OrderedKeys = std::set<std::pair<std::size_t, std::string>>;
OrderedKeys ordered_keys(std::span<const Statement> statements);

// A method that only other conditions than a b-tree's need is proposed wherever it serves one; hash for wide
// keys that are only compared for equality, BRIN for keys in the order of a large table.
std::vector<Draft> method_variants(const TableAccess &access, const Table &table, const OrderedKeys &ordered,
                                   const CandidateOptions &options);

} // namespace advisor::core
