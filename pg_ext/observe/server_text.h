// Expressions by the server's own deparser, which knows all kinds, at a hundred times the cost.
#pragma once
#include "pg_ext/observe/condition_text.h"

namespace advisor::pg::observe {

// Appends "…" instead where an output function that is not the server's would be called. May raise.
void write_by_server(ConditionWriter &writer, std::uint32_t node, const Node *expression,
                     WriteOptions options);

} // namespace advisor::pg::observe
