// Compares definitions; what plans say is the engine's to find out.
#include "core/selection/replaced.h"

#include "core/candidates/merge.h"

#include <algorithm>

namespace advisor::core {

void note_replaced(std::span<const Candidate> candidates, std::span<const Table> tables, const CanGo &can_go,
                   Selection &selection) {
    std::vector<std::size_t> chosen;
    for (const ChosenIndex &index : selection.chosen)
        chosen.push_back(index.candidate);
    std::sort(chosen.begin(), chosen.end());
    for (ChosenIndex &index : selection.chosen) {
        const Candidate &candidate = candidates[index.candidate];
        const std::vector<ExistingIndex> &present = tables[candidate.table].indexes;
        for (std::size_t position = 0; position < present.size(); ++position)
            if (!present[position].constraint && !present[position].definition.unique &&
                makes_unnecessary(candidate.definition, present[position].definition) &&
                can_go(candidate.table, position, chosen))
                index.replaces.push_back(position);
    }
}

} // namespace advisor::core
