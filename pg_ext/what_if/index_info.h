// A hypothetical index as the planner knows indexes. A plain frame.
#pragma once
#include "pg_ext/what_if/hypothetical_index.h"

namespace advisor::pg {

// For use in get_relation_info_hook.
IndexOptInfo *to_index_info(const HypotheticalIndex *index, RelOptInfo *rel, Relation relation);

} // namespace advisor::pg
