#include "sqlite_ext/text/tokens.h"

#include <algorithm>

namespace advisor::sqlite {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '$' ||
           static_cast<unsigned char>(c) >= 0x80;
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// End of a quoted run that starts at `start`; a doubled quote stays inside.
std::size_t end_of_quoted(std::string_view sql, std::size_t start, char quote) {
    for (std::size_t i = start + 1; i < sql.size(); ++i) {
        if (sql[i] != quote)
            continue;
        if (quote != ']' && i + 1 < sql.size() && sql[i + 1] == quote)
            ++i;
        else
            return i + 1;
    }
    return sql.size();
}

std::size_t end_of_number(std::string_view sql, std::size_t i) {
    if (sql[i] == '0' && i + 1 < sql.size() && lower(sql[i + 1]) == 'x')
        i += 2;
    while (i < sql.size() && (is_name_char(sql[i]) || sql[i] == '.')) {
        const bool exponent = lower(sql[i]) == 'e' && i + 2 < sql.size() &&
                              (sql[i + 1] == '+' || sql[i + 1] == '-') && is_digit(sql[i + 2]);
        i += exponent ? 2 : 1;
    }
    return i;
}

std::size_t end_of_comment(std::string_view sql, std::size_t i) {
    if (sql[i] == '-') {
        const auto end = sql.find('\n', i);
        return end == std::string_view::npos ? sql.size() : end + 1;
    }
    const auto end = sql.find("*/", i + 2);
    return end == std::string_view::npos ? sql.size() : end + 2;
}

bool starts(std::string_view sql, std::size_t i, std::string_view prefix) {
    return sql.substr(i, prefix.size()) == prefix;
}

std::size_t symbol_length(std::string_view sql, std::size_t i) {
    if (starts(sql, i, "->>"))
        return 3;
    for (const std::string_view two : {"->", "||", "<=", ">=", "<>", "!=", "==", "<<", ">>"})
        if (starts(sql, i, two))
            return 2;
    return 1;
}

Token token_at(std::string_view sql, std::size_t i) {
    const char c = sql[i];
    const auto cut = [&](TokenKind kind, std::size_t end) { return Token{kind, sql.substr(i, end - i)}; };
    if (c == '\'')
        return cut(TokenKind::string, end_of_quoted(sql, i, '\''));
    if (c == '"' || c == '`')
        return cut(TokenKind::quoted_name, end_of_quoted(sql, i, c));
    if (c == '[')
        return cut(TokenKind::quoted_name, end_of_quoted(sql, i, ']'));
    if (lower(c) == 'x' && i + 1 < sql.size() && sql[i + 1] == '\'')
        return cut(TokenKind::blob, end_of_quoted(sql, i + 1, '\''));
    if (is_digit(c) || (c == '.' && i + 1 < sql.size() && is_digit(sql[i + 1])))
        return cut(TokenKind::number, end_of_number(sql, i));
    if (c == '?' || c == ':' || c == '@' || c == '$' || c == '#') {
        std::size_t end = i + 1;
        while (end < sql.size() && is_name_char(sql[end]))
            ++end;
        return cut(c == '?' || end > i + 1 ? TokenKind::variable : TokenKind::symbol, end);
    }
    if (is_name_char(c)) {
        std::size_t end = i + 1;
        while (end < sql.size() && is_name_char(sql[end]))
            ++end;
        return cut(TokenKind::word, end);
    }
    return cut(TokenKind::symbol, i + symbol_length(sql, i));
}

} // namespace

bool Token::is(std::string_view lower_case_word) const {
    return kind != TokenKind::string && kind != TokenKind::quoted_name &&
           equal_ignoring_case(text, lower_case_word);
}

bool is_any(const Token &token, std::initializer_list<std::string_view> lower_case_words) {
    return std::any_of(lower_case_words.begin(), lower_case_words.end(),
                       [&](std::string_view word) { return token.is(word); });
}

std::vector<Token> tokenize(std::string_view sql) {
    std::vector<Token> tokens;
    std::size_t i = 0;
    while (i < sql.size() && sql[i] != '\0') {
        if (is_space(sql[i])) {
            ++i;
        } else if (starts(sql, i, "--") || starts(sql, i, "/*")) {
            i = end_of_comment(sql, i);
        } else {
            tokens.push_back(token_at(sql, i));
            i += tokens.back().text.size();
        }
    }
    return tokens;
}

std::string unquoted(std::string_view name) {
    if (name.size() < 2 || (name[0] != '"' && name[0] != '`' && name[0] != '[' && name[0] != '\''))
        return std::string(name);
    const char quote = name[0] == '[' ? ']' : name[0];
    std::string result;
    for (std::size_t i = 1; i + 1 < name.size(); ++i) {
        result += name[i];
        if (name[i] == quote)
            ++i;
    }
    return result;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

std::size_t closing_bracket(const std::vector<Token> &tokens, std::size_t open) {
    std::size_t depth = 0;
    for (std::size_t i = open; i < tokens.size(); ++i) {
        if (tokens[i].is("("))
            ++depth;
        else if (tokens[i].is(")") && --depth == 0)
            return i;
    }
    return tokens.size();
}

} // namespace advisor::sqlite
