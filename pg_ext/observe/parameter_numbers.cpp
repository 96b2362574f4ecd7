// Sets of bits with a running count.
#include "pg_ext/observe/parameter_numbers.h"

#include "pg_ext/observe/reduced_tokens.h"

#include <bit>

namespace advisor::pg::observe {
namespace {

constexpr std::size_t word_bits = 64;
constexpr std::size_t words = 65536 / word_bits; // the protocol knows no more parameters

std::uint64_t gone[words]; // left out, and named nowhere else
std::uint64_t kept[words];
std::uint32_t gone_before[words];
std::size_t highest;

void add(std::uint64_t (&set)[words], std::size_t number) {
    if (number / word_bits >= words)
        return;
    set[number / word_bits] |= std::uint64_t{1} << number % word_bits;
    highest = number > highest ? number : highest;
}

void add_all(std::uint64_t (&set)[words], TextCut text) {
    for (Token token; next_token(text, token);)
        if (token.kind == TokenKind::parameter)
            add(set, written_number(token));
}

std::size_t renumbered(std::size_t number) {
    const std::size_t word = number / word_bits;
    if (word >= words)
        return number;
    const std::uint64_t below = gone[word] & ((std::uint64_t{1} << number % word_bits) - 1);
    return number - gone_before[word] - static_cast<std::size_t>(std::popcount(below));
}

} // namespace

ParameterNumbers::ParameterNumbers(TextCut cut) {
    for (std::size_t i = 0; i <= highest / word_bits; ++i)
        gone[i] = kept[i] = 0;
    highest = 0;
    ReducedTokens tokens(cut);
    for (Token token; tokens.next(token);) {
        if (token.kind == TokenKind::parameter)
            add(kept, written_number(token));
        else if (token.kind == TokenKind::left_out)
            add_all(gone, {token.at, token.length});
    }
    std::uint32_t count = 0;
    for (std::size_t i = 0; i <= highest / word_bits; ++i) {
        gone[i] &= ~kept[i];
        gone_before[i] = count;
        count += static_cast<std::uint32_t>(std::popcount(gone[i]));
    }
}

std::size_t ParameterNumbers::number_of(const Token &parameter) const {
    return renumbered(written_number(parameter));
}

std::size_t ParameterNumbers::count() const {
    for (std::size_t i = highest / word_bits + 1; i-- > 0;)
        if (kept[i] != 0)
            return renumbered(i * word_bits + word_bits - 1 -
                              static_cast<std::size_t>(std::countl_zero(kept[i])));
    return 0;
}

std::size_t written_number(const Token &parameter) {
    std::size_t number = 0;
    for (std::size_t i = 1; i < parameter.length && number < words * word_bits; ++i)
        number = number * 10 + static_cast<std::size_t>(parameter.at[i] - '0');
    return number;
}

} // namespace advisor::pg::observe
