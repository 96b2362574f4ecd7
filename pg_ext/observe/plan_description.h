// What EXPLAIN would say of a plan besides numbers, in a compact form: for each node, in the order of
// plan_tree.h, lines of a letter and a value, ended by an empty line.
//
//   s, r  schema and name of the relation     a  its alias, where it differs
//   o     name of a function, CTE or provider  i  index
//   h     heading of a subplan                 d  a detail: "Filter: (id = 1)"
//
// Names are quoted as SQL needs it; "\" and line ends within a value are escaped by "\". A plan too long
// loses details at its end.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg::observe {

constexpr std::size_t most_description_bytes = 8 * 1024;

// Before ExecutorEnd, or of a plan that no executor has started (an empty estate): subplans have no parent
// then. In the current memory context; an empty line for plans with too many nodes. May raise.
StringInfo describe_plan(QueryDesc *query);

} // namespace advisor::pg::observe
