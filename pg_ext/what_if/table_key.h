// Expressions over one table as keys that an index could have. Plain frames inside the planner.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg {

// A table of the statement that is being planned.
struct Side {
    PlannerInfo *root;
    RelOptInfo *rel;
    Index position;
    Oid relation;
    List *deparse_context;
};

// The tree as SQL over the table's own columns; they lose their range table position.
char *text_of(const Side &side, Node *tree);

bool belongs_to_table(const Side &side, Node *tree);
bool holds_parameter(Node *node, void *context);

// Is the tree something an index can have as a key? Sets key and expression.
bool index_key(const Side &side, Node *tree, char **key, bool *expression);

// Visits this table's members of each equivalence class that has members on other sides as well: col in col =
// other.col.
using JoinKeyVisitor = void (*)(Node *key, void *context);
void visit_equal_keys(const Side &side, JoinKeyVisitor visit, void *context);

} // namespace advisor::pg
