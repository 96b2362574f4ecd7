#include "sqlite_ext/text/query_blocks.h"

#include <algorithm>
#include <set>

namespace advisor::sqlite {

namespace {

class BlockReader {
public:
    BlockReader(const std::vector<Token> &tokens, const Schema &schema) : tokens_(tokens), schema_(schema) {
        read_query_names();
    }

    std::vector<QueryBlock> blocks();

private:
    bool is(std::size_t i, std::string_view word) const { return i < tokens_.size() && tokens_[i].is(word); }
    bool is_name(std::size_t i) const { return i < tokens_.size() && tokens_[i].name(); }
    std::size_t behind_brackets(std::size_t i) const {
        return std::min(closing_bracket(tokens_, i) + 1, tokens_.size());
    }
    void read_query_names();
    QueryBlock read_block(std::size_t select) const;
    std::size_t end_of_block(std::size_t select) const;
    void read_from(TokenRange from, QueryBlock &block) const;
    std::size_t read_join(std::size_t i, std::size_t end, BlockSource &source) const;
    std::size_t read_source(std::size_t i, std::size_t end, BlockSource &source) const;
    std::size_t read_condition(std::size_t i, std::size_t end, BlockSource &source) const;
    bool starts_join(std::size_t i) const;

    const std::vector<Token> &tokens_;
    const Schema &schema_;
    std::set<std::string> query_names_; // of WITH, in lower case: they hide tables
};

// name AS (…), name(columns) AS (…)
void BlockReader::read_query_names() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
        if (!tokens_[i].name())
            continue;
        std::size_t next = i + 1;
        if (is(next, "("))
            next = behind_brackets(next);
        if (!is(next, "as"))
            continue;
        next += is(next + 1, "not") ? 2 : 1;
        next += is(next, "materialized") ? 1 : 0;
        if (is(next, "(") && next + 1 < tokens_.size() &&
            is_any(tokens_[next + 1], {"select", "with", "values"}))
            query_names_.insert(lower_case(unquoted(tokens_[i].text)));
    }
}

std::vector<QueryBlock> BlockReader::blocks() {
    std::vector<QueryBlock> result;
    for (std::size_t i = 0; i < tokens_.size(); ++i)
        if (tokens_[i].is("select"))
            result.push_back(read_block(i));
    return result;
}

// The bracket that closes it, the word that goes on with another SELECT, or the end of the statement.
std::size_t BlockReader::end_of_block(std::size_t select) const {
    for (std::size_t i = select + 1; i < tokens_.size(); i = is(i, "(") ? behind_brackets(i) : i + 1)
        if (is_any(tokens_[i], {")", ";", "union", "intersect", "except", "returning"}) ||
            (tokens_[i].is("on") && is(i + 1, "conflict")))
            return i;
    return tokens_.size();
}

QueryBlock BlockReader::read_block(std::size_t select) const {
    QueryBlock block;
    block.select = select;
    block.end = end_of_block(select);
    block.bracketed = is(block.end, ")");
    const auto joins_others = [&](std::size_t i) {
        return i < tokens_.size() && is_any(tokens_[i], {"union", "intersect", "except"});
    };
    block.compound = joins_others(block.end) || (select > 0 && joins_others(select - 1)) ||
                     (select > 1 && is(select - 1, "all") && joins_others(select - 2));
    block.distinct = is(select + 1, "distinct");
    const std::size_t list = select + (block.distinct || is(select + 1, "all") ? 2 : 1);
    TokenRange from;
    TokenRange window;
    TokenRange *open = &block.list;
    open->begin = list;
    for (std::size_t i = list; i < block.end; i = is(i, "(") ? behind_brackets(i) : i + 1) {
        const bool by = is(i + 1, "by");
        TokenRange *next = is(i, "from") && !is(i - 1, "distinct") ? &from
                           : is(i, "where")                        ? &block.where
                           : is(i, "group") && by                  ? &block.group_by
                           : is(i, "having")                       ? &block.having
                           : is(i, "window") && is(i + 2, "as")    ? &window
                           : is(i, "order") && by                  ? &block.order_by
                           : is(i, "limit")                        ? &block.limit
                                                                   : nullptr;
        if (next == nullptr)
            continue;
        open->end = i;
        open = next;
        open->begin = i + (by ? 2 : 1);
    }
    open->end = block.end;
    read_from(from, block);
    return block;
}

bool BlockReader::starts_join(std::size_t i) const {
    return is_any(tokens_[i], {",", "join", "natural", "left", "right", "full", "inner", "cross"});
}

void BlockReader::read_from(TokenRange from, QueryBlock &block) const {
    for (std::size_t i = from.begin; i < from.end;) {
        BlockSource source;
        const std::size_t start = i;
        if (!block.sources.empty())
            i = read_join(i, from.end, source);
        i = read_source(i, from.end, source);
        i = read_condition(i, from.end, source);
        block.sources.push_back(std::move(source));
        if (i == start)
            break; // no FROM as we know it
    }
}

std::size_t BlockReader::read_join(std::size_t i, std::size_t end, BlockSource &source) const {
    source.join = is(i, ",") ? JoinKind::comma : JoinKind::inner;
    for (; i < end && (starts_join(i) || is(i, "outer")); ++i) {
        if (is(i, "natural"))
            source.natural = true;
        else if (is(i, "left"))
            source.join = JoinKind::left;
        else if (is(i, "right") || is(i, "full"))
            source.join = JoinKind::outer;
        else if (is(i, "cross"))
            source.join = JoinKind::cross;
        else if (is(i, ",") || is(i, "join"))
            return i + 1;
    }
    return i;
}

// [schema.] name [(arguments)] [[AS] alias] [INDEXED BY … | NOT INDEXED], or brackets.
std::size_t BlockReader::read_source(std::size_t i, std::size_t end, BlockSource &source) const {
    if (is(i, "(")) {
        i = behind_brackets(i);
    } else if (is_name(i)) {
        std::string schema_name;
        if (is(i + 1, ".") && is_name(i + 2)) {
            schema_name = unquoted(tokens_[i].text);
            i += 2;
        }
        source.name = source.relation = unquoted(tokens_[i].text);
        source.function = is(i + 1, "(");
        const TableInfo *table =
            source.function || (schema_name.empty() && query_names_.contains(lower_case(source.name)))
                ? nullptr
                : schema_.resolve_table(schema_name, source.name);
        if (table != nullptr && table->stores_rows())
            source.table = static_cast<std::size_t>(table - schema_.tables.data());
        i = source.function ? behind_brackets(i + 1) : i + 1;
    }
    if (i < end && is(i, "as"))
        ++i;
    if (i < end && is_name(i) && !starts_join(i) && !is_any(tokens_[i], {"on", "using", "indexed", "not"}))
        source.name = unquoted(tokens_[i++].text);
    if (i < end && is(i, "indexed"))
        i += 3;
    else if (i < end && is(i, "not"))
        i += 2;
    return i;
}

std::size_t BlockReader::read_condition(std::size_t i, std::size_t end, BlockSource &source) const {
    if (i < end && is(i, "using") && is(i + 1, "(")) {
        const std::size_t close = closing_bracket(tokens_, i + 1);
        for (std::size_t name = i + 2; name < close; ++name)
            if (tokens_[name].name())
                source.shared.push_back(unquoted(tokens_[name].text));
        return std::min(close + 1, end);
    }
    const bool on = i < end && is(i, "on");
    const std::size_t start = on ? i + 1 : i;
    for (i = start; i < end && !starts_join(i);)
        i = is(i, "(") || is(i + 1, "(") ? behind_brackets(is(i, "(") ? i : i + 1)
                                         : i + 1; // left(…) is a call
    if (on)
        source.on = {start, std::min(i, end)};
    return std::min(i, end);
}

} // namespace

std::vector<QueryBlock> query_blocks(const std::vector<Token> &tokens, const Schema &schema) {
    return BlockReader(tokens, schema).blocks();
}

std::vector<TokenRange> split_range(const std::vector<Token> &tokens, TokenRange range,
                                    std::string_view separator) {
    std::vector<TokenRange> parts;
    std::size_t start = range.begin;
    int cases = 0;
    int betweens = 0;
    for (std::size_t i = range.begin; i < range.end; ++i) {
        if (tokens[i].is("(")) {
            i = std::min(closing_bracket(tokens, i), range.end);
            continue;
        }
        cases += tokens[i].is("case") ? 1 : tokens[i].is("end") && cases > 0 ? -1 : 0;
        betweens += tokens[i].is("between") ? 1 : 0;
        if (tokens[i].is("and") && betweens > 0) {
            --betweens;
            continue;
        }
        if (cases > 0 || !tokens[i].is(separator))
            continue;
        parts.push_back({start, i});
        start = i + 1;
    }
    if (start < range.end)
        parts.push_back({start, range.end});
    return parts;
}

TokenRange without_brackets(const std::vector<Token> &tokens, TokenRange range) {
    while (!range.empty() && tokens[range.begin].is("(") &&
           closing_bracket(tokens, range.begin) + 1 == range.end)
        range = {range.begin + 1, range.end - 1};
    return range;
}

bool range_has(const std::vector<Token> &tokens, TokenRange range, std::string_view word) {
    for (std::size_t i = range.begin; i < range.end; ++i)
        if (tokens[i].is(word))
            return true;
    return false;
}

std::string range_text(const std::vector<Token> &tokens, TokenRange range) {
    std::string text;
    for (std::size_t i = range.begin; i < range.end; ++i) {
        const bool tight = i == range.begin || is_any(tokens[i], {")", ",", "."}) ||
                           is_any(tokens[i - 1], {"(", "."}) ||
                           (tokens[i].is("(") && tokens[i - 1].name() &&
                            !is_any(tokens[i - 1], {"in", "and", "or", "not", "as", "over", "exists"}));
        text += (tight ? "" : " ") + std::string(tokens[i].text);
    }
    return text;
}

} // namespace advisor::sqlite
