// Words as numbers, and a hash of tokens that is the same in every version, on every machine.
#pragma once
#include "pg_ext/observe/lexer.h"

#include <bit>

namespace advisor::pg::observe {

namespace detail {

template <class Number>
std::uint64_t load_big_endian(const char *at) {
    Number number;
    std::memcpy(&number, at, sizeof number);
    if constexpr (std::endian::native == std::endian::little)
        number = sizeof number == 8
                     ? static_cast<Number>(__builtin_bswap64(number))
                     : static_cast<Number>(__builtin_bswap32(static_cast<std::uint32_t>(number)));
    return number;
}

// A to Z in each byte to lower case.
constexpr std::uint64_t lower_case(std::uint64_t bytes) {
    constexpr std::uint64_t ones = 0x0101010101010101, high = ones * 0x80;
    const std::uint64_t seven_bits = bytes & ~high;
    const std::uint64_t from_a = seven_bits + ones * (0x80 - 'A'), past_z = seven_bits + ones * (0x7F - 'Z');
    return bytes | (from_a & ~past_z & ~bytes & high) >> 2;
}

} // namespace detail

// A word of up to eight bytes in lower case, the first one highest; 0: longer.
constexpr std::uint64_t packed_word(std::string_view word) {
    std::uint64_t packed = 0;
    if (word.size() > 8)
        return 0;
    for (const char c : word)
        packed = packed << 8 | static_cast<unsigned char>(c);
    return detail::lower_case(packed);
}

// The same without a loop, since each word of a new statement comes here. Bytes that are loaded twice fall on
// themselves.
inline std::uint64_t packed_word(const char *at, std::size_t length) {
    std::uint64_t packed = 0;
    if (length >= 4 && length <= 8)
        packed = detail::load_big_endian<std::uint32_t>(at) << (8 * (length - 4)) |
                 detail::load_big_endian<std::uint32_t>(at + length - 4);
    else if (length < 4)
        for (std::size_t i = 0; i < length; ++i)
            packed = packed << 8 | static_cast<unsigned char>(at[i]);
    return detail::lower_case(packed);
}

struct TokenHash {
    std::uint64_t value = 0xCBF29CE484222325ULL;

    void add(std::uint64_t bits) {
        value = (value ^ bits) * 0x9E3779B97F4A7C15ULL;
        value ^= value >> 32;
    }
    // Words in lower case, all else as it is written.
    void add(const Token &token) {
        if (token.length == 1) {
            add(token.kind == TokenKind::word ? packed_word(token.at, 1)
                                              : static_cast<unsigned char>(*token.at));
            return;
        }
        const char *at = token.at;
        std::size_t left = token.length;
        for (; left > 8; at += 8, left -= 8)
            add(as_it_counts(token, detail::load_big_endian<std::uint64_t>(at)));
        std::uint64_t last = 0;
        for (; left > 0; ++at, --left)
            last = last << 8 | static_cast<unsigned char>(*at);
        add(as_it_counts(token, last));
        add(token.length);
    }
    // A word that is packed already.
    void add_packed(std::uint64_t word, std::size_t length) {
        add(word);
        if (length > 1)
            add(length);
    }

private:
    static std::uint64_t as_it_counts(const Token &token, std::uint64_t bytes) {
        return token.kind == TokenKind::word ? detail::lower_case(bytes) : bytes;
    }
};

} // namespace advisor::pg::observe
