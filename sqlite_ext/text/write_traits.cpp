#include "sqlite_ext/text/block_traits.h"

#include <algorithm>
#include <set>

namespace advisor::sqlite {

namespace {

class WriteScanner {
public:
    WriteScanner(const std::vector<Token> &tokens, const Schema &schema, std::vector<Trait> &traits)
        : tokens_(tokens), schema_(schema), traits_(traits) {}

    void scan();

private:
    bool is(std::size_t i, std::string_view word) const { return i < tokens_.size() && tokens_[i].is(word); }
    std::size_t find(std::size_t start, std::initializer_list<std::string_view> words) const;
    std::size_t read_target(std::size_t i);
    void insert(std::size_t i);
    void update(std::size_t i);
    void assignments(std::size_t set);
    void twice(const std::vector<std::string> &names);
    void add(const char *name, std::string column, std::string detail);

    const std::vector<Token> &tokens_;
    const Schema &schema_;
    std::vector<Trait> &traits_;
    const TableInfo *table_ = nullptr;
};

// First of the words outside of brackets.
std::size_t WriteScanner::find(std::size_t start, std::initializer_list<std::string_view> words) const {
    for (std::size_t i = start; i < tokens_.size(); i = is(i, "(") ? closing_bracket(tokens_, i) + 1 : i + 1)
        if (is_any(tokens_[i], words))
            return i;
    return tokens_.size();
}

void WriteScanner::add(const char *name, std::string column, std::string detail) {
    traits_.push_back({name, table_->schema, table_->name, std::move(column), std::move(detail)});
}

void WriteScanner::scan() {
    const std::size_t verb =
        is(0, "with") ? find(1, {"select", "values", "insert", "replace", "update", "delete"}) : 0;
    if (is(verb, "insert") || is(verb, "replace"))
        insert(find(verb, {"into"}) + 1);
    else if (is(verb, "update"))
        update(is(verb + 1, "or") ? verb + 3 : verb + 1);
    else if (is(verb, "delete") && is(verb + 1, "from")) {
        const std::size_t end = read_target(verb + 2);
        if (table_ != nullptr && find(end, {"where", "limit"}) == tokens_.size())
            add("write-without-where", "", "DELETE");
    }
}

// [schema .] table [AS alias]; gives the position behind it.
std::size_t WriteScanner::read_target(std::size_t i) {
    std::string schema_name;
    if (is(i + 1, ".") && i + 2 < tokens_.size()) {
        schema_name = unquoted(tokens_[i].text);
        i += 2;
    }
    if (i >= tokens_.size())
        return i;
    const TableInfo *table = schema_.resolve_table(schema_name, unquoted(tokens_[i].text));
    table_ = table != nullptr && table->stores_rows() ? table : nullptr;
    return is(i + 1, "as") ? i + 3 : i + 1;
}

void WriteScanner::insert(std::size_t i) {
    i = read_target(i);
    if (table_ == nullptr || i >= tokens_.size())
        return;
    if (is(i, "(") && !is(i + 1, "select") && !is(i + 1, "with") && !is(i + 1, "values")) {
        std::vector<std::string> names;
        const std::size_t close = closing_bracket(tokens_, i);
        for (++i; i < close; ++i)
            if (tokens_[i].name())
                names.push_back(lower_case(unquoted(tokens_[i].text)));
        twice(names);
    } else if (is_any(tokens_[i], {"values", "select", "with"})) {
        add("insert-without-columns", "", "");
    }
    for (std::size_t on = find(i, {"on"}); on < tokens_.size(); on = find(on + 1, {"on"}))
        if (is(on + 1, "conflict"))
            if (const std::size_t set = find(on, {"set"}); set < tokens_.size())
                assignments(set + 1);
}

void WriteScanner::update(std::size_t i) {
    i = read_target(i);
    if (table_ == nullptr)
        return;
    const std::size_t set = find(i, {"set"});
    assignments(set + 1);
    if (find(set, {"where", "from", "limit"}) == tokens_.size())
        add("write-without-where", "", "UPDATE");
}

// a = …, (b, c) = … up to FROM, WHERE, RETURNING or the next ON CONFLICT
void WriteScanner::assignments(std::size_t start) {
    const TokenRange all{start, std::min({find(start, {"from", "where", "returning", "order", "limit", ";"}),
                                          find(start, {"on"}), tokens_.size()})};
    std::vector<std::string> names;
    for (const TokenRange part : split_range(tokens_, all, ",")) {
        const std::size_t end = is(part.begin, "(") ? closing_bracket(tokens_, part.begin) : part.begin + 1;
        for (std::size_t i = part.begin; i < end && i < tokens_.size(); ++i)
            if (tokens_[i].name())
                names.push_back(lower_case(unquoted(tokens_[i].text)));
    }
    twice(names);
}

void WriteScanner::twice(const std::vector<std::string> &names) {
    std::set<std::string> seen;
    for (const std::string &name : names)
        if (!seen.insert(name).second && table_->find_column(name) != nullptr)
            add("duplicate-assignment", table_->find_column(name)->name, "");
}

} // namespace

void add_write_traits(const StatementTokens &statement, const Schema &schema, std::vector<Trait> &traits) {
    WriteScanner(statement.tokens, schema, traits).scan();
}

StatementTokens statement_tokens(std::string_view text, std::string_view expanded) {
    StatementTokens statement{tokenize(text), tokenize(expanded)};
    if (statement.values.size() != statement.tokens.size()) // a negative number is two tokens
        statement.values = statement.tokens;
    return statement;
}

bool is_aggregate_call(const std::vector<Token> &tokens, std::size_t name) {
    if (name + 1 >= tokens.size() || !tokens[name].name() || !tokens[name + 1].is("(") ||
        !is_any(tokens[name],
                {"count", "sum", "total", "avg", "min", "max", "group_concat", "string_agg",
                 "json_group_array", "json_group_object", "jsonb_group_array", "jsonb_group_object", "median",
                 "percentile", "percentile_cont", "percentile_disc"}))
        return false;
    std::size_t after = closing_bracket(tokens, name + 1);
    if (is_any(tokens[name], {"min", "max"}) && after < tokens.size() &&
        split_range(tokens, {name + 2, after}, ",").size() > 1)
        return false; // the scalar ones
    if (after + 2 < tokens.size() && tokens[after + 1].is("filter"))
        after = closing_bracket(tokens, after + 2);
    return after + 1 >= tokens.size() || !tokens[after + 1].is("over");
}

bool is_scalar_call(const std::vector<Token> &tokens, std::size_t name) {
    if (name + 1 >= tokens.size() || !tokens[name].name() || !tokens[name + 1].is("("))
        return false;
    if (is_any(tokens[name], {"min", "max"})) {
        const std::size_t close = closing_bracket(tokens, name + 1);
        return close < tokens.size() && split_range(tokens, {name + 2, close}, ",").size() > 1;
    }
    return is_any(tokens[name],
                  {"abs",        "cast",     "char",      "coalesce",     "concat",   "concat_ws",
                   "date",       "datetime", "format",    "glob",         "hex",      "ifnull",
                   "iif",        "instr",    "julianday", "json_extract", "length",   "like",
                   "likelihood", "likely",   "lower",     "ltrim",        "nullif",   "octet_length",
                   "printf",     "quote",    "random",    "replace",      "round",    "rtrim",
                   "sign",       "strftime", "substr",    "substring",    "time",     "trim",
                   "typeof",     "unhex",    "unicode",   "unixepoch",    "unlikely", "upper",
                   "zeroblob"});
}

} // namespace advisor::sqlite
