#include "sqlite_ext/text/expression_scan.h"

#include "core/catalog/ddl.h"
#include "sqlite_ext/text/aliases.h"

#include <optional>

namespace advisor::sqlite {

namespace {

using core::Comparison;

// Words before "(" that are no function, and functions over several rows.
bool is_scalar_function(const Token &token) {
    return token.name() &&
           !is_any(token, {"in",      "and",    "or",      "not",    "where",      "on",
                           "when",    "then",   "else",    "case",   "exists",     "values",
                           "select",  "from",   "join",    "as",     "having",     "count",
                           "sum",     "total",  "avg",     "min",    "max",        "group_concat",
                           "over",    "filter", "between", "like",   "glob",       "is",
                           "by",      "limit",  "using",   "random", "randomblob", "last_insert_rowid",
                           "changes", "match"});
}

class Scanner {
public:
    Scanner(std::string_view sql, const Schema &schema)
        : tokens_(tokenize(sql)), schema_(schema), aliases_(tokens_, schema) {}

    std::vector<ExpressionCondition> conditions();

private:
    std::optional<std::size_t> end_of_expression(std::size_t start) const;
    std::optional<Comparison> comparison(std::size_t start, std::size_t end) const;
    std::optional<ExpressionCondition> expression(std::size_t start, std::size_t end) const;

    std::vector<Token> tokens_;
    const Schema &schema_;
    TableAliases aliases_;
};

std::vector<ExpressionCondition> Scanner::conditions() {
    std::vector<ExpressionCondition> result;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
        const auto end = end_of_expression(i);
        if (!end)
            continue;
        const auto how = comparison(i, *end);
        auto condition = how ? expression(i, *end) : std::nullopt;
        if (condition) {
            condition->predicate.comparison = *how;
            result.push_back(std::move(*condition));
        }
        i = *end - 1; // what is inside belongs to it
    }
    return result;
}

// f(…), or column -> path …; nothing for anything else.
std::optional<std::size_t> Scanner::end_of_expression(std::size_t start) const {
    const auto arrow = [&](std::size_t i) { return i < tokens_.size() && is_any(tokens_[i], {"->", "->>"}); };
    if (!tokens_[start].name() || (start > 0 && tokens_[start - 1].is(".")))
        return std::nullopt;
    std::size_t end = start + 1;
    const bool call = end < tokens_.size() && tokens_[end].is("(") && is_scalar_function(tokens_[start]);
    if (call)
        end = closing_bracket(tokens_, end) + 1;
    else if (end + 1 < tokens_.size() && tokens_[end].is("."))
        end += 2;
    if (end > tokens_.size() || (!call && !arrow(end)))
        return std::nullopt;
    while (arrow(end) && end + 1 < tokens_.size() && tokens_[end + 1].literal())
        end += 2;
    if (arrow(end))
        return std::nullopt;
    return end;
}

std::optional<Comparison> Scanner::comparison(std::size_t start, std::size_t end) const {
    if (end < tokens_.size()) {
        const Token &after = tokens_[end];
        if (is_any(after, {"=", "==", "is"}))
            return Comparison::equality;
        if (after.is("in"))
            return Comparison::any_of;
        if (is_any(after, {"<", "<=", ">", ">=", "between"}))
            return Comparison::range;
        // What goes on as a sum or a concatenation is another expression.
        if (after.kind == TokenKind::symbol && !is_any(after, {")", ",", ";"}))
            return std::nullopt;
    }
    if (start > 0 && is_any(tokens_[start - 1], {"=", "=="}))
        return Comparison::equality;
    if (start > 0 && is_any(tokens_[start - 1], {"<", "<=", ">", ">="}))
        return Comparison::range;
    return std::nullopt;
}

// The expression with bare column names, when all of them belong to one table.
std::optional<ExpressionCondition> Scanner::expression(std::size_t start, std::size_t end) const {
    ExpressionCondition condition;
    bool found = false;
    std::string text;
    for (std::size_t i = start; i < end; ++i) {
        const Token &token = tokens_[i];
        if (token.kind == TokenKind::variable || token.is("select"))
            return std::nullopt;
        const bool is_call = i + 1 < end && tokens_[i + 1].is("(");
        const bool qualifier = i + 1 < end && tokens_[i + 1].is(".");
        if (qualifier || token.is("."))
            continue;
        if (token.name() && !is_call &&
            !is_any(token, {"as", "null", "collate", "cast", "and", "or", "not"})) {
            const Token *before = i >= start + 2 && tokens_[i - 1].is(".") ? &tokens_[i - 2] : nullptr;
            const auto table =
                aliases_.table_of(before == nullptr ? "" : unquoted(before->text), unquoted(token.text));
            if (table && found && *table != condition.table)
                return std::nullopt;
            if (table) {
                condition.table = *table;
                found = true;
                text +=
                    core::quote_identifier(schema_.tables[*table].find_column(unquoted(token.text))->name);
                continue;
            }
            if (before != nullptr)
                return std::nullopt;
        }
        const bool spaced =
            token.kind == TokenKind::word && !text.empty() && text.back() != '(' && text.back() != ' ';
        text += (spaced ? " " : "") + (is_call ? lower_case(token.text) : std::string(token.text));
        if (token.is(",") || token.is("as"))
            text += ' ';
    }
    if (!found)
        return std::nullopt;
    condition.predicate.key = std::move(text);
    condition.predicate.expression = true;
    return condition;
}

} // namespace

std::vector<ExpressionCondition> expression_conditions(std::string_view sql, const Schema &schema) {
    return Scanner(sql, schema).conditions();
}

} // namespace advisor::sqlite
