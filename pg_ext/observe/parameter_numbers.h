// The numbers of a statement's parameters as if those that are left out of its lists had never been there, so
// that b = $4 behind IN ($1, $2, $3) and b = $3 behind IN ($1, $2) are the same.
#pragma once
#include "pg_ext/observe/statement_text.h"

namespace advisor::pg::observe {

struct Token;

// Until the next text is read. One at a time: the memory is shared.
class ParameterNumbers {
public:
    explicit ParameterNumbers(TextCut cut);

    std::size_t number_of(const Token &parameter) const; // from 1
    std::size_t count() const;                           // the highest that is left
};

// As written.
std::size_t written_number(const Token &parameter);

} // namespace advisor::pg::observe
