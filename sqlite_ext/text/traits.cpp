#include "sqlite_ext/text/traits.h"

#include "core/catalog/ddl.h"
#include "sqlite_ext/text/aliases.h"
#include "sqlite_ext/text/block_traits.h"
#include "sqlite_ext/text/expression_scan.h"
#include "sqlite_ext/text/tokens.h"

#include <algorithm>
#include <set>

namespace advisor::sqlite {

namespace {

constexpr std::size_t max_traits = 50;    // of one statement
constexpr std::size_t max_tokens = 10000; // the structure of a longer statement is not looked at

class TraitScanner {
public:
    TraitScanner(std::string_view sql, const Schema &schema)
        : sql_(sql), schema_(schema), tokens_(tokenize(sql)), aliases_(tokens_, schema) {}

    std::vector<Trait> traits();

private:
    bool is(std::size_t i, std::string_view word) const { return i < tokens_.size() && tokens_[i].is(word); }
    void add(const char *name, std::string detail);
    bool add_for_column(const char *name, std::size_t end, std::string detail);
    bool in_virtual_table(const std::string &column) const;
    void pattern(std::size_t i);
    void offset(std::size_t i);
    void not_in_query(std::size_t i);
    void null_comparison(std::size_t i);
    void double_quoted_string(std::size_t i);
    void select_star(std::size_t i);
    void functions_on_columns();
    void read_names();

    std::string_view sql_;
    const Schema &schema_;
    std::vector<Token> tokens_;
    TableAliases aliases_;
    std::set<std::string> names_; // that a quoted name may mean, in lower case
    std::vector<Trait> traits_;
};

std::vector<Trait> TraitScanner::traits() {
    read_names();
    for (std::size_t i = 0; i < tokens_.size() && traits_.size() < max_traits; ++i) {
        if (is_any(tokens_[i], {"like", "glob"}))
            pattern(i);
        else if (tokens_[i].is("limit"))
            offset(i);
        else if (tokens_[i].is("not") && is(i + 1, "in"))
            not_in_query(i);
        else if (is_any(tokens_[i], {"=", "==", "<>", "!="}) && is(i + 1, "null"))
            null_comparison(i);
        else if (tokens_[i].is("select"))
            select_star(i);
        else if (tokens_[i].is("random") && i >= 2 && is(i - 1, "by") && is(i - 2, "order"))
            add("order-by-random", "ORDER BY random()");
        else if (tokens_[i].kind == TokenKind::quoted_name && tokens_[i].text.front() == '"')
            double_quoted_string(i);
    }
    functions_on_columns();
    return std::move(traits_);
}

void TraitScanner::add(const char *name, std::string detail) {
    traits_.push_back({name, {}, {}, {}, std::move(detail)});
}

// For the column whose name ends before the token, if it is one of a table of the statement.
bool TraitScanner::add_for_column(const char *name, std::size_t end, std::string detail) {
    if (end == 0 || !tokens_[end - 1].name())
        return false;
    const std::string column = unquoted(tokens_[end - 1].text);
    const bool qualified = end >= 3 && tokens_[end - 2].is(".");
    if (!qualified && in_virtual_table(column))
        return false;
    const auto table = aliases_.table_of(qualified ? unquoted(tokens_[end - 3].text) : "", column);
    if (!table)
        return false;
    const TableInfo &info = schema_.tables[*table];
    traits_.push_back({name, info.schema, info.name, info.find_column(column)->name, std::move(detail)});
    return true;
}

// A full-text table that the statement names has a column of that name, so that it may be meant.
bool TraitScanner::in_virtual_table(const std::string &column) const {
    return std::any_of(schema_.tables.begin(), schema_.tables.end(), [&](const TableInfo &table) {
        return table.kind == TableKind::virtual_table && table.find_column(column) != nullptr &&
               std::any_of(tokens_.begin(), tokens_.end(), [&](const Token &token) {
                   return token.name() && equal_ignoring_case(unquoted(token.text), table.name);
               });
    });
}

void TraitScanner::pattern(std::size_t i) {
    if (i + 1 >= tokens_.size() || tokens_[i + 1].kind != TokenKind::string || tokens_[i + 1].text.size() < 4)
        return;
    const bool glob = tokens_[i].is("glob");
    const char first = tokens_[i + 1].text[1];
    if (first == (glob ? '*' : '%')) // NOT LIKE searches nothing
        if (i == 0 || !tokens_[i - 1].is("not"))
            add_for_column("leading-wildcard", i, glob ? "GLOB" : "LIKE");
}

// LIMIT n OFFSET m, LIMIT m, n
void TraitScanner::offset(std::size_t i) {
    std::size_t number = tokens_.size();
    if (is(i + 2, "offset"))
        number = i + 3;
    else if (is(i + 2, ","))
        number = i + 1;
    if (number < tokens_.size() && tokens_[number].kind == TokenKind::number)
        add("offset", std::string(tokens_[number].text));
}

// c NOT IN (SELECT d FROM …): the trait names d, which must not be NULL.
void TraitScanner::not_in_query(std::size_t i) {
    std::size_t column = i + 4;
    if (!is(i + 2, "(") || !is(i + 3, "select"))
        return;
    if (is(column, "distinct"))
        ++column;
    const bool qualified = is(column + 1, ".");
    if (qualified)
        column += 2;
    if (!is(column + 1, "from"))
        return;
    // The outer query may have a column of the same name: the inner one's own comes first.
    const std::size_t source = is(column + 3, ".") ? column + 4 : column + 2;
    const auto table = !qualified && source < tokens_.size() && tokens_[source].name()
                           ? aliases_.table_named(unquoted(tokens_[source].text))
                           : std::nullopt;
    const ColumnInfo *own =
        table ? schema_.tables[*table].find_column(unquoted(tokens_[column].text)) : nullptr;
    if (own == nullptr)
        add_for_column("not-in-query", column + 1, "NOT IN (SELECT");
    else
        traits_.push_back({"not-in-query", schema_.tables[*table].schema, schema_.tables[*table].name,
                           own->name, "NOT IN (SELECT"});
}

// In a condition: SET c = NULL and the like are none.
void TraitScanner::null_comparison(std::size_t i) {
    for (std::size_t back = i; back-- > 0;) {
        if (tokens_[back].is("set"))
            return;
        if (is_any(tokens_[back], {"where", "on", "having", "and", "or", "when"}))
            break;
    }
    add_for_column("null-comparison", i, std::string(tokens_[i].text) + " NULL");
}

// SQLite takes "x" for a string where no column has that name: a misspelt column becomes a constant.
void TraitScanner::double_quoted_string(std::size_t i) {
    const bool part_of_name = (i > 0 && tokens_[i - 1].is(".")) || is(i + 1, ".") || is(i + 1, "(");
    if (part_of_name || names_.contains(lower_case(unquoted(tokens_[i].text))))
        return;
    // Where only a name may stand it is a name.
    if (i > 0 &&
        (is_any(tokens_[i - 1], {"as", "from", "join", "into", "update", "by", "collate", "window"}) ||
         tokens_[i - 1].name() || tokens_[i - 1].is(")")) &&
        !is_any(tokens_[i - 1], {"like", "glob", "is", "in", "and", "or", "not", "when", "then", "else",
                                 "select", "where", "between", "on", "having", "limit", "match", "distinct"}))
        return;
    add("double-quoted-string", std::string(tokens_[i].text));
}

void TraitScanner::select_star(std::size_t i) {
    const std::size_t star = is(i + 2, ".") ? i + 3 : i + 1;
    // EXISTS (SELECT * …) reads nothing.
    if (!is(star, "*") || (i >= 2 && is(i - 2, "exists")))
        return;
    for (std::size_t from = star + 1; from + 1 < tokens_.size(); ++from) {
        if (!tokens_[from].is("from"))
            continue;
        const std::size_t name = is(from + 2, ".") ? from + 3 : from + 1;
        if (name < tokens_.size() && tokens_[name].name())
            if (const auto table = aliases_.table_named(unquoted(tokens_[name].text))) {
                const TableInfo &info = schema_.tables[*table];
                traits_.push_back({"select-star", info.schema, info.name, {}, "SELECT *"});
            }
        return;
    }
}

void TraitScanner::functions_on_columns() {
    for (const ExpressionCondition &condition : expression_conditions(sql_, schema_)) {
        const TableInfo &info = schema_.tables[condition.table];
        for (const Token &token : tokenize(condition.predicate.key))
            if (const ColumnInfo *column = token.name() ? info.find_column(unquoted(token.text)) : nullptr) {
                traits_.push_back(
                    {"function-on-column", info.schema, info.name, column->name, condition.predicate.key});
                break;
            }
    }
}

// All columns of the schema and all names that the statement gives: rather silent than wrong.
void TraitScanner::read_names() {
    for (const TableInfo &table : schema_.tables) {
        names_.insert(lower_case(table.name));
        for (const ColumnInfo &column : table.columns)
            names_.insert(lower_case(column.name));
    }
    for (const SchemaObject &object : schema_.objects)
        names_.insert(lower_case(object.name));
    for (const std::string &name : schema_.schemas)
        names_.insert(lower_case(name));
    for (const char *name : {"rowid", "oid", "_rowid_", "excluded", "true", "false"})
        names_.insert(name);
    for (std::size_t i = 0; i + 1 < tokens_.size(); ++i)
        if (tokens_[i + 1].name() && (tokens_[i].is("as") || tokens_[i].is("with")))
            names_.insert(lower_case(unquoted(tokens_[i + 1].text)));
        else if (tokens_[i].name() && tokens_[i + 1].is("as"))
            names_.insert(lower_case(unquoted(tokens_[i].text)));
}

void add_block_traits(std::string_view text, std::string_view expanded, const Schema &schema,
                      std::vector<Trait> &traits) {
    const StatementTokens statement = statement_tokens(text, expanded);
    add_literal_traits(statement, traits);
    if (statement.tokens.size() > max_tokens)
        return;
    add_write_traits(statement, schema, traits);
    for (const QueryBlock &block : query_blocks(statement.tokens, schema)) {
        if (traits.size() >= max_traits)
            return;
        add_join_traits(statement, schema, block, traits);
        add_group_traits(statement, schema, block, traits);
        add_result_traits(statement, schema, block, traits);
        add_condition_traits(statement, schema, block, traits);
    }
}

} // namespace

std::vector<Trait> traits_of(std::string_view text, std::string_view expanded, const Schema &schema) {
    std::vector<Trait> traits = TraitScanner(expanded.empty() ? text : expanded, schema).traits();
    add_block_traits(text, expanded, schema, traits);
    return traits;
}

} // namespace advisor::sqlite
