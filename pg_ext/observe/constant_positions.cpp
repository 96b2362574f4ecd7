// The numbering of reduced_tokens.h: parameters first, then constants as they come.
#include "pg_ext/observe/constant_positions.h"

#include "pg_ext/observe/parameter_numbers.h"
#include "pg_ext/observe/reduced_tokens.h"

#include <algorithm>

namespace advisor::pg::observe {

ConstantPositions constant_positions(TextCut text) {
    ConstantPositions result;
    std::size_t highest = 0;
    ReducedTokens tokens(text);
    for (Token token; tokens.next(token);) {
        if (token.kind == TokenKind::constant) {
            result.constants.push_back({token, result.constants.size()});
        } else if (token.kind == TokenKind::parameter) {
            result.has_parameters = true;
            highest = std::max<std::size_t>(highest, written_number(token));
        }
    }
    for (ConstantPosition &constant : result.constants)
        constant.position += highest;
    result.known = !tokens.left_out_parameters();
    return result;
}

} // namespace advisor::pg::observe
