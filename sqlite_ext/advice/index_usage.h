// Which indexes the recorded statements use, by the plans that SQLite would choose for them now.
#pragma once
#include "sqlite_ext/catalog/schema.h"
#include "sqlite_ext/store/store.h"

#include <cstdint>
#include <string>
#include <vector>

namespace advisor::sqlite {

// Of one index. Whatever can't be told counts as use: a statement that can't be planned uses all indexes of
// the tables that it names.
struct IndexUse {
    std::string schema;
    std::string table;
    std::string name;
    std::int64_t calls = 0;       // of statements that use it
    std::int64_t table_calls = 0; // of statements that name its table
};

std::vector<IndexUse> index_usage(const Schema &schema, const std::vector<RecordedStatement> &recorded,
                                  double seconds);

} // namespace advisor::sqlite
