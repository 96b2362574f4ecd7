// Where in a plan an expression stands, and what its variables and parameters stand for there.
#pragma once
#include "pg_ext/observe/plan_tree.h"

namespace advisor::pg::observe {

struct Scope {
    std::uint32_t node;       // position
    const Bitmapset *parents; // partitioned tables whose Append was passed on the way down
};

// For a variable that stands for an output column of a child, and for a parameter that a node above gives:
// that expression and its scope. Null: it stands for itself. Found is false when the referent is missing.
const Node *referent(const PlanTree &tree, const Scope &scope, const Node *expression, Scope &there,
                     bool &found);

// The list of a node's ancestors as the server's deparser wants it.
List *ancestors_of(const PlanTree &tree, std::uint32_t node);

} // namespace advisor::pg::observe
