// SQL text as tokens, the way SQLite itself cuts it. Views point into the text.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace advisor::sqlite {

enum class TokenKind { word, quoted_name, string, number, blob, variable, symbol };

struct Token {
    TokenKind kind;
    std::string_view text;

    bool is(std::string_view lower_case_word) const; // a word, compared without case
    bool literal() const {
        return kind == TokenKind::string || kind == TokenKind::number || kind == TokenKind::blob;
    }
    bool name() const { return kind == TokenKind::word || kind == TokenKind::quoted_name; }
};

bool is_any(const Token &token, std::initializer_list<std::string_view> lower_case_words);

// Without spaces and comments. Never fails: what SQLite would refuse becomes a symbol.
std::vector<Token> tokenize(std::string_view sql);

std::string unquoted(std::string_view name); // "a""b", [a], `a` and a
bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string lower_case(std::string_view text); // ASCII only, as SQLite folds names

// Position of the token that closes the bracket at `open`; tokens.size() if none does.
std::size_t closing_bracket(const std::vector<Token> &tokens, std::size_t open);

} // namespace advisor::sqlite
