// The tokens of a statement with everything that is a constant to the reader as one: a number with its sign,
// and the words NULL, TRUE and FALSE. A number that names an output column (ORDER BY 2) is no constant.
#pragma once
#include "pg_ext/observe/token_hash.h"

namespace advisor::pg::observe {

class FoldedTokens {
public:
    explicit FoldedTokens(TextCut cut) : rest_(cut) {}

    // False at the end of the text.
    bool next(Token &token);

    // For who has no use for it.
    void skip_space() {
        while (rest_.length > 0 && (*rest_.at == ' ' || (*rest_.at >= '\t' && *rest_.at <= '\r'))) {
            ++rest_.at;
            --rest_.length;
        }
    }

    const TextCut &rest() const { return rest_; }
    void skip_to(const char *at) {
        rest_.length -= static_cast<std::size_t>(at - rest_.at);
        rest_.at = at;
    }
    // The last significant token when it was a word, packed; else 0.
    std::uint64_t last_word() const { return last_word_; }

private:
    void see_word(Token &token, std::uint64_t word);
    void see_symbol(Token &token);
    void fold_sign(Token &token);
    bool is_ordinal(const Token &token) const;
    bool ends_operand() const;

    TextCut rest_;
    Token last_{TokenKind::other, "", 0}; // significant
    std::uint64_t last_word_ = 0;
    int level_ = 0;           // of brackets
    int ordinals_level_ = -1; // of the list behind BY; -1: in none
};

} // namespace advisor::pg::observe
