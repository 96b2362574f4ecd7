// Enough of SQL's lexical rules to tell constants, words and comments apart. No allocation, never fails: what
// is not closed reaches to the end of the text.
#pragma once
#include "pg_ext/observe/statement_text.h"

namespace advisor::pg::observe {

// left_out: a part of the text that reduced_tokens.h passes over.
enum class TokenKind { space, comment, constant, word, quoted_word, parameter, other, left_out };

struct Token {
    TokenKind kind;
    const char *at;
    std::size_t length;
};

// False at the end of the text; else takes the next token off its front.
bool next_token(TextCut &text, Token &token);

// The same, past white space and comments.
bool next_significant(TextCut &text, Token &token);

bool is_word(const Token &token, std::string_view word); // unquoted, in any case
bool is_symbol(const Token &token, char symbol);

} // namespace advisor::pg::observe
