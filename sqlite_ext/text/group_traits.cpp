#include "sqlite_ext/text/block_traits.h"

#include <algorithm>
#include <map>

namespace advisor::sqlite {

namespace {

// One thing of the list between SELECT and FROM.
struct Item {
    TokenRange expression;
    std::string alias; // in lower case
};

class GroupScanner {
public:
    GroupScanner(const StatementTokens &statement, const Schema &schema, const QueryBlock &block,
                 std::vector<Trait> &traits)
        : tokens_(statement.tokens), block_(block), columns_(tokens_, schema, block), traits_(traits) {
        read_items();
        read_groups();
    }

    void scan() {
        if (block_.sources.empty())
            return;
        if (aggregates(block_.list) > 0 || !block_.group_by.empty())
            bare_columns();
        if (!block_.having.empty() && !block_.group_by.empty())
            having();
        if (block_.distinct)
            distinct();
    }

private:
    bool is(std::size_t i, std::string_view word) const { return i < tokens_.size() && tokens_[i].is(word); }
    void read_items();
    void read_groups();
    bool same(std::size_t at, std::size_t end, TokenRange range) const;
    int aggregates(TokenRange range) const;
    bool unsure(TokenRange range) const;
    void bare_columns();
    std::optional<SourceColumn> bare_column(TokenRange range, const std::set<SourceColumn> &known,
                                            const std::set<std::size_t> &sources) const;
    void having();
    void distinct();
    void fan_out(const std::set<std::size_t> &listed, const std::set<std::size_t> &determined);
    void add(const char *name, std::size_t source, std::string column, std::string detail);

    const std::vector<Token> &tokens_;
    const QueryBlock &block_;
    BlockColumns columns_;
    std::vector<Trait> &traits_;
    std::vector<Item> items_;
    std::vector<TokenRange> groups_; // an alias or a number stands for its item
};

void GroupScanner::read_items() {
    for (const TokenRange part : split_range(tokens_, block_.list, ",")) {
        if (part.empty())
            continue;
        Item item{part, ""};
        const std::size_t last = part.end - 1;
        if (part.end - part.begin >= 3 && is(last - 1, "as")) {
            item = {{part.begin, last - 1}, lower_case(unquoted(tokens_[last].text))};
        } else if (part.end - part.begin >= 2 && tokens_[last].name() && !is(last, "end") &&
                   (tokens_[last - 1].name() || is(last - 1, ")") || tokens_[last - 1].literal())) {
            item = {{part.begin, last}, lower_case(unquoted(tokens_[last].text))};
        }
        items_.push_back(std::move(item));
    }
}

void GroupScanner::read_groups() {
    for (TokenRange part : split_range(tokens_, block_.group_by, ",")) {
        part = without_brackets(tokens_, part);
        if (part.begin + 1 == part.end) {
            const Token &token = tokens_[part.begin];
            const auto item = token.kind == TokenKind::number
                                  ? items_.end()
                                  : std::find_if(items_.begin(), items_.end(), [&](const Item &one) {
                                        return one.alias == lower_case(unquoted(token.text));
                                    });
            const std::size_t place =
                token.kind == TokenKind::number
                    ? static_cast<std::size_t>(std::strtoul(std::string(token.text).c_str(), nullptr, 10))
                    : 0;
            if (item != items_.end())
                part = item->expression;
            else if (place > 0 && place <= items_.size())
                part = items_[place - 1].expression;
        }
        groups_.push_back(part);
    }
}

// The tokens from there on are those of the range, whatever their spelling.
bool GroupScanner::same(std::size_t at, std::size_t end, TokenRange range) const {
    if (range.empty() || at + (range.end - range.begin) > end)
        return false;
    for (std::size_t i = range.begin; i < range.end; ++i, ++at)
        if (!equal_ignoring_case(unquoted(tokens_[at].text), unquoted(tokens_[i].text)))
            return false;
    return true;
}

int GroupScanner::aggregates(TokenRange range) const {
    int count = 0;
    for (std::size_t i = range.begin; i < range.end; ++i) {
        if (tokens_[i].is("(") && is(i + 1, "select")) // has its own
            i = closing_bracket(tokens_, i);
        else
            count += is_aggregate_call(tokens_, i) ? 1 : 0;
    }
    return count;
}

// A function that may be an aggregate, or a query.
bool GroupScanner::unsure(TokenRange range) const {
    for (std::size_t i = range.begin; i < range.end; ++i) {
        if (tokens_[i].is("select") || tokens_[i].is("*") || tokens_[i].is("over"))
            return true;
        if (tokens_[i].name() && is(i + 1, "(") && !is_scalar_call(tokens_, i) &&
            !is_any(tokens_[i], {"in", "and", "or", "not", "when", "then", "else", "between", "like"}))
            return true;
    }
    return false;
}

// The first column outside of aggregates that neither is grouped nor follows from what is.
std::optional<SourceColumn> GroupScanner::bare_column(TokenRange range, const std::set<SourceColumn> &known,
                                                      const std::set<std::size_t> &sources) const {
    for (std::size_t i = range.begin; i < range.end;) {
        const auto grouped = std::find_if(groups_.begin(), groups_.end(),
                                          [&](const TokenRange &group) { return same(i, range.end, group); });
        if (grouped != groups_.end()) {
            i += grouped->end - grouped->begin;
            continue;
        }
        const bool call = tokens_[i].name() && is(i + 1, "(");
        if ((call && !is_scalar_call(tokens_, i)) || (is(i, "(") && is(i + 1, "select"))) {
            i = closing_bracket(tokens_, call ? i + 1 : i) + 1;
            while (is(i, "filter") || is(i, "over"))
                i = is(i + 1, "(") ? closing_bracket(tokens_, i + 1) + 1 : i + 2;
            continue;
        }
        const auto use = columns_.name_at(i, range.end);
        if (use && use->column && !known.contains(*use->column) && !sources.contains(use->column->source))
            return use->column;
        i = use ? use->end : i + 1;
    }
    return std::nullopt;
}

void GroupScanner::bare_columns() {
    // With one min() or max() SQLite takes the other columns from its row: that is documented, and meant.
    for (std::size_t i = block_.select; i < block_.end; ++i)
        if (is_aggregate_call(tokens_, i) && is_any(tokens_[i], {"min", "max"}))
            return;
    std::set<SourceColumn> known;
    for (const TokenRange &group : groups_)
        if (const auto column = columns_.column(group))
            known.insert(*column);
    const auto sources = columns_.determined(known, true);
    for (const Item &item : items_) {
        if (range_has(tokens_, item.expression, "*") && aggregates(item.expression) == 0)
            continue;
        if (const auto column = bare_column(item.expression, known, sources))
            return add("group-by-bare-column", column->source, column->column,
                       range_text(tokens_, item.expression));
    }
}

// All that it names is grouped, so that WHERE can say the same before the rows are grouped.
void GroupScanner::having() {
    if (aggregates(block_.having) > 0 || unsure(block_.having))
        return;
    std::optional<SourceColumn> first;
    for (std::size_t i = block_.having.begin; i < block_.having.end;) {
        const auto use = columns_.name_at(i, block_.having.end);
        if (!use) {
            ++i;
            continue;
        }
        const bool grouped =
            use->column && std::any_of(groups_.begin(), groups_.end(), [&](const TokenRange &group) {
                return columns_.column(group) == use->column;
            });
        if (!grouped)
            return;
        first = first ? first : use->column;
        i = use->end;
    }
    if (first)
        add("having-without-aggregate", first->source, first->column, range_text(tokens_, block_.having));
}

void GroupScanner::distinct() {
    if (aggregates(block_.list) > 0 || !block_.group_by.empty())
        return;
    std::set<SourceColumn> known;
    std::set<std::size_t> listed;
    for (const Item &item : items_) {
        const TokenRange range = item.expression;
        const bool all = is(range.end - 1, "*");
        for (std::size_t source = 0; all && source < block_.sources.size(); ++source) {
            if (range.begin + 1 < range.end &&
                !equal_ignoring_case(block_.sources[source].name, unquoted(tokens_[range.begin].text)))
                continue;
            listed.insert(source);
            if (const TableInfo *table = columns_.table(source))
                for (const ColumnInfo &column : table->columns)
                    known.insert({source, lower_case(column.name)});
        }
        if (all)
            continue;
        if (const auto column = columns_.column(range)) {
            known.insert(*column);
            listed.insert(column->source);
        } else {
            for (std::size_t i = range.begin; i < range.end; ++i)
                if (tokens_[i].is("select") || columns_.name_at(i, range.end))
                    return; // what it names, it may name of any table
        }
    }
    const auto determined = columns_.determined(known, false);
    if (determined.size() == block_.sources.size())
        add("redundant-distinct", 0, "", range_text(tokens_, block_.list));
    else
        fan_out(listed, determined);
}

// The list has a key of each table that it names, and an inner join to a table that it does not name doubles
// rows.
void GroupScanner::fan_out(const std::set<std::size_t> &listed, const std::set<std::size_t> &determined) {
    if (listed.empty() || !std::includes(determined.begin(), determined.end(), listed.begin(), listed.end()))
        return;
    for (std::size_t source = 1; source < block_.sources.size(); ++source) {
        const BlockSource &joined = block_.sources[source];
        if (joined.join != JoinKind::inner && joined.join != JoinKind::comma)
            continue;
        if (columns_.table(source) != nullptr && !listed.contains(source) && !determined.contains(source))
            return add("distinct-hides-fanout", source, "", joined.name);
    }
}

void GroupScanner::add(const char *name, std::size_t source, std::string column, std::string detail) {
    const TableInfo *table = columns_.table(source);
    if (table != nullptr)
        traits_.push_back({name, table->schema, table->name, std::move(column), std::move(detail)});
}

} // namespace

void add_group_traits(const StatementTokens &statement, const Schema &schema, const QueryBlock &block,
                      std::vector<Trait> &traits) {
    GroupScanner(statement, schema, block, traits).scan();
}

} // namespace advisor::sqlite
