#include "sqlite_ext/text/block_traits.h"

namespace advisor::sqlite {

namespace {

class ResultScanner {
public:
    ResultScanner(const StatementTokens &statement, const Schema &schema, const QueryBlock &block,
                  std::vector<Trait> &traits)
        : tokens_(statement.tokens), values_(statement.values), block_(block),
          columns_(tokens_, schema, block), traits_(traits) {}

    void scan() {
        order_by_constant();
        if (block_.sources.empty())
            return;
        limit();
        whole_table();
        counted();
    }

private:
    bool is(std::size_t i, std::string_view word) const { return i < tokens_.size() && tokens_[i].is(word); }
    bool plain() const; // each row of the tables that the conditions leave is one of the result
    bool top_level() const { return block_.select == 0 && !block_.compound; }
    void add(const char *name, std::string detail);
    void order_by_constant();
    void limit();
    void whole_table();
    void counted();
    bool counts_rows() const;
    bool only_tells_whether() const;

    const std::vector<Token> &tokens_;
    const std::vector<Token> &values_;
    const QueryBlock &block_;
    BlockColumns columns_;
    std::vector<Trait> &traits_;
};

void ResultScanner::add(const char *name, std::string detail) {
    const TableInfo *table = columns_.table(0);
    traits_.push_back({name,
                       table == nullptr ? "" : table->schema,
                       table == nullptr ? "" : table->name,
                       {},
                       std::move(detail)});
}

bool ResultScanner::plain() const {
    if (block_.distinct || !block_.group_by.empty())
        return false;
    for (std::size_t i = block_.list.begin; i < block_.list.end; ++i)
        if (is_aggregate_call(tokens_, i))
            return false;
    return true;
}

// A number is a column's place; a text or a parameter is one value for all rows and orders nothing.
void ResultScanner::order_by_constant() {
    for (const TokenRange part : split_range(tokens_, block_.order_by, ",")) {
        if (part.empty())
            continue;
        const Token &token = tokens_[part.begin];
        const bool alone =
            part.begin + 1 == part.end || is_any(tokens_[part.begin + 1], {"asc", "desc", "collate"});
        if (alone && (token.kind == TokenKind::string || token.kind == TokenKind::blob ||
                      token.kind == TokenKind::variable || token.is("null")))
            add("order-by-constant", std::string(token.text));
    }
}

// Which rows come is left to chance: with OFFSET, or where there are no conditions that make the rows few.
void ResultScanner::limit() {
    if (block_.limit.empty() || !block_.order_by.empty() || !top_level() || !plain())
        return;
    const auto parts = split_range(tokens_, block_.limit, ",");
    const auto offsets = split_range(tokens_, block_.limit, "offset");
    const TokenRange rows = parts.size() == 2 ? parts[1] : offsets[0];
    const TokenRange offset = parts.size() == 2 ? parts[0] : offsets.size() == 2 ? offsets[1] : TokenRange{};
    if (!columns_.constant(rows) || (!offset.empty() && !columns_.constant(offset)))
        return;
    const std::string_view skipped = offset.empty() ? "" : values_[offset.begin].text;
    const bool pages = !offset.empty() && skipped != "0";
    if (columns_.table(0) != nullptr && block_.sources.size() == 1 && (pages || block_.where.empty()))
        add("limit-without-order", std::string(values_[rows.begin].text) + (pages ? " offset" : ""));
}

void ResultScanner::whole_table() {
    if (top_level() && plain() && block_.limit.empty() && block_.where.empty() &&
        block_.sources.size() == 1 && columns_.table(0) != nullptr)
        add("whole-table", "");
}

bool ResultScanner::counts_rows() const {
    const std::size_t i = block_.list.begin;
    return is(i, "count") && is(i + 1, "(") && (is(i + 2, "*") || is(i + 2, "1") || is(i + 2, "rowid")) &&
           is(i + 3, ")") && block_.group_by.empty() && block_.having.empty() && block_.limit.empty();
}

void ResultScanner::counted() {
    if (!counts_rows())
        return;
    if (block_.where.empty() && block_.sources.size() == 1 && columns_.table(0) != nullptr)
        add("count-all", "");
    else if (block_.list.begin + 4 == block_.list.end && only_tells_whether())
        add("count-for-existence", range_text(tokens_, {block_.select, block_.end}));
}

// (SELECT count(*) …) > 0 and the like.
bool ResultScanner::only_tells_whether() const {
    const std::size_t after = block_.end + 1;
    if (!block_.bracketed || block_.select == 0 || !is(block_.select - 1, "(") || block_.compound)
        return false;
    const bool with_0 =
        is(after + 1, "0") && after < tokens_.size() && is_any(tokens_[after], {">", "=", "==", "<>", "!="});
    const bool with_1 = is(after + 1, "1") && after < tokens_.size() && is_any(tokens_[after], {">=", "<"});
    const bool goes_on = after + 2 < tokens_.size() && is_any(tokens_[after + 2], {"+", "-", "*", "/", "||"});
    return (with_0 || with_1) && !goes_on;
}

} // namespace

void add_result_traits(const StatementTokens &statement, const Schema &schema, const QueryBlock &block,
                       std::vector<Trait> &traits) {
    ResultScanner(statement, schema, block, traits).scan();
}

} // namespace advisor::sqlite
