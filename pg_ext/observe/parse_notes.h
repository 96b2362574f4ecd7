// What only parse analysis knows of a statement in a function: where its text names variables. Kept by this
// backend until the statement is seen for the second time.
#pragma once
#include "pg_ext/observe/statement_text.h"

namespace advisor::pg::observe {

constexpr std::size_t most_noted_parameters = 64;

struct ParseNote {
    std::uint64_t key;
    int parse_mode; // RawParseMode
    bool as_given;  // the text numbers its parameters as the server does
    std::size_t parameters;
    int numbers[most_noted_parameters]; // of the server, for $1, $2 … of the text
    Oid types[most_noted_parameters];
    std::size_t bytes; // of the text, which lies behind

    char *text() { return reinterpret_cast<char *>(this + 1); }
    const char *text() const { return reinterpret_cast<const char *>(this + 1); }
};

// The same at parse analysis and at execution.
std::uint64_t note_key(std::uint64_t source, const char *text, int location, int length);
// For a statement without text: the body of a function that was parsed when it was created.
std::uint64_t textless_key(const PlannedStmt *statement);

const ParseNote *find_note(std::uint64_t key);
// Memory from malloc, of which the notes take possession; replaces an older note when there are many.
void keep_note(ParseNote *note);

// RawParseMode of a text from a function; takes the target off an assignment.
int parse_mode_of(TextCut &text);

// Makes and keeps the note of an analysed statement, if its text can be freed of names (variable_text.cpp).
void note_variables(const char *source, Query *query, std::uint64_t key);

// Keeps a note of a text that holds its parameters as $n already.
void note_text(const char *text, std::uint64_t key);

} // namespace advisor::pg::observe
