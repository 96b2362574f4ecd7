// Where the constants of a text stand, and under which numbers their values were recorded.
#pragma once
#include "pg_ext/observe/lexer.h"

#include <vector>

namespace advisor::pg::observe {

struct ConstantPosition {
    Token token;
    std::size_t position; // as in store/parameters.h, from 0
};

struct ConstantPositions {
    std::vector<ConstantPosition> constants; // ascending by place; lists with their first element
    bool has_parameters = false;
    bool known = true; // false: the numbers are not; parameters were left out of a list
};

// Of a text with $n for every parameter.
ConstantPositions constant_positions(TextCut text);

} // namespace advisor::pg::observe
