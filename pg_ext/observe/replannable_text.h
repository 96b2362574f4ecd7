// A text of the statement that can be parsed and planned again outside of its function, string or cursor.
#pragma once
#include "pg_ext/observe/activity.h"
#include "pg_ext/observe/statement_text.h"
#include "pg_ext/store/example_codec.h"

namespace advisor::pg::observe {

enum class Replannable { yes, no, later };

// Fills text, parse mode and parameters. Later: another session, which analyses the statement anew, will know
// it.
Replannable find_replannable_text(const QueryDesc *query, const Activity &activity,
                                  store::ExampleParts &parts);

// The text of a statement with a plan: cut, and found where the server has none.
TextCut display_text(const Activity &activity);

// The statement inside of DECLARE … FOR, EXPLAIN, COPY (…), PREPARE … AS; the text itself when it is one.
TextCut inner_statement(TextCut text);

} // namespace advisor::pg::observe
