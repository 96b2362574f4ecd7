// Text of statements that the server keeps only as trees: bodies of SQL functions written BEGIN ATOMIC … END.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg::observe {

// True when the text is not that of the query.
bool lacks_text(const Query *query, const char *text);

// Before planning, which changes the tree: the query as SQL when this backend meets it for the second time,
// else null. Never raises but for a cancel.
const char *deparse_on_second_sight(const Query *query);

} // namespace advisor::pg::observe
