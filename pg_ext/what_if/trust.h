// Planning runs user code: constant folding calls functions, estimators call operator functions. This walk
// finds the code that a statement would run and says whether a role may be made to run it.
#pragma once
#include "pg_ext/what_if/analysed_statement.h"

namespace advisor::pg {

// Null, or the name of the first function, operator function or domain in the statement that is neither built
// in nor owned by a superuser nor by the role. Roles with powers of their own (superuser, CREATEROLE,
// REPLICATION, BYPASSRLS) trust only built-in code and superusers. A plain frame.
char *untrusted_code(const AnalysedStatement *statement, Oid role);

// The same for what runs already when the text is analysed. Not for utility statements.
char *untrusted_literals(const char *text, RawParseMode mode, Oid role);

// Whether the role may be made to run these expressions, by the same rule. A plain frame.
bool may_evaluate(List *expressions, Oid role);

// And this function; an invalid one is none. A plain frame.
bool may_run(Oid function, Oid role);

} // namespace advisor::pg
