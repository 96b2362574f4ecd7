#include "sqlite_ext/text/aliases.h"

namespace advisor::sqlite {

namespace {

// Words that may follow a table's name without being its alias.
bool ends_table(const Token &token) {
    return is_any(token, {"where",   "join",  "left",  "inner",  "cross",   "on",       "using",
                          "order",   "group", "limit", "set",    "natural", "right",    "full",
                          "indexed", "not",   "union", "having", "values",  "returning"});
}

} // namespace

TableAliases::TableAliases(const std::vector<Token> &tokens, const Schema &schema) : schema_(schema) {
    for (std::size_t i = 1; i < tokens.size(); ++i) {
        if (!tokens[i].name() || !is_any(tokens[i - 1], {"from", "join", ",", "update", "into", "("}))
            continue;
        std::size_t last = i;
        std::string schema_name;
        if (i + 2 < tokens.size() && tokens[i + 1].is(".")) {
            schema_name = unquoted(tokens[i].text);
            last = i + 2;
        }
        const std::string name = unquoted(tokens[last].text);
        const TableInfo *table = schema_.resolve_table(schema_name, name);
        if (table == nullptr || !table->stores_rows())
            continue;
        const auto position = static_cast<std::size_t>(table - schema_.tables.data());
        aliases_.push_back({name, position});
        std::size_t next = last + 1;
        if (next < tokens.size() && tokens[next].is("as"))
            ++next;
        if (next < tokens.size() && tokens[next].name() && !ends_table(tokens[next]))
            aliases_.push_back({unquoted(tokens[next].text), position});
    }
}

std::optional<std::size_t> TableAliases::table_of(std::string_view qualifier, std::string_view column) const {
    for (const Alias &alias : aliases_) {
        if (!qualifier.empty() && !equal_ignoring_case(alias.name, qualifier))
            continue;
        if (schema_.tables[alias.table].find_column(column) != nullptr)
            return alias.table;
    }
    return std::nullopt;
}

std::optional<std::size_t> TableAliases::table_named(std::string_view name) const {
    for (const Alias &alias : aliases_)
        if (equal_ignoring_case(alias.name, name))
            return alias.table;
    return std::nullopt;
}

} // namespace advisor::sqlite
