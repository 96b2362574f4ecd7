// The literals in a statement's text, and how well they are known never to vary.
#pragma once
#include "pg_ext/advice/statement_input.h"
#include "pg_ext/store/recorded.h"

#include <string>
#include <vector>

namespace advisor::pg {

// Those that were the same in every recorded execution.
std::vector<WrittenLiteral> recorded_literals(const RecordedStatement &statement, const std::string &text);

// Of a text that is given: who passes parameters and writes a literal beside them means it.
std::vector<WrittenLiteral> given_literals(const std::string &text);

} // namespace advisor::pg
