// The text of one statement: cut out of what the client sent, fingerprinted, and freed of its constants.
#pragma once
#include "pg_ext/pg.h"

#include <cstdint>

namespace advisor::pg::observe {

struct Activity;
struct MentionedRelations;

struct TextCut {
    const char *at;
    std::size_t length;
};

// Location and length as the parser notes them (-1 and 0: unknown, all). White space around is left out.
TextCut cut_statement(const char *source, int location, int length);

// Without white space and semicolons around.
TextCut trimmed(TextCut text);

// The same for texts that differ in constants (folded_tokens.h), the length of lists of them
// (reduced_tokens.h), white space, comments and the case of words only. It lasts: nothing of the server's
// goes in. In front of these relations the schema does not count.
std::uint64_t text_fingerprint(TextCut text, const MentionedRelations *unqualified = nullptr);
// Of a statement without a plan: the body of DO or of a function counts.
std::uint64_t utility_fingerprint(TextCut text);

// Writes the text with $n in the place of each constant; numbering goes on after the parameters that are
// there. Returns the bytes written, at most the capacity.
std::size_t without_constants(TextCut text, char *target, std::size_t capacity);

// Writes the text as the fingerprint sees it: $n also for NULL, TRUE and FALSE, and a comment for what is
// left out of a list. What it writes can be parsed where the statement could with parameters.
std::size_t reduced_text(TextCut text, char *target, std::size_t capacity);

// Hands the display text of an activity to the store, clipped, with constants as the settings allow.
void give_display_text(const Activity &activity);

} // namespace advisor::pg::observe
