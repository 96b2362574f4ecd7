// Parameters of a statement: their numbers, and the values that they had in one execution.
#pragma once
#include "sqlite_ext/text/tokens.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace advisor::sqlite {

// By token: the number that SQLite gives the parameter there, 0 for any other token.
std::vector<std::size_t> parameter_numbers(const std::vector<Token> &tokens);

// SQL literals by number, read off the text with its values written in. Empty where the two don't fit.
std::vector<std::string> parameter_literals(std::string_view text, std::string_view expanded);

} // namespace advisor::sqlite
