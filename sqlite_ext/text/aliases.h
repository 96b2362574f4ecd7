// Which table a column of a statement belongs to, from the names and aliases that stand in its text.
#pragma once
#include "sqlite_ext/catalog/schema.h"
#include "sqlite_ext/text/tokens.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace advisor::sqlite {

class TableAliases {
public:
    TableAliases(const std::vector<Token> &tokens, const Schema &schema);

    // Position in Schema::tables. An empty qualifier means any table of the statement that has the column.
    std::optional<std::size_t> table_of(std::string_view qualifier, std::string_view column) const;

    // The table that goes by this name or alias.
    std::optional<std::size_t> table_named(std::string_view name) const;

private:
    struct Alias {
        std::string name;
        std::size_t table;
    };

    const Schema &schema_;
    std::vector<Alias> aliases_;
};

} // namespace advisor::sqlite
