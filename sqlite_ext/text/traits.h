// What the text of a statement shows without a plan: patterns that begin with a wildcard, columns inside of
// functions, OFFSET, NOT IN with a query, and the like. The rules turn them into findings.
#pragma once
#include "sqlite_ext/catalog/schema.h"

#include <string>
#include <string_view>
#include <vector>

namespace advisor::sqlite {

// names: leading-wildcard, function-on-column, offset, not-in-query, double-quoted-string, select-star,
// null-comparison, order-by-random; those of block_traits.h
struct Trait {
    std::string name;
    std::string schema; // of the table; empty where the trait belongs to none
    std::string table;
    std::string column;
    std::string detail; // the piece of text, or the number
};

// `expanded` is the text with the values of one execution; empty: not known.
std::vector<Trait> traits_of(std::string_view text, std::string_view expanded, const Schema &schema);

} // namespace advisor::sqlite
