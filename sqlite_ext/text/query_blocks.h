// The SELECTs that stand in a statement, each with its clauses and what its FROM names. Positions are those
// of the statement's tokens.
#pragma once
#include "sqlite_ext/catalog/schema.h"
#include "sqlite_ext/text/tokens.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace advisor::sqlite {

struct TokenRange {
    std::size_t begin = 0;
    std::size_t end = 0;

    bool empty() const { return begin >= end; }
};

enum class JoinKind { first, comma, inner, cross, left, outer }; // outer: RIGHT and FULL

// A table, a view, a query in brackets or a table function of a FROM.
struct BlockSource {
    std::string name;                 // by which columns are qualified; may be empty
    std::string relation;             // what stands there, unquoted; empty: brackets
    std::optional<std::size_t> table; // in Schema::tables: only what stores rows
    JoinKind join = JoinKind::first;
    bool natural = false;
    bool function = false; // its arguments may be columns of the others
    TokenRange on;
    std::vector<std::string> shared; // columns of USING, unquoted
};

struct QueryBlock {
    std::size_t select = 0; // position of the word
    std::size_t end = 0;
    bool bracketed = false; // a part of something else
    bool compound = false;  // a part of UNION and the like
    bool distinct = false;
    TokenRange list;
    TokenRange where;
    TokenRange group_by;
    TokenRange having;
    TokenRange order_by;
    TokenRange limit;
    std::vector<BlockSource> sources;
};

std::vector<QueryBlock> query_blocks(const std::vector<Token> &tokens, const Schema &schema);

// What stands between separators outside of brackets and CASE; the AND of a BETWEEN separates nothing.
std::vector<TokenRange> split_range(const std::vector<Token> &tokens, TokenRange range,
                                    std::string_view separator);

// Without brackets around the whole.
TokenRange without_brackets(const std::vector<Token> &tokens, TokenRange range);

bool range_has(const std::vector<Token> &tokens, TokenRange range, std::string_view word);

// As one line, with spaces only where they are needed to read it.
std::string range_text(const std::vector<Token> &tokens, TokenRange range);

} // namespace advisor::sqlite
