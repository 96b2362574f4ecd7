// Row counts, and a bounded sample of the user's rows copied into the clones. Only reads the user's database.
#pragma once
#include "sqlite_ext/catalog/schema.h"
#include "sqlite_ext/what_if/clone.h"

#include <cstddef>
#include <cstdint>

namespace advisor::sqlite {

constexpr std::int64_t sample_rows = 8000;       // in the large clone …
constexpr std::int64_t small_sample_rows = 2000; // … and in the small one: what grows with the rows shows
constexpr std::int64_t complete_rows = 16000;    // tables up to this size are copied whole into both

struct SampledTable {
    double rows = 0;         // of the user's table
    std::int64_t copied = 0; // into the large clone
    std::int64_t copied_small = 0;
};

// Without reading much: exact for small tables, from the density of rowids or sqlite_stat1 for large ones.
double estimate_rows(sqlite3 *connection, const Schema &schema, const TableInfo &table);

SampledTable copy_sample(sqlite3 *connection, const Schema &schema, const TableInfo &table, Clone &large,
                         Clone &small);

} // namespace advisor::sqlite
