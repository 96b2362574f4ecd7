// What the planner asks of each table while it plans a statement: restrictions after views and subqueries
// were pulled up, join keys from equivalence classes, wanted orders, columns read. Plain data, filled by
// set_rel_pathlist_hook.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg {

enum class CapturedComparison { equality, any_of, range, prefix, constant_only };

struct CapturedPredicate {
    char *key; // quoted column or expression in parentheses; null for constant_only
    bool expression;
    bool join;
    bool pattern_operator_needed; // a prefix that the column's collation can't serve
    CapturedComparison comparison;
    char *constant_text; // the condition when nothing in it varies; null otherwise
    char *literal_text;  // the condition when the only thing that may vary is the literal …
    int literal_offset;  // … that stands here in the source
};

// A condition that an index of another method than the b-tree serves.
struct CapturedMethodUse {
    char *key;
    bool expression;
    Oid method;
    char *opclass; // null: the type's default
};

struct CapturedSortKey {
    char *key;
    bool expression;
    bool descending;
    bool nulls_first;
};

// For people to read; captured only where it is wanted.
struct CapturedCondition {
    char *column; // quoted column, or expression in parentheses
    char *operation;
};

struct CapturedAccess {
    Oid relation;
    char *alias;
    List *predicates;     // CapturedPredicate *
    List *methods;        // CapturedMethodUse *
    List *substring_keys; // char *: searched inside, which no operator class serves
    List *order;          // CapturedSortKey *
    List *group;          // CapturedSortKey *
    List *columns_read;   // char *; NIL: all
    bool limit;
    bool ordered;          // the statement wants the order, not the grouping in it
    List *filters, *joins; // CapturedCondition *
    double rows, tuples;   // estimates after the filters and before; tuples is 0 where it is not known
};

struct AccessCapture {
    MemoryContext memory;
    bool conditions = false; // filters and joins are wanted
    List *accesses = NIL;    // CapturedAccess *
};

// A plain frame inside the planner.
void capture_access(AccessCapture *capture, PlannerInfo *root, RelOptInfo *rel, Index position,
                    RangeTblEntry *entry);

} // namespace advisor::pg
