#include "sqlite_ext/what_if/parameter_values.h"

#include "sqlite_ext/text/aliases.h"
#include "sqlite_ext/text/parameters.h"

#include <algorithm>
#include <map>
#include <optional>

namespace advisor::sqlite {

namespace {

constexpr std::size_t sets = 3;
constexpr std::int64_t many_values = 100;
// Lists can have thousands of elements: so far is looked back for the column, so many keys are looked up.
constexpr std::size_t max_list_tokens = 200;
constexpr std::size_t max_lookups = 100;

struct ComparedColumn {
    const TableInfo *table;
    std::string column;
    std::string operation; // lower case
};

bool is_comparison(const Token &token) {
    return is_any(token, {"=", "==", "<", "<=", ">", ">=", "<>", "!=", "is", "like", "glob"});
}

// column op ?, ? op column, column BETWEEN ? AND ?, column IN (?, …)
std::optional<ComparedColumn> compared_with(const std::vector<Token> &tokens, std::size_t i,
                                            const TableAliases &aliases, const Schema &schema) {
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
        for (std::size_t back = i; back-- > 2 && operation.empty() && i - back < max_list_tokens;) {
            if (tokens[back].is("in") && tokens[back + 1].is("(")) {
                name = back - 1;
                operation = "=";
            } else if (!is_any(tokens[back], {",", "("}) && tokens[back].kind != TokenKind::variable &&
                       !tokens[back].literal()) {
                break;
            }
        }
    }
    if (name >= tokens.size())
        return std::nullopt;
    const std::string column = unquoted(tokens[name].text);
    const bool qualified = name >= 2 && tokens[name - 1].is(".");
    const auto table = aliases.table_of(qualified ? unquoted(tokens[name - 2].text) : "", column);
    if (!table)
        return std::nullopt;
    return ComparedColumn{&schema.tables[*table], column, operation};
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

std::string first_text(sqlite3 *connection, const std::string &sql) {
    Query query(connection, sql);
    return query.step() ? query.text(0) : std::string();
}

bool is_key_search(const std::string &operation) {
    return operation == "=" || operation == "==";
}

// A value of the sample for this one, if the column has many values and the sample lacks it.
std::optional<std::string> replacement(const ComparedColumn &compared, const std::string &literal,
                                       std::size_t set, Clone &sample) {
    const std::string column = quoted(compared.column);
    const std::string table = quoted(compared.table->schema) + "." + quoted(compared.table->name);
    Query known(sample.connection(), "SELECT EXISTS(SELECT 1 FROM " + table + " WHERE " + column + " = " +
                                         literal + "), (SELECT count(*) FROM (SELECT DISTINCT " + column +
                                         " FROM " + table + " LIMIT " + std::to_string(many_values) + "))");
    if (!known.step() || known.integer(0) != 0 || known.integer(1) < many_values)
        return std::nullopt;
    Query value(sample.connection(), value_query(compared, set));
    return value.step() ? std::optional(value.text(0)) : std::nullopt;
}

} // namespace

void use_sampled_values(std::string &sql, std::vector<std::vector<std::string>> &examples,
                        const std::set<std::string> &kept, Clone &sample) {
    const std::string original = sql;
    const std::vector<Token> tokens = tokenize(original);
    const std::vector<std::size_t> numbers = parameter_numbers(tokens);
    const TableAliases aliases(tokens, sample.schema());
    std::string result;
    std::size_t copied = 0;
    std::size_t lookups = 0;
    for (std::size_t i = 0; i < tokens.size() && lookups < max_lookups; ++i) {
        const bool literal = tokens[i].literal() && tokens[i].kind != TokenKind::blob &&
                             !kept.contains(std::string(tokens[i].text));
        if (!literal && numbers[i] == 0)
            continue;
        const auto compared = compared_with(tokens, i, aliases, sample.schema());
        if (!compared || !is_key_search(compared->operation))
            continue;
        for (std::size_t set = 0; numbers[i] > 0 && set < examples.size(); ++set) {
            if (examples[set].size() < numbers[i] || examples[set][numbers[i] - 1].empty())
                continue;
            std::string &value = examples[set][numbers[i] - 1];
            if (kept.contains(value))
                continue;
            ++lookups;
            value = replacement(*compared, value, set % sets, sample).value_or(value);
        }
        lookups += literal ? 1 : 0;
        if (const auto other =
                literal ? replacement(*compared, std::string(tokens[i].text), 1, sample) : std::nullopt) {
            const auto start = static_cast<std::size_t>(tokens[i].text.data() - original.data());
            result += original.substr(copied, start - copied) + *other;
            copied = start + tokens[i].text.size();
        }
    }
    sql = result + original.substr(copied);
}

std::vector<std::vector<std::string>> sampled_values(std::string_view sql, Clone &sample) {
    const std::vector<Token> tokens = tokenize(sql);
    const std::vector<std::size_t> numbers = parameter_numbers(tokens);
    const std::size_t count = numbers.empty() ? 0 : *std::max_element(numbers.begin(), numbers.end());
    if (count == 0)
        return {{}};
    const TableAliases aliases(tokens, sample.schema());
    std::map<std::string, std::string> asked; // the elements of a list ask for the same
    std::vector<std::vector<std::string>> result(sets, std::vector<std::string>(count));
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (numbers[i] == 0)
            continue;
        const auto compared = compared_with(tokens, i, aliases, sample.schema());
        for (std::size_t set = 0; set < sets; ++set) {
            std::string &value = result[set][numbers[i] - 1];
            if (compared) {
                const auto [answer, first] = asked.try_emplace(value_query(*compared, set));
                if (first)
                    answer->second = first_text(sample.connection(), answer->first);
                value = answer->second;
            }
            if (value.empty())
                value = i > 0 && tokens[i - 1].is("offset") ? "0" : "10";
        }
    }
    return result;
}

} // namespace advisor::sqlite
