// A hand-written scanner: constants are quoted strings of all kinds, dollar quotes and numbers.
#include "pg_ext/observe/lexer.h"

#include <array>

namespace advisor::pg::observe {
namespace {

// What a byte may be; a table, since every byte of a new statement is looked at.
enum Class : std::uint8_t { space = 1, digit = 2, word_start = 4, word_part = 8 };

constexpr std::array<std::uint8_t, 256> classes = [] {
    std::array<std::uint8_t, 256> of{};
    for (int c = 0; c < 256; ++c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
        const bool number = c >= '0' && c <= '9';
        const bool white = c == ' ' || (c >= '\t' && c <= '\r');
        of[static_cast<std::size_t>(c)] =
            static_cast<std::uint8_t>((white ? space : 0) | (number ? digit : 0) | (letter ? word_start : 0) |
                                      (letter || number || c == '$' ? word_part : 0));
    }
    return of;
}();

bool is_any(char c, int wanted) {
    return classes[static_cast<unsigned char>(c)] & wanted;
}
bool is_space(char c) {
    return is_any(c, space);
}
bool is_digit(char c) {
    return is_any(c, digit);
}
bool starts_word(char c) {
    return is_any(c, word_start);
}
bool in_word(char c) {
    return is_any(c, word_part);
}

class Scanner {
public:
    explicit Scanner(TextCut cut) : at_(cut.at), end_(cut.at + cut.length) {}

    Token scan() {
        const char *start = at_;
        const TokenKind kind = scan_kind();
        return {kind, start, static_cast<std::size_t>(at_ - start)};
    }

private:
    char peek(std::size_t ahead = 0) const {
        return static_cast<std::size_t>(end_ - at_) > ahead ? at_[ahead] : '\0';
    }
    bool more() const { return at_ < end_; }

    TokenKind scan_kind() {
        const char c = peek();
        if (starts_word(c))
            return word();
        if (is_space(c)) {
            while (more() && is_space(*at_))
                ++at_;
            return TokenKind::space;
        }
        if (c == '-' && peek(1) == '-') {
            while (more() && *at_ != '\n')
                ++at_;
            return TokenKind::comment;
        }
        if (c == '/' && peek(1) == '*')
            return block_comment();
        if (c == '\'')
            return quoted('\'', false, TokenKind::constant);
        if (c == '"')
            return quoted('"', false, TokenKind::quoted_word);
        if (c == '$')
            return dollar();
        if (is_digit(c) || (c == '.' && is_digit(peek(1))))
            return number();
        ++at_;
        return TokenKind::other;
    }

    TokenKind block_comment() {
        int level = 0;
        do {
            if (peek() == '/' && peek(1) == '*') {
                ++level;
                at_ += 2;
            } else if (peek() == '*' && peek(1) == '/') {
                --level;
                at_ += 2;
            } else {
                ++at_;
            }
        } while (level > 0 && more());
        return TokenKind::comment;
    }

    TokenKind quoted(char quote, bool escapes, TokenKind kind) {
        for (++at_; more(); ++at_) {
            if (escapes && *at_ == '\\' && at_ + 1 < end_)
                ++at_;
            else if (*at_ == quote && peek(1) == quote)
                ++at_;
            else if (*at_ == quote) {
                ++at_;
                break;
            }
        }
        return kind;
    }

    // $1, $$…$$, $tag$…$tag$ or a lone dollar sign.
    TokenKind dollar() {
        if (is_digit(peek(1))) {
            for (++at_; more() && is_digit(*at_);)
                ++at_;
            return TokenKind::parameter;
        }
        const char *tag_end = at_ + 1;
        while (tag_end < end_ && *tag_end != '$' && (starts_word(*tag_end) || is_digit(*tag_end)))
            ++tag_end;
        if (tag_end == end_ || *tag_end != '$') {
            ++at_;
            return TokenKind::other;
        }
        const std::string_view tag(at_, static_cast<std::size_t>(tag_end + 1 - at_));
        const std::string_view rest(tag_end + 1, static_cast<std::size_t>(end_ - tag_end - 1));
        const std::size_t close = rest.find(tag);
        at_ = close == std::string_view::npos ? end_ : rest.data() + close + tag.size();
        return TokenKind::constant;
    }

    TokenKind number() {
        while (more() && (is_digit(*at_) || *at_ == '.' || in_word(*at_))) {
            const bool exponent = (*at_ == 'e' || *at_ == 'E') && (peek(1) == '-' || peek(1) == '+');
            if (*at_ == '.' && peek(1) == '.')
                break;
            at_ += exponent ? 2 : 1;
        }
        return TokenKind::constant;
    }

    TokenKind word() {
        const char *start = at_;
        while (more() && in_word(*at_))
            ++at_;
        const std::size_t length = static_cast<std::size_t>(at_ - start);
        const char first = static_cast<char>(*start | 0x20);
        if (length == 1 && peek() == '\'' && (first == 'e' || first == 'b' || first == 'x' || first == 'n'))
            return quoted('\'', first == 'e', TokenKind::constant);
        if (length == 1 && first == 'u' && peek() == '&' && (peek(1) == '\'' || peek(1) == '"')) {
            ++at_;
            return quoted(peek(), false, peek() == '\'' ? TokenKind::constant : TokenKind::quoted_word);
        }
        return TokenKind::word;
    }

    const char *at_;
    const char *end_;
};

} // namespace

bool next_token(TextCut &text, Token &token) {
    if (text.length == 0)
        return false;
    token = Scanner(text).scan();
    text.at += token.length;
    text.length -= token.length;
    return true;
}

bool next_significant(TextCut &text, Token &token) {
    while (next_token(text, token))
        if (token.kind != TokenKind::space && token.kind != TokenKind::comment)
            return true;
    return false;
}

bool is_word(const Token &token, std::string_view word) {
    return token.kind == TokenKind::word && token.length == word.size() &&
           pg_strncasecmp(token.at, word.data(), word.size()) == 0;
}

bool is_symbol(const Token &token, char symbol) {
    return token.kind == TokenKind::other && token.length == 1 && *token.at == symbol;
}

} // namespace advisor::pg::observe
