// post_parse_analyze_hook: the only place where the text, the relations that it names and the server's query
// id come together. Statements of functions also name variables and arguments, which nobody can resolve
// later: a text with $n in their places is noted while the tree still says which word is which variable.
#include "pg_ext/observe/hooks.h"
#include "pg_ext/observe/identity.h"
#include "pg_ext/observe/parse_notes.h"

namespace advisor::pg::observe {
namespace {

post_parse_analyze_hook_type previous = nullptr;

void analyzed(ParseState *state, Query *query, JumbleState *jumble) {
    if (previous)
        previous(state, query, jumble);
    if (!observing() || query->commandType == CMD_UTILITY || !state->p_sourcetext)
        return;
    if (query->queryId != 0 && known_identity(query->queryId) == 0)
        identify(query, state->p_sourcetext);
    if (!state->p_pre_columnref_hook && !state->p_post_columnref_hook)
        return;
    const std::uint64_t key =
        note_key(query->queryId, state->p_sourcetext, query->stmt_location, query->stmt_len);
    if (!find_note(key))
        note_variables(state->p_sourcetext, query, key);
}

} // namespace

void install_post_parse_analyze() {
    previous = post_parse_analyze_hook;
    post_parse_analyze_hook = analyzed;
}

} // namespace advisor::pg::observe
