// What only the text of a CREATE INDEX knows: its expressions and its condition.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace advisor::sqlite {

struct IndexText {
    std::vector<std::string> keys; // without COLLATE, ASC and DESC, as written
    std::string predicate;         // without the word WHERE
};

IndexText parse_index_text(std::string_view sql);

} // namespace advisor::sqlite
