// An index that does not exist: parsed from CREATE INDEX, resolved against the catalog, with the size that a
// build would give it. All functions are plain frames: call them inside pg_call.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg {

// Plain data in one memory context. Trees have varno 1.
struct HypotheticalIndex {
    Oid oid;      // of no real relation
    Oid relation; // table or leaf partition
    int position; // in the caller's list of definitions; partitions of one definition share it
    char name[NAMEDATALEN];
    Oid method; // one of the core's
    bool unique;
    bool nulls_not_distinct;
    int ncolumns; // key and INCLUDE columns
    int nkeycolumns;
    AttrNumber attributes[INDEX_MAX_KEYS]; // 0: the next expression
    Oid collations[INDEX_MAX_KEYS];
    Oid opclasses[INDEX_MAX_KEYS];
    Oid opfamilies[INDEX_MAX_KEYS];
    Oid opcintypes[INDEX_MAX_KEYS];
    bool descending[INDEX_MAX_KEYS];
    bool nulls_first[INDEX_MAX_KEYS];
    bool can_return[INDEX_MAX_KEYS]; // by column: an index-only scan has it
    List *expressions;
    List *predicate; // implicit AND
    int fillfactor;
    bool deduplicate_items; // storage parameters
    int pages_per_range;
    char *definition; // canonical CREATE INDEX without a name

    double tuples;
    BlockNumber pages;
    BlockNumber pages_low, pages_high; // between them in nine of ten cases
    int height;                        // IndexOptInfo.tree_height; -1: left to the method
    double map_pages;                  // BRIN
    double entries, entry_pages, data_pages, entries_per_row; // GIN
    HeapTuple expression_statistics[INDEX_MAX_KEYS];          // by key column; null: none
};

// One entry per index that the statement would create: one for a table, one per leaf for a partitioned table.
// Raises 42601 for text that is not one CREATE INDEX, 0A000 for what what-if can't plan, and what the server
// itself would raise for unknown columns, operator classes and so on. Sizes are not filled in.
List *define_hypothetical_indexes(const char *create_index, int position, MemoryContext memory);

// The one index that the statement would create on this relation, with what it has in common with those of
// partitions: for comparisons with existing indexes, not for planning.
HypotheticalIndex *define_index_on(Oid relation, const char *create_index);

// The relation that the statement names, locked.
Oid relation_to_index(const char *create_index);

} // namespace advisor::pg
