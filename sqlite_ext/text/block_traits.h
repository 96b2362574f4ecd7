// What the structure of a statement shows: its joins, groups, conditions and limits, and what its writes
// leave out.
#pragma once
#include "sqlite_ext/text/block_columns.h"
#include "sqlite_ext/text/traits.h"

#include <string_view>
#include <vector>

namespace advisor::sqlite {

// `tokens` are those of the text; `values` the same with the values of one execution, or again those of the
// text.
struct StatementTokens {
    std::vector<Token> tokens;
    std::vector<Token> values;
};

StatementTokens statement_tokens(std::string_view text, std::string_view expanded);

// unconnected-tables, natural-join, outer-join-defeated, compared-columns
void add_join_traits(const StatementTokens &statement, const Schema &schema, const QueryBlock &block,
                     std::vector<Trait> &traits);

// group-by-bare-column, having-without-aggregate, redundant-distinct, distinct-hides-fanout
void add_group_traits(const StatementTokens &statement, const Schema &schema, const QueryBlock &block,
                      std::vector<Trait> &traits);

// limit-without-order, whole-table, count-all, count-for-existence, order-by-constant
void add_result_traits(const StatementTokens &statement, const Schema &schema, const QueryBlock &block,
                       std::vector<Trait> &traits);

// or-tables, or-chain, like-exact, like-prefix
void add_condition_traits(const StatementTokens &statement, const Schema &schema, const QueryBlock &block,
                          std::vector<Trait> &traits);

// in-list, date-arithmetic: of the whole statement
void add_literal_traits(const StatementTokens &statement, std::vector<Trait> &traits);

// insert-without-columns, duplicate-assignment, write-without-where
void add_write_traits(const StatementTokens &statement, const Schema &schema, std::vector<Trait> &traits);

// Functions over several rows, unless OVER follows; a function that is neither these nor scalar may be
// either.
bool is_aggregate_call(const std::vector<Token> &tokens, std::size_t name);
bool is_scalar_call(const std::vector<Token> &tokens, std::size_t name);

} // namespace advisor::sqlite
