#include "sqlite_ext/what_if/parameter_values.h"

#include "sqlite_ext/text/parameters.h"

#include <algorithm>
#include <optional>

namespace advisor::sqlite {

namespace {

constexpr std::size_t sets = 3;

struct ComparedColumn {
    const TableInfo *table;
    std::string column;
    std::string operation; // lower case
};

bool is_comparison(const Token &token) {
    for (const std::string_view word : {"=", "==", "<", "<=", ">", ">=", "<>", "!=", "is", "like", "glob"})
        if (token.is(word))
            return true;
    return false;
}

const TableInfo *table_with(const std::vector<Token> &tokens, const Schema &schema,
                            const std::string &column) {
    for (const Token &token : tokens) {
        const TableInfo *table = token.name() ? schema.resolve_table("", unquoted(token.text)) : nullptr;
        if (table != nullptr && table->stores_rows() && table->find_column(column) != nullptr)
            return table;
    }
    return nullptr;
}

// column op ?, ? op column, column BETWEEN ? AND ?, column IN (?, …)
std::optional<ComparedColumn> compared_with(const std::vector<Token> &tokens, std::size_t i,
                                            const Schema &schema) {
    std::size_t name = tokens.size();
    std::string operation;
    if (i >= 2 && is_comparison(tokens[i - 1]) && tokens[i - 2].name()) {
        name = i - 2;
        operation = lower_case(tokens[i - 1].text);
    } else if (i >= 2 && tokens[i - 1].is("between")) {
        name = i - 2;
        operation = ">=";
    } else if (i >= 4 && tokens[i - 1].is("and") && tokens[i - 3].is("between")) {
        name = i - 4;
        operation = "<=";
    } else if (i + 2 < tokens.size() && is_comparison(tokens[i + 1]) && tokens[i + 2].name()) {
        name = i + 2;
        if (name + 2 < tokens.size() && tokens[name + 1].is("."))
            name += 2;
        operation = "=";
    } else {
        for (std::size_t back = i; back-- > 2 && operation.empty();) {
            if (tokens[back].is("in") && tokens[back + 1].is("(")) {
                name = back - 1;
                operation = "=";
            } else if (!tokens[back].is(",") && !tokens[back].is("(") &&
                       tokens[back].kind != TokenKind::variable) {
                break;
            }
        }
    }
    if (name >= tokens.size())
        return std::nullopt;
    const std::string column = unquoted(tokens[name].text);
    const TableInfo *table = table_with(tokens, schema, column);
    if (table == nullptr)
        return std::nullopt;
    return ComparedColumn{table, column, operation};
}

// For a range the value cuts off a tenth: neither all rows nor none.
std::string value_query(const ComparedColumn &compared, std::size_t set) {
    const std::string column = quoted(compared.column);
    const std::string from = " FROM " + quoted(compared.table->schema) + "." + quoted(compared.table->name) +
                             " WHERE " + column + " IS NOT NULL";
    const std::string count = "(SELECT count(*)" + from + ")";
    if (compared.operation[0] == '<' && compared.operation != "<>")
        return "SELECT quote(" + column + ")" + from + " ORDER BY " + column + " LIMIT 1 OFFSET " + count +
               " / 10";
    if (compared.operation[0] == '>')
        return "SELECT quote(" + column + ")" + from + " ORDER BY " + column + " DESC LIMIT 1 OFFSET " +
               count + " / 10";
    if (compared.operation == "like" || compared.operation == "glob")
        return "SELECT quote(substr(" + column + ", 1, 4) || '" + (compared.operation == "like" ? "%" : "*") +
               "')" + from + " LIMIT 1 OFFSET " + count + " * " + std::to_string(set) + " / " +
               std::to_string(sets);
    return "SELECT quote(" + column + ")" + from + " LIMIT 1 OFFSET " + count + " * " + std::to_string(set) +
           " / " + std::to_string(sets);
}

} // namespace

std::vector<std::vector<std::string>> sampled_values(std::string_view sql, Clone &sample) {
    const std::vector<Token> tokens = tokenize(sql);
    const std::vector<std::size_t> numbers = parameter_numbers(tokens);
    const std::size_t count = numbers.empty() ? 0 : *std::max_element(numbers.begin(), numbers.end());
    if (count == 0)
        return {{}};
    std::vector<std::vector<std::string>> result(sets, std::vector<std::string>(count));
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (numbers[i] == 0)
            continue;
        const auto compared = compared_with(tokens, i, sample.schema());
        for (std::size_t set = 0; set < sets; ++set) {
            std::string &value = result[set][numbers[i] - 1];
            if (compared) {
                Query query(sample.connection(), value_query(*compared, set));
                if (query.step())
                    value = query.text(0);
            }
            if (value.empty())
                value = i > 0 && tokens[i - 1].is("offset") ? "0" : "10";
        }
    }
    return result;
}

} // namespace advisor::sqlite
