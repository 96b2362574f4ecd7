// Key values of a row of the user, kept while the statement that read them goes on.
#pragma once
#include "sqlite_ext/handles.h"

#include <compare>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace advisor::sqlite {

struct Bytes {
    std::string bytes;
    bool text = false; // otherwise a blob
    auto operator<=>(const Bytes &) const = default;
};
using KeyValue = std::variant<std::int64_t, double, Bytes>;
using Key = std::vector<KeyValue>;

// Of the row that the query stands on: that many columns from the given one on. Keys hold no NULL.
Key read_key(Query &query, int first, std::size_t columns);

// The first values as parameters 1, 2, …
void bind_key(Query &query, const Key &key, std::size_t columns);

} // namespace advisor::sqlite
