#include "sqlite_ext/catalog/index_text.h"

#include "sqlite_ext/text/tokens.h"

namespace advisor::sqlite {

namespace {

std::string_view between(std::string_view sql, const Token &first, const Token &last) {
    const auto start = static_cast<std::size_t>(first.text.data() - sql.data());
    const auto end = static_cast<std::size_t>(last.text.data() - sql.data()) + last.text.size();
    return sql.substr(start, end - start);
}

// The key's tokens without what follows the expression.
std::size_t end_of_expression(const std::vector<Token> &tokens, std::size_t start, std::size_t end) {
    int depth = 0;
    for (std::size_t i = start; i < end; ++i) {
        depth += tokens[i].is("(") ? 1 : tokens[i].is(")") ? -1 : 0;
        if (depth == 0 && i > start &&
            (tokens[i].is("collate") || tokens[i].is("asc") || tokens[i].is("desc")))
            return i;
    }
    return end;
}

} // namespace

IndexText parse_index_text(std::string_view sql) {
    IndexText result;
    const std::vector<Token> tokens = tokenize(sql);
    std::size_t open = 0;
    while (open < tokens.size() && !tokens[open].is("("))
        ++open;
    const std::size_t close = closing_bracket(tokens, open);
    if (close >= tokens.size())
        return result;
    std::size_t start = open + 1;
    int depth = 0;
    for (std::size_t i = start; i <= close; ++i) {
        depth += tokens[i].is("(") ? 1 : tokens[i].is(")") ? -1 : 0;
        if ((depth == 0 && tokens[i].is(",")) || i == close) {
            const std::size_t end = end_of_expression(tokens, start, i);
            if (end > start)
                result.keys.emplace_back(between(sql, tokens[start], tokens[end - 1]));
            start = i + 1;
        }
    }
    if (close + 2 < tokens.size() && tokens[close + 1].is("where"))
        result.predicate = between(sql, tokens[close + 2], tokens.back());
    return result;
}

} // namespace advisor::sqlite
