// Index definitions as SQL text.
#pragma once
#include "core/catalog/table.h"

#include <span>
#include <string>
#include <string_view>

namespace advisor::core {

enum class Dialect { postgresql, sqlite };

// "CREATE INDEX [CONCURRENTLY] name ON table USING … (…) INCLUDE (…) WHERE …" without a semicolon. An empty
// name is left out (PostgreSQL) — the canonical form for comparison.
std::string create_index_sql(const IndexDefinition &definition, Dialect dialect, const std::string &name = "",
                             bool concurrently = false);

// An unquoted name of at most 63 bytes that says table and columns and is not among those taken (unquoted).
std::string index_name(const IndexDefinition &definition, const Table &table,
                       std::span<const std::string> taken);

std::string quote_identifier(const std::string &name); // only where needed (lower case letters, digits, _)
std::string quote_literal(const std::string &text);
// As a comment in SQL: a name with a line break must not end it.
std::string commented(const std::string &text);
// The quoted form of a new name in the schema of a qualified, quoted one: ("shop.orders", "i") -> "shop.i".
std::string beside(const std::string &qualified, const std::string &name);
// The last part of a quoted, dotted name, without quotes: what index_name calls a taken name.
std::string unquoted_name(std::string_view qualified);

} // namespace advisor::core
