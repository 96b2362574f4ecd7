// One look back decides, and for signs one look ahead.
#include "pg_ext/observe/folded_tokens.h"

namespace advisor::pg::observe {
namespace {

constexpr std::size_t most_ordinal_digits = 3;

// Words behind which an expression begins, so that a sign there belongs to the number.
constexpr std::string_view before_expression[] = {"select", "where", "and",   "or",     "not",     "on",
                                                  "having", "when",  "then",  "else",   "case",    "like",
                                                  "ilike",  "from",  "limit", "offset", "between", "by",
                                                  "for",    "to",    "all",   "in",     "distinct"};

bool begins_expression(std::uint64_t word) {
    for (const std::string_view known : before_expression)
        if (packed_word(known) == word)
            return true;
    return false;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Characters that make an operator of any length end in a sign.
bool extends_operator(char c) {
    return std::string_view("~!@#%^&|`?").find(c) != std::string_view::npos;
}

} // namespace

bool FoldedTokens::next(Token &token) {
    if (!next_token(rest_, token))
        return false;
    std::uint64_t word = 0;
    switch (token.kind) {
    case TokenKind::space:
    case TokenKind::comment: return true;
    case TokenKind::word:
        word = packed_word(token.at, token.length);
        if (word != 0)
            see_word(token, word);
        break;
    case TokenKind::constant:
        if (is_ordinal(token))
            token.kind = TokenKind::other;
        break;
    case TokenKind::other: see_symbol(token); break;
    case TokenKind::quoted_word:
    case TokenKind::parameter:
    case TokenKind::left_out: break;
    }
    last_ = token;
    last_word_ = word;
    return true;
}

void FoldedTokens::see_word(Token &token, std::uint64_t word) {
    switch (word) {
    case packed_word("by"): ordinals_level_ = level_; break;
    case packed_word("select"):
    case packed_word("values"):
        if (ordinals_level_ == level_) // behind UNION and the like
            ordinals_level_ = -1;
        break;
    case packed_word("null"):
    case packed_word("true"):
    case packed_word("false"):
        if (last_word_ != packed_word("is") && last_word_ != packed_word("not") && !is_symbol(last_, '.'))
            token.kind = TokenKind::constant;
        break;
    default: break;
    }
}

void FoldedTokens::see_symbol(Token &token) {
    switch (*token.at) {
    case '(':
    case '[': ++level_; break;
    case ')':
    case ']':
        if (--level_ < ordinals_level_)
            ordinals_level_ = -1;
        break;
    case '-':
    case '+': fold_sign(token); break;
    default: break;
    }
}

void FoldedTokens::fold_sign(Token &token) {
    TextCut ahead = rest_;
    Token number;
    if (!next_significant(ahead, number) || number.kind != TokenKind::constant ||
        !(is_digit(*number.at) || *number.at == '.'))
        return;
    const bool touches = last_.at + last_.length == token.at;
    if (ends_operand() || (touches && last_.kind == TokenKind::other && extends_operator(*last_.at)))
        return;
    token.kind = TokenKind::constant;
    token.length = static_cast<std::size_t>(number.at + number.length - token.at);
    rest_ = ahead;
}

bool FoldedTokens::ends_operand() const {
    switch (last_.kind) {
    case TokenKind::constant:
    case TokenKind::parameter:
    case TokenKind::quoted_word: return true;
    case TokenKind::word: return !begins_expression(last_word_);
    case TokenKind::other: return is_symbol(last_, ')') || is_symbol(last_, ']');
    case TokenKind::space:
    case TokenKind::comment:
    case TokenKind::left_out: break;
    }
    return false;
}

bool FoldedTokens::is_ordinal(const Token &token) const {
    if (ordinals_level_ != level_ || token.length > most_ordinal_digits ||
        !(last_word_ == packed_word("by") || is_symbol(last_, ',')))
        return false;
    for (std::size_t i = 0; i < token.length; ++i)
        if (!is_digit(token.at[i]))
            return false;
    return true;
}

} // namespace advisor::pg::observe
