// Index definitions as SQL text.
#pragma once
#include "core/catalog/table.h"
#include "core/rules/missing_index.h"

#include <span>
#include <string>

namespace advisor::core {

// "CREATE INDEX [CONCURRENTLY] name ON table USING … (…) INCLUDE (…) WHERE …" without a semicolon. An empty name
// is left out (PostgreSQL) — the canonical form for comparison.
std::string create_index_sql(const IndexDefinition &definition, Dialect dialect, const std::string &name = "",
                             bool concurrently = false);

// A name of at most 63 bytes that says table and columns and is not among those taken (unquoted names).
std::string index_name(const IndexDefinition &definition, const Table &table,
                       std::span<const std::string> taken);

std::string quote_identifier(const std::string &name);  // only where needed (lower case letters, digits, _)
std::string quote_literal(const std::string &text);

}  // namespace advisor::core
