#include "sqlite_ext/catalog/table_text.h"

#include "core/catalog/ddl.h"
#include "sqlite_ext/text/tokens.h"

#include <vector>

namespace advisor::sqlite {

namespace {

struct TableText {
    std::vector<Token> tokens;
    std::size_t open = 0;  // the bracket around the definitions
    std::size_t close = 0; // tokens.size(): not a text that we can read
    bool readable() const { return close < tokens.size(); }
};

TableText read(std::string_view sql) {
    TableText text{tokenize(sql), 0, 0};
    while (text.open < text.tokens.size() && !text.tokens[text.open].is("("))
        ++text.open;
    const bool create = !text.tokens.empty() && text.tokens.front().is("create");
    text.close = create ? closing_bracket(text.tokens, text.open) : text.tokens.size();
    return text;
}

std::size_t offset(std::string_view sql, const Token &token) {
    return static_cast<std::size_t>(token.text.data() - sql.data());
}

std::string replaced(std::string_view sql, std::size_t start, std::size_t end, const std::string &text) {
    return std::string(sql.substr(0, start)) + text + std::string(sql.substr(end));
}

// What may follow a column's type.
bool begins_constraint(const Token &token) {
    return is_any(token, {"constraint", "primary", "not", "null", "unique", "check", "default", "collate",
                          "references", "generated", "as", ",", ")"});
}

} // namespace

std::string with_table_name(std::string_view sql, const std::string &schema, const std::string &name) {
    const TableText text = read(sql);
    if (!text.readable())
        return {};
    return "CREATE TABLE " + core::quote_identifier(schema) + "." + core::quote_identifier(name) +
           std::string(sql.substr(offset(sql, text.tokens[text.open])));
}

std::string with_first_definition(std::string_view sql, const std::string &definition) {
    const TableText text = read(sql);
    if (!text.readable())
        return {};
    const std::size_t start = offset(sql, text.tokens[text.open]) + 1;
    return replaced(sql, start, start, definition + ", ");
}

std::string with_last_definition(std::string_view sql, const std::string &definition) {
    const TableText text = read(sql);
    if (!text.readable())
        return {};
    const std::size_t end = offset(sql, text.tokens[text.close]);
    return replaced(sql, end, end, ", " + definition);
}

std::string with_column_type(std::string_view sql, std::string_view column, const std::string &type,
                             const std::string &collation) {
    const TableText text = read(sql);
    for (std::size_t i = text.open + 1; text.readable() && i < text.close; ++i) {
        const std::vector<Token> &tokens = text.tokens;
        const std::size_t start = i;
        int depth = 0;
        std::string rest;
        bool in_type = true;
        for (; i < text.close && (depth > 0 || !tokens[i].is(",")); ++i) {
            depth += tokens[i].is("(") ? 1 : tokens[i].is(")") ? -1 : 0;
            in_type =
                i == start || (in_type && (depth > 0 || tokens[i].is(")") || !begins_constraint(tokens[i])));
            if (in_type)
                continue;
            if (depth == 0 && tokens[i].is("collate")) {
                ++i;
                continue;
            }
            rest += " " + std::string(tokens[i].text);
        }
        if (!equal_ignoring_case(unquoted(tokens[start].text), column))
            continue;
        std::string definition = std::string(tokens[start].text) + (type.empty() ? "" : " " + type);
        if (!equal_ignoring_case(collation, "BINARY"))
            definition += " COLLATE " + core::quote_identifier(collation);
        return replaced(sql, offset(sql, tokens[start]),
                        offset(sql, tokens[i - 1]) + tokens[i - 1].text.size(), definition + rest);
    }
    return {};
}

} // namespace advisor::sqlite
