// What was run, how often, and what each statement asks of each table.
#pragma once
#include "core/index_method.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace advisor::core {

enum class StatementKind { select, insert, update, remove, merge, other };

// How a condition restricts one key of one table.
enum class Comparison {
    equality, // = or IS NULL: one contiguous range of an index
    any_of,   // IN (...) or = ANY
    range,    // < <= > >= BETWEEN
    prefix,   // LIKE 'abc%': needs a pattern operator class unless the collation is C
    other,    // no index key serves it (<>, a < b, IS NOT NULL); with constant_text a partial index can
};

struct Predicate {
    std::string key; // a quoted column name, or an expression in parentheses
    bool expression = false;
    Comparison comparison = Comparison::equality;
    std::string collation; // quoted, where it differs from the column's own
    std::string opclass;   // quoted, where the default class cannot serve the condition
    bool join = false;     // the other side is a column of another relation
    // The whole condition as SQL text when nothing in it varies between executions (status = 'open',
    // deleted_at IS NULL): the raw material of partial indexes. Empty otherwise.
    std::string constant_text;
    // The same of a condition with a literal that may vary after all, and in how many executions it is known
    // to have been this one (0: it varied): candidates/literals.h decides.
    std::string literal_text;
    double literal_executions = 0;
};

// A condition that an index of another kind than a b-tree could serve, too or alone.
struct MethodUse {
    std::string key; // as in Predicate
    bool expression = false;
    IndexMethod method = IndexMethod::gin;
    std::string opclass; // quoted; empty: the type's default
};

struct SortKey {
    std::string key;
    bool expression = false;
    bool descending = false;
    bool nulls_first = false;
    std::string collation;
};

// What one statement asks of one table (one entry per range table entry). Predicates are ANDed.
struct TableAccess {
    std::size_t table = 0; // position in the list of tables that goes with the workload
    std::vector<Predicate> predicates;
    std::vector<SortKey> order;            // ORDER BY, when all keys belong to this table
    std::vector<SortKey> group;            // GROUP BY or DISTINCT keys of this table; any order serves
    std::vector<std::string> columns_read; // quoted; empty: unknown or all
    std::vector<MethodUse> methods;
    std::vector<std::string> substring_keys; // searched for a part of the text, with no operator class for it
    bool limit = false;                      // the statement stops early
    bool conditions_only_partial = false;    // conditions under OR etc. were left out
};

struct Statement {
    std::int64_t id = 0; // queryid of a recorded statement; position (1-based) of a given one
    std::string text;
    StatementKind kind = StatementKind::select;
    double calls = 1;
    double total_ms = 0; // measured exclusive time; 0 for statements that never ran
    std::vector<TableAccess> accesses;
};

inline bool reads_table(const Statement &statement, std::size_t table) {
    return std::any_of(statement.accesses.begin(), statement.accesses.end(),
                       [&](const TableAccess &access) { return access.table == table; });
}

} // namespace advisor::core
