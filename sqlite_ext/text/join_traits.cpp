#include "sqlite_ext/text/block_traits.h"

#include "core/catalog/ddl.h"
#include "sqlite_ext/json.h"

#include <algorithm>
#include <numeric>

namespace advisor::sqlite {

namespace {

std::string table_json(const TableInfo &table) {
    return "{\"schema\": " + json_string(table.schema) + ", \"table\": " + json_string(table.name) + "}";
}

class JoinScanner {
public:
    JoinScanner(const StatementTokens &statement, const Schema &schema, const QueryBlock &block,
                std::vector<Trait> &traits)
        : tokens_(statement.tokens), block_(block), columns_(tokens_, schema, block), traits_(traits) {}

    void scan() {
        if (block_.sources.size() < 2)
            return;
        unconnected();
        natural();
        defeated_outer_joins();
        compared_columns();
    }

private:
    using Groups = std::vector<std::size_t>;
    bool is(std::size_t i, std::string_view word) const { return i < tokens_.size() && tokens_[i].is(word); }
    void unconnected();
    bool connect(TokenRange range, Groups &groups) const;
    Groups connected_sources(bool &told, std::vector<bool> &pinned) const;
    void natural();
    void defeated_outer_joins();
    bool rejects_null(TokenRange range, std::size_t source) const;
    void compared_columns();

    const std::vector<Token> &tokens_;
    const QueryBlock &block_;
    BlockColumns columns_;
    std::vector<Trait> &traits_;
};

void unite(std::vector<std::size_t> &groups, std::size_t a, std::size_t b) {
    std::replace(groups.begin(), groups.end(), std::size_t{groups[a]}, std::size_t{groups[b]});
}

// The condition ties the sources that it names. False: it names something that can't be told.
bool JoinScanner::connect(TokenRange range, Groups &groups) const {
    std::optional<std::size_t> first;
    for (std::size_t i = range.begin; i < range.end;) {
        if (tokens_[i].is("select"))
            return false;
        const auto use = columns_.name_at(i, range.end);
        if (!use) {
            ++i;
            continue;
        }
        if (!use->column)
            return false;
        if (first)
            unite(groups, *first, use->column->source);
        first = use->column->source;
        i = use->end;
    }
    return true;
}

JoinScanner::Groups JoinScanner::connected_sources(bool &told, std::vector<bool> &pinned) const {
    Groups groups(block_.sources.size());
    std::iota(groups.begin(), groups.end(), std::size_t{0});
    for (const BlockColumns::Term &term : columns_.terms()) {
        told = told && connect(term.range, groups);
        // ON with something that names one of the tables only, or nothing, is still meant as a condition; 1
        // and 1 = 1 are none.
    }
    for (const Equality &equality : columns_.equalities()) {
        if (equality.right)
            unite(groups, equality.left.source, equality.right->source);
        else
            pinned[equality.left.source] = true;
    }
    for (std::size_t source = 1; source < block_.sources.size(); ++source)
        if (block_.sources[source].join == JoinKind::cross || block_.sources[source].function)
            unite(groups, source, source - 1);
    return groups;
}

// Two tables, joined by a comma or a JOIN, that no condition ties to each other, and neither of which is
// narrowed to one value.
void JoinScanner::unconnected() {
    bool told = true;
    std::vector<bool> pinned(block_.sources.size(), false);
    const Groups groups = connected_sources(told, pinned);
    if (!told)
        return;
    const auto counts = [&](std::size_t source) {
        for (std::size_t other = 0; other < groups.size(); ++other)
            if (groups[other] == groups[source] && (pinned[other] || columns_.table(other) == nullptr))
                return false;
        return true;
    };
    for (std::size_t source = 1; source < groups.size(); ++source)
        for (std::size_t other = 0; other < source; ++other)
            if (groups[other] != groups[source] && counts(source) && counts(other)) {
                const TableInfo &table = *columns_.table(source);
                traits_.push_back(
                    {"unconnected-tables", table.schema, table.name, {}, table_json(*columns_.table(other))});
                return;
            }
}

void JoinScanner::natural() {
    for (std::size_t source = 1; source < block_.sources.size(); ++source) {
        const TableInfo *table = columns_.table(source);
        if (!block_.sources[source].natural || table == nullptr)
            continue;
        std::string shared;
        for (const ColumnInfo &column : table->columns)
            for (std::size_t other = 0; other < source; ++other)
                if (columns_.table(other) != nullptr &&
                    columns_.table(other)->find_column(column.name) != nullptr) {
                    shared += (shared.empty() ? "" : ", ") + core::quote_identifier(column.name);
                    break;
                }
        traits_.push_back({"natural-join", table->schema, table->name, {}, shared});
    }
}

// column = …, column IN …, column IS NOT NULL: never true of the row of NULLs that a LEFT JOIN makes up.
bool JoinScanner::rejects_null(TokenRange range, std::size_t source) const {
    range = without_brackets(tokens_, range);
    for (const char *word : {"case", "is", "select", "or"})
        if (range_has(tokens_, range, word) && std::string_view(word) != "is")
            return false;
    const auto use = columns_.name_at(range.begin, range.end);
    if (!use || !use->column || use->column->source != source)
        return false;
    std::size_t i = use->end;
    if (is(i, "notnull") || (is(i, "is") && is(i + 1, "not") && is(i + 2, "null")))
        return true;
    if (range_has(tokens_, range, "is") || range_has(tokens_, range, "isnull"))
        return false;
    i += is(i, "not") ? 1 : 0;
    return i < range.end &&
           is_any(tokens_[i], {"=", "==", "<", "<=", ">", ">=", "<>", "!=", "like", "glob", "in", "between"});
}

void JoinScanner::defeated_outer_joins() {
    const bool outer = std::any_of(block_.sources.begin(), block_.sources.end(),
                                   [](const BlockSource &source) { return source.join == JoinKind::outer; });
    for (std::size_t source = 1; !outer && source < block_.sources.size(); ++source) {
        const TableInfo *table = columns_.table(source);
        if (block_.sources[source].join != JoinKind::left || table == nullptr)
            continue;
        for (const BlockColumns::Term &term : columns_.terms())
            if (!term.on && rejects_null(term.range, source)) {
                traits_.push_back(
                    {"outer-join-defeated", table->schema, table->name,
                     columns_.name_at(without_brackets(tokens_, term.range).begin, term.range.end)
                         ->column->column,
                     range_text(tokens_, term.range)});
                break;
            }
    }
}

// Of a number and a text: the index on the text's side does not serve.
void JoinScanner::compared_columns() {
    for (const Equality &equality : columns_.equalities()) {
        if (!equality.right || equality.left.source == equality.right->source)
            continue;
        for (const auto &[one, two] :
             {std::pair{equality.left, *equality.right}, std::pair{*equality.right, equality.left}}) {
            const ColumnInfo *text = columns_.info(one);
            const ColumnInfo *number = columns_.info(two);
            if (text == nullptr || number == nullptr || affinity_of(*text) == Affinity::number ||
                affinity_of(*number) != Affinity::number)
                continue;
            const TableInfo &table = *columns_.table(one.source);
            const TableInfo &other = *columns_.table(two.source);
            traits_.push_back({"compared-columns", table.schema, table.name, text->name,
                               "{\"schema\": " + json_string(other.schema) +
                                   ", \"table\": " + json_string(other.name) +
                                   ", \"column\": " + json_string(number->name) + "}"});
        }
    }
}

} // namespace

void add_join_traits(const StatementTokens &statement, const Schema &schema, const QueryBlock &block,
                     std::vector<Trait> &traits) {
    JoinScanner(statement, schema, block, traits).scan();
}

} // namespace advisor::sqlite
