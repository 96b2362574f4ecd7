// Tags of a statement: where it comes from, as names with some values each. In the store a sequence of name,
// zero byte, value, zero byte.
#pragma once
#include "pg_ext/store/layout.h"

namespace advisor::pg::store {

struct Tag {
    const char *name; // no zero bytes in either; in the encoding of the database
    const char *value;
    bool latest_only; // different each time: the last value is kept
};

constexpr std::size_t most_tags = 16;        // of one execution
constexpr std::size_t most_tag_values = 4;   // of one name
constexpr std::size_t most_tag_bytes = 2048; // of one statement

// Adds what is new. Waits for nobody: dropped when the lock is taken.
void supply_tags(const StatementKey &key, const Tag *tags, std::size_t count);

} // namespace advisor::pg::store
