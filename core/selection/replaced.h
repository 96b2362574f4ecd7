// Which existing indexes the chosen ones leave without a use.
#pragma once
#include "core/catalog/table.h"
#include "core/selection/select.h"

#include <functional>
#include <span>
#include <vector>

namespace advisor::core {

// Asked of an existing index that holds nothing which a chosen one does not: is no statement on the table
// dearer without it, with the chosen candidates (ascending) there? table, and the index's position there.
using CanGo =
    std::function<bool(std::size_t table, std::size_t index, const std::vector<std::size_t> &chosen)>;

// Fills in ChosenIndex::replaces. Constraints and unique indexes are never asked about.
void note_replaced(std::span<const Candidate> candidates, std::span<const Table> tables, const CanGo &can_go,
                   Selection &selection);

} // namespace advisor::core
