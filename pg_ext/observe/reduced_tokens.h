// The folded tokens of a statement with its lists cut to their first element: what is behind IN ( and in
// ARRAY[…], and the rows of VALUES. Of how many elements a list consists makes no other statement.
//
// A list is cut when all its elements look the same but for constants and parameters (f(1), f(2)), or when
// each is a constant or parameter with or without casts, or a row of as many of those (1, '2'::int, $3,
// NULL).
#pragma once
#include "pg_ext/observe/folded_tokens.h"

namespace advisor::pg::observe {

class ReducedTokens {
public:
    explicit ReducedTokens(TextCut cut) : tokens_(cut) {}

    // What is left out of a list comes as one token left_out.
    bool next(Token &token);

    // The last token when it was a short word, packed; else 0.
    std::uint64_t last_word() const { return tokens_.last_word(); }
    void skip_space() { tokens_.skip_space(); }

    // Takes a token off that has been looked at elsewhere.
    const TextCut &rest() const { return tokens_.rest(); }
    void skip_to(const char *at) { tokens_.skip_to(at); }

    // Whether some of what was left out are parameters.
    bool left_out_parameters() const { return left_out_parameters_; }

private:
    struct Cut {
        const char *from;
        const char *to;
    };
    static constexpr int most_cuts = 8; // lists within first elements

    void see_bracket(const Token &token, std::uint64_t word_before);

    FoldedTokens tokens_;
    Cut cuts_[most_cuts]; // the innermost list last
    int cut_count_ = 0;
    bool in_array_ = false; // the last token opened a list of ARRAY[
    bool left_out_parameters_ = false;
};

} // namespace advisor::pg::observe
