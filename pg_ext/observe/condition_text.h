// Conditions and keys of plan nodes as SQL, as EXPLAIN writes them.
#pragma once
#include "pg_ext/observe/plan_scope.h"

namespace advisor::pg::observe {

struct ConditionWriter {
    const PlanTree *tree;
    const char **names;        // of the range table's entries, from 0; null: not in the plan
    const char **quoted_names; // the same, filled as they are needed
    bool several_relations;    // are in the plan: columns need their names
    bool shows_constants;      // else $n stands in their place
    int next_parameter;        // for the next constant that is hidden
    StringInfo text;           // what was written
    Oid operation;             // the latest, with its name
    const char *operation_name;
    List *server_context; // of the server's own deparser, made when it is first needed
};

struct WriteOptions {
    bool prefix;         // columns are preceded by their relation's name
    bool implicit_casts; // are shown as well
};

// The name of a relation in the plan as SQL.
const char *quoted_relation(ConditionWriter &writer, Index relation);

// Appends an expression of the node at this position. May raise.
void write_expression(ConditionWriter &writer, std::uint32_t node, const Node *expression,
                      WriteOptions options);

} // namespace advisor::pg::observe
