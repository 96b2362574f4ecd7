// post_parse_analyze_hook: the only place where the text, the relations that it names and the server's query
// id come together. Statements of functions also name variables and arguments, which nobody can resolve
// later: a text with $n in their places is noted while the tree still says which word is which variable.
#include "pg_ext/observe/hooks.h"
#include "pg_ext/observe/identity.h"
#include "pg_ext/observe/parse_notes.h"
#include "pg_ext/observe/source_key.h"

namespace advisor::pg::observe {
namespace {

post_parse_analyze_hook_type previous = nullptr;

void analyzed(ParseState *state, Query *query, JumbleState *jumble) {
    if (previous)
        previous(state, query, jumble);
    if (!observing() || query->commandType == CMD_UTILITY || !state->p_sourcetext)
        return;
    const std::uint64_t source = analysed_key(query);
    if (source != 0) {
        if (!compat::query_ids_tell_relations)
            note_analysed(static_cast<std::uint64_t>(query->queryId), source);
        if (known_identity(source) == 0)
            identify(query, state->p_sourcetext, source);
    }
    if (!state->p_pre_columnref_hook && !state->p_post_columnref_hook)
        return;
    const std::uint64_t key = note_key(source, state->p_sourcetext, query->stmt_location, query->stmt_len);
    if (!find_note(key))
        note_variables(state->p_sourcetext, query, key);
}

} // namespace

void install_post_parse_analyze() {
    previous = post_parse_analyze_hook;
    post_parse_analyze_hook = analyzed;
}

} // namespace advisor::pg::observe
