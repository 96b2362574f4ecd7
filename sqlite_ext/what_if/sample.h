// Row counts, and a bounded sample of the user's rows copied into the clones. Only reads the user's database.
#pragma once
#include "sqlite_ext/catalog/schema.h"
#include "sqlite_ext/what_if/clone.h"
#include "sqlite_ext/what_if/references.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace advisor::sqlite {

constexpr std::int64_t sample_rows = 8000;       // in the large clone …
constexpr std::int64_t small_sample_rows = 2000; // … and in the small one: what grows with the rows shows
constexpr std::int64_t complete_rows = 16000;    // tables up to this size are copied whole into both

struct SampledTable {
    double rows = 0;         // of the user's table
    std::int64_t copied = 0; // into the large clone
    const char *taken = "";  // how these rows were taken, for people: "all", "by random rowids" …
};

// By position in Schema::tables. Referring tables first: of the tables that they refer to, those rows are
// taken that they need, so that joins find in the sample what they find in the database.
std::vector<SampledTable> copy_samples(sqlite3 *connection, const Schema &schema,
                                       const std::vector<bool> &wanted,
                                       const std::vector<Reference> &references, Clone &large, Clone &small);

} // namespace advisor::sqlite
