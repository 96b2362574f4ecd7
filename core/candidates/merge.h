// Relations between index definitions: one makes another unnecessary, two become one.
#pragma once
#include "core/candidates/variants.h"

#include <optional>

namespace advisor::core {

// The existing index does all that the definition would: same method and predicate, the definition's keys are
// its leading keys (in either reading direction), the included columns are all in it.
bool makes_unnecessary(const IndexDefinition &existing, const IndexDefinition &definition);

// One index that serves both, when the keys of the first can stand at the beginning of the second's.
std::optional<Draft> merged(const Draft &first, const Draft &second, const Table &table,
                            const CandidateOptions &options);

} // namespace advisor::core
