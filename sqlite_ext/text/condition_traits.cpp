#include "sqlite_ext/text/block_traits.h"

#include <algorithm>
#include <set>

namespace advisor::sqlite {

namespace {

constexpr std::size_t least_list = 20; // shorter IN lists are nobody's business
constexpr std::size_t least_chain = 3; // of a = 1 OR a = 2 OR …

class ConditionScanner {
public:
    ConditionScanner(const StatementTokens &statement, const Schema &schema, const QueryBlock &block,
                     std::vector<Trait> &traits)
        : tokens_(statement.tokens), values_(statement.values), columns_(tokens_, schema, block),
          traits_(traits) {}

    void scan() {
        for (const BlockColumns::Term &term : columns_.terms()) {
            alternatives(term.range);
            pattern(term.range);
        }
    }

private:
    struct Arm {
        SourceColumn column;
        bool equality = false;
        TokenRange value;
    };
    bool is(std::size_t i, std::string_view word) const { return i < tokens_.size() && tokens_[i].is(word); }
    void add(const char *name, const SourceColumn &column, std::string detail);
    void alternatives(TokenRange range);
    std::optional<Arm> arm(TokenRange range) const;
    void chain(const std::vector<Arm> &arms);
    void pattern(TokenRange range);
    void prefix(const SourceColumn &column, std::size_t i, bool glob);

    const std::vector<Token> &tokens_;
    const std::vector<Token> &values_;
    BlockColumns columns_;
    std::vector<Trait> &traits_;
};

void ConditionScanner::add(const char *name, const SourceColumn &column, std::string detail) {
    if (const ColumnInfo *info = columns_.info(column)) {
        const TableInfo &table = *columns_.table(column.source);
        traits_.push_back({name, table.schema, table.name, info->name, std::move(detail)});
    }
}

// column = constant, in either order, or column with another comparison that an index can serve.
std::optional<ConditionScanner::Arm> ConditionScanner::arm(TokenRange range) const {
    range = without_brackets(tokens_, range);
    const auto sides = split_range(tokens_, range, range_has(tokens_, range, "==") ? "==" : "=");
    if (sides.size() == 2) {
        for (const auto &[name, value] : {std::pair{sides[0], sides[1]}, std::pair{sides[1], sides[0]}})
            if (const auto column = columns_.column(name); column && columns_.constant(value))
                return Arm{*column, true, value};
        return std::nullopt;
    }
    const auto use = columns_.name_at(range.begin, range.end);
    if (!use || !use->column || use->end >= range.end || range_has(tokens_, range, "select"))
        return std::nullopt;
    if (!is_any(tokens_[use->end], {"<", "<=", ">", ">=", "in", "between"}))
        return std::nullopt;
    for (std::size_t i = use->end; i < range.end; ++i)
        if (columns_.name_at(i, range.end) || (tokens_[i].name() && is(i + 1, "(") && !tokens_[i].is("in")))
            return std::nullopt;
    return Arm{*use->column, false, {use->end, range.end}};
}

void ConditionScanner::alternatives(TokenRange range) {
    const auto parts = split_range(tokens_, without_brackets(tokens_, range), "or");
    if (parts.size() < 2)
        return;
    std::vector<Arm> arms;
    for (const TokenRange part : parts)
        if (const auto found = arm(part))
            arms.push_back(*found);
    if (arms.size() < parts.size())
        return;
    std::set<std::size_t> sources;
    for (const Arm &one : arms)
        sources.insert(one.column.source);
    if (sources.size() > 1)
        for (const std::size_t source : sources) {
            const auto one = std::find_if(arms.begin(), arms.end(),
                                          [&](const Arm &each) { return each.column.source == source; });
            add("or-tables", one->column, range_text(tokens_, range));
        }
    else
        chain(arms);
}

void ConditionScanner::chain(const std::vector<Arm> &arms) {
    const SourceColumn &column = arms.front().column;
    std::string values;
    for (const Arm &one : arms) {
        if (one.column != column || !one.equality)
            return;
        values += (values.empty() ? "" : ", ") + range_text(tokens_, one.value);
    }
    if (arms.size() >= least_chain)
        add("or-chain", column, "IN (" + values + ")");
}

// column LIKE 'text', column GLOB 'text*'
void ConditionScanner::pattern(TokenRange range) {
    const TokenRange inner = without_brackets(tokens_, range);
    const auto use = columns_.name_at(inner.begin, inner.end);
    if (!use || !use->column || use->end + 2 != inner.end || !is_any(tokens_[use->end], {"like", "glob"}))
        return; // ESCAPE changes what the pattern means
    const bool glob = tokens_[use->end].is("glob");
    const Token &written = tokens_[use->end + 1];
    // A value that was bound may be another one the next time.
    if (written.kind == TokenKind::string &&
        written.text.find_first_of(glob ? "*?[" : "%_") == std::string_view::npos)
        add("like-exact", *use->column, std::string(written.text));
    else
        prefix(*use->column, use->end + 1, glob);
}

void ConditionScanner::prefix(const SourceColumn &column, std::size_t i, bool glob) {
    if (values_[i].kind != TokenKind::string || values_[i].text.size() < 4)
        return;
    const std::string_view text = values_[i].text.substr(1, values_[i].text.size() - 2);
    const std::size_t wildcard = text.find_first_of(glob ? "*?[" : "%_");
    if (wildcard != 0 && wildcard != std::string_view::npos && text.back() == (glob ? '*' : '%'))
        add("like-prefix", column, glob ? "GLOB" : "LIKE");
}

// column IN (1, 2, 3, …), with values only.
void in_list(const std::vector<Token> &tokens, std::size_t i, std::vector<Trait> &traits) {
    std::size_t count = 0;
    for (std::size_t at = i + 2; at < tokens.size() && !tokens[at].is(")"); ++at) {
        const Token &token = tokens[at];
        if (token.literal() || token.kind == TokenKind::variable)
            ++count;
        else if (!is_any(token, {",", "-", "+"}))
            return;
    }
    if (count >= least_list)
        traits.push_back({"in-list", {}, {}, {}, std::to_string(count)});
}

// 2024-05-17 without quotes is 2002.
bool is_date(const std::vector<Token> &tokens, std::size_t i) {
    if (i + 4 >= tokens.size() || !tokens[i + 1].is("-") || !tokens[i + 3].is("-"))
        return false;
    const auto number = [&](std::size_t at, std::size_t least, std::size_t most, int low, int high) {
        const std::string text(tokens[at].text);
        if (tokens[at].kind != TokenKind::number || text.size() < least || text.size() > most ||
            text.find_first_not_of("0123456789") != std::string::npos)
            return false;
        const int value = std::stoi(text);
        return value >= low && value <= high;
    };
    return number(i, 4, 4, 1900, 2099) && number(i + 2, 1, 2, 1, 12) && number(i + 4, 1, 2, 1, 31) &&
           (i == 0 || !is_any(tokens[i - 1], {"+", "-", "*", "/"}));
}

} // namespace

void add_condition_traits(const StatementTokens &statement, const Schema &schema, const QueryBlock &block,
                          std::vector<Trait> &traits) {
    ConditionScanner(statement, schema, block, traits).scan();
}

void add_literal_traits(const StatementTokens &statement, std::vector<Trait> &traits) {
    const std::vector<Token> &tokens = statement.tokens;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].is("in") && i + 1 < tokens.size() && tokens[i + 1].is("("))
            in_list(tokens, i, traits);
        else if (tokens[i].kind == TokenKind::number && is_date(tokens, i))
            traits.push_back({"date-arithmetic",
                              {},
                              {},
                              {},
                              std::string(tokens[i].text) + "-" + std::string(tokens[i + 2].text) + "-" +
                                  std::string(tokens[i + 4].text)});
    }
}

} // namespace advisor::sqlite
