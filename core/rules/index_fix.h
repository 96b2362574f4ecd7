// The SQL that creates an advised index, and the SQL that takes it away again.
#pragma once
#include "core/catalog/ddl.h"

#include <cstdint>
#include <string>
#include <vector>

namespace advisor::core {

struct IndexFix {
    std::vector<std::string> steps;
    std::string fix;
    std::string rollback;
};

// index_bytes: how big it will be. taken: unquoted names in use; those given to the new indexes are added.
IndexFix index_fix(const IndexDefinition &definition, const Table &table, std::uint64_t index_bytes,
                   Dialect dialect, std::vector<std::string> &taken);

} // namespace advisor::core
