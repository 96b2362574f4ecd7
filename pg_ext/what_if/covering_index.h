// Is there an index that does what a definition asks for, whatever its name?
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg {

// A valid index whose key begins with the definition's (in the same order or all of it the other way round,
// by the same operator classes and collations), which holds all its columns and all rows that its predicate
// admits. Of a partitioned table: its own, or the first of those that together cover all partitions.
// InvalidOid: there is none. Raises as define_hypothetical_indexes does. Constant parts of expressions are
// folded: call it as the table's owner, inside pg_call.
Oid covering_index(Oid table, const char *create_index);

} // namespace advisor::pg
