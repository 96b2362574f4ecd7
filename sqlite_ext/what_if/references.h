// Which columns of the workload's tables hold the rowids of others: a sample must keep both ends together.
#pragma once
#include "sqlite_ext/catalog/schema.h"
#include "sqlite_ext/what_if/workload_reader.h"

#include <cstddef>
#include <string>
#include <vector>

namespace advisor::sqlite {

struct Reference {
    std::size_t child = 0; // position in Schema::tables
    std::string column;    // of the child, unquoted
    std::size_t parent = 0;

    bool operator==(const Reference &) const = default;
};

// From the declared foreign keys and from the joins that statements do (child.column = parent.rowid_column).
std::vector<Reference> find_references(sqlite3 *connection, const Schema &schema,
                                       const RunnableWorkload &workload);

} // namespace advisor::sqlite
