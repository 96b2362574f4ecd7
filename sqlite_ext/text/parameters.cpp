#include "sqlite_ext/text/parameters.h"

#include <algorithm>
#include <charconv>

namespace advisor::sqlite {

namespace {

constexpr std::size_t max_parameter = 32766;

} // namespace

std::vector<std::size_t> parameter_numbers(const std::vector<Token> &tokens) {
    std::vector<std::size_t> numbers(tokens.size());
    std::vector<std::pair<std::string_view, std::size_t>> named;
    std::size_t last = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].kind != TokenKind::variable)
            continue;
        const std::string_view text = tokens[i].text;
        std::size_t number = 0;
        if (text[0] == '?' && text.size() > 1) {
            std::from_chars(text.data() + 1, text.data() + text.size(), number);
        } else if (text[0] != '?') {
            for (const auto &[name, known] : named)
                if (name == text)
                    number = known;
        }
        if (number == 0 || number > max_parameter)
            number = last + 1;
        if (text[0] != '?')
            named.emplace_back(text, number);
        last = std::max(last, number);
        numbers[i] = number;
    }
    return numbers;
}

std::vector<std::string> parameter_literals(std::string_view text, std::string_view expanded) {
    const std::vector<Token> tokens = tokenize(text);
    const std::vector<Token> filled = tokenize(expanded);
    const std::vector<std::size_t> numbers = parameter_numbers(tokens);
    std::vector<std::string> literals;
    std::size_t j = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i, ++j) {
        if (j >= filled.size())
            return {};
        if (numbers[i] == 0) {
            if (tokens[i].text != filled[j].text)
                return {};
            continue;
        }
        std::string literal(filled[j].text);
        if ((literal == "-" || literal == "+") && j + 1 < filled.size())
            literal += filled[++j].text;
        if (literals.size() < numbers[i])
            literals.resize(numbers[i]);
        literals[numbers[i] - 1] = std::move(literal);
    }
    return literals;
}

} // namespace advisor::sqlite
