// Which columns the clauses of a SELECT name, which of its conditions compare what, and which tables a set of
// columns determines: by primary keys, unique indexes and equalities.
#pragma once
#include "sqlite_ext/text/query_blocks.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace advisor::sqlite {

struct SourceColumn {
    std::size_t source = 0; // position in QueryBlock::sources
    std::string column;     // in lower case

    auto operator<=>(const SourceColumn &) const = default;
};

// A name at a place of a clause: a column of a source, or something that can't be told.
struct NameUse {
    std::optional<SourceColumn> column;
    std::size_t end = 0; // behind it
};

// column = column, or column = constant.
struct Equality {
    SourceColumn left;
    std::optional<SourceColumn> right;
    std::optional<std::size_t>
        left_joined; // of the ON of this LEFT JOIN: it says nothing of the other tables
};

class BlockColumns {
public:
    BlockColumns(const std::vector<Token> &tokens, const Schema &schema, const QueryBlock &block);

    // Nothing where no name begins: a word of the language, a function, a literal.
    std::optional<NameUse> name_at(std::size_t i, std::size_t end) const;
    // The range is exactly one column.
    std::optional<SourceColumn> column(TokenRange range) const;
    bool constant(TokenRange range) const;

    const TableInfo *table(std::size_t source) const; // null: none, or nothing that stores rows
    const ColumnInfo *info(const SourceColumn &column) const;

    // The AND-ed parts of WHERE, and of ON with the source that they belong to.
    struct Term {
        TokenRange range;
        std::optional<std::size_t> on; // source
    };
    const std::vector<Term> &terms() const { return terms_; }
    const std::vector<Equality> &equalities() const { return equalities_; }

    // The sources of which these columns determine the row. `nullable`: keys that accept NULL count, too.
    std::set<std::size_t> determined(std::set<SourceColumn> &columns, bool nullable) const;

private:
    void add_terms(TokenRange range, std::optional<std::size_t> on);
    void add_equality(const Term &term);
    void add_shared();
    std::vector<std::set<std::string>> keys(std::size_t source, bool nullable) const;

    const std::vector<Token> &tokens_;
    const Schema &schema_;
    const QueryBlock &block_;
    std::vector<Term> terms_;
    std::vector<Equality> equalities_;
};

// Whether a conjunction of several columns compares a number with a text, by their declared types.
enum class Affinity { number, text, none };
Affinity affinity_of(const ColumnInfo &column);

} // namespace advisor::sqlite
