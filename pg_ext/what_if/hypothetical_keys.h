// The columns of an index that does not exist, as the what-if planner hands them to size and statistics.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg {

// Borrowed from the caller. Expressions and predicate are analysed trees over range table entry 1, and safe
// to run: whoever builds this has looked at their functions.
struct HypotheticalKeys {
    std::span<const AttrNumber> columns; // key columns, then INCLUDE columns; 0: the next of `expressions`
    int key_count = 0;
    Oid method = BTREE_AM_OID;
    List *expressions = nullptr;
    List *predicate = nullptr;       // implicitly AND-ed clauses
    std::span<const Oid> opclasses;  // per key column; empty: the values as they are
    std::span<const Oid> collations; // per key column
    bool unique = false;
    bool deduplicate_items = true; // the storage parameter
    int fillfactor = 90;
    int pages_per_range = 128;
};

// Row type of the first columns of the index as the server would make it: storage and compression of the
// table's columns, key types of operator classes. Allocated in the current memory context.
TupleDesc hypothetical_row_type(Relation heap, const HypotheticalKeys &keys, int column_count);

// The type of a key column's values before its operator class. A plain frame.
Oid key_column_type(Relation heap, const HypotheticalKeys &keys, int key);

// Whether a build would merge equal keys into one tuple (nbtree's rules).
bool merges_duplicates(const HypotheticalKeys &keys);

} // namespace advisor::pg
