#include "sqlite_ext/what_if/references.h"

#include "sqlite_ext/handles.h"
#include "sqlite_ext/text/aliases.h"

#include <algorithm>
#include <optional>

namespace advisor::sqlite {

namespace {

struct ColumnOf {
    std::size_t table;
    std::string column;
};

void add(std::vector<Reference> &references, const Schema &schema, const ColumnOf &child,
         const ColumnOf &parent) {
    const std::string &key = schema.tables[parent.table].rowid_column;
    if (child.table == parent.table || key.empty() || !equal_ignoring_case(key, parent.column))
        return;
    const Reference reference{child.table, child.column, parent.table};
    if (std::find(references.begin(), references.end(), reference) == references.end())
        references.push_back(reference);
}

void add_foreign_keys(sqlite3 *connection, const Schema &schema, std::vector<Reference> &references) {
    Query keys(connection, "SELECT \"table\", \"from\", \"to\" FROM pragma_foreign_key_list(?1, ?2)");
    for (std::size_t child = 0; child < schema.tables.size(); ++child) {
        if (!schema.tables[child].stores_rows())
            continue;
        keys.reset();
        keys.bind(1, schema.tables[child].name);
        keys.bind(2, schema.tables[child].schema);
        while (keys.step()) {
            const TableInfo *parent = schema.find_table(schema.tables[child].schema, keys.text(0));
            if (parent != nullptr)
                add(references, schema, {child, keys.text(1)},
                    {static_cast<std::size_t>(parent - schema.tables.data()),
                     keys.is_null(2) ? parent->rowid_column : keys.text(2)});
        }
    }
}

// The column that ends (or begins) at a token: "name" or "alias . name".
std::optional<ColumnOf> column_before(const std::vector<Token> &tokens, std::size_t end,
                                      const TableAliases &aliases) {
    if (end == 0 || !tokens[end - 1].name())
        return std::nullopt;
    const std::string column = unquoted(tokens[end - 1].text);
    const bool qualified = end >= 3 && tokens[end - 2].is(".");
    const auto table = aliases.table_of(qualified ? unquoted(tokens[end - 3].text) : "", column);
    return table ? std::optional(ColumnOf{*table, column}) : std::nullopt;
}

std::optional<ColumnOf> column_after(const std::vector<Token> &tokens, std::size_t start,
                                     const TableAliases &aliases) {
    const bool qualified = start + 2 < tokens.size() && tokens[start + 1].is(".");
    return start >= tokens.size() ? std::nullopt
                                  : column_before(tokens, start + (qualified ? 3 : 1), aliases);
}

void add_joins(const std::string &sql, const Schema &schema, std::vector<Reference> &references) {
    const std::vector<Token> tokens = tokenize(sql);
    const TableAliases aliases(tokens, schema);
    for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
        if (!is_any(tokens[i], {"=", "=="}))
            continue;
        const auto left = column_before(tokens, i, aliases);
        const auto right = column_after(tokens, i + 1, aliases);
        if (left && right) {
            add(references, schema, *left, *right);
            add(references, schema, *right, *left);
        }
    }
}

} // namespace

std::vector<Reference> find_references(sqlite3 *connection, const Schema &schema,
                                       const RunnableWorkload &workload) {
    std::vector<Reference> references;
    try {
        add_foreign_keys(connection, schema, references);
    } catch (const Failure &) {
        references.clear(); // an authorizer may hide them: the statements' joins remain
    }
    for (const RunnableStatement &statement : workload.runnable)
        add_joins(statement.sql, schema, references);
    return references;
}

} // namespace advisor::sqlite
