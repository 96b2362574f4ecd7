// From text to trees that can be planned many times: parsed, analysed and rewritten once. Plain frames.
#pragma once
#include "pg_ext/pg.h"

namespace advisor::pg {

// Lives in the memory context that was current when it was made.
struct AnalysedStatement {
    const char *source;
    List *queries;   // rewritten Query *, planned one by one
    List *relations; // OIDs of all tables and views in them
    CmdType command;
    Oid *parameter_types; // by number - 1
    int parameter_count;
};

// Parses with the server's own grammar and runs parse analysis past the post_parse_analyze hooks, so that no
// other extension notices. EXPLAIN, DECLARE CURSOR and CREATE TABLE AS stand for the query inside. Types of
// parameters that are not given are inferred. Raises 42601 for anything but one statement, 0A000 for a
// utility statement, and the server's own errors.
AnalysedStatement *analyse_statement(const char *text, RawParseMode mode, const Oid *parameter_types,
                                     int parameter_count);

// A copy in the current memory context, without what the analysis left behind.
AnalysedStatement *copy_statement(const AnalysedStatement *statement);

// The planner checks no privileges: raises 42501 unless the current user may run the statement.
void require_privileges(const AnalysedStatement *statement);

// Locks every relation of the statement without waiting. False: one is busy. For recorded statements, which
// must never make a user wait.
bool lock_without_waiting(const AnalysedStatement *statement);

// The same for the names in a text that is not analysed yet; a name that does not exist is left to the
// analysis.
bool lock_names_without_waiting(const char *text, RawParseMode mode);

// Values as text, in the types of the statement's parameters; null: SQL null. Raises 22023 for a wrong
// number.
ParamListInfo bind_parameters(const AnalysedStatement *statement, const char *const *values, int count);

} // namespace advisor::pg
