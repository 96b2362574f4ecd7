// Index definitions as SQL text: quoting, names, CREATE INDEX.
#include "core/catalog/ddl.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace advisor::core {

namespace {

constexpr std::size_t max_name_bytes = 63;

std::string_view method_name(IndexMethod method) {
    switch (method) {
    case IndexMethod::btree: return "btree";
    case IndexMethod::hash: return "hash";
    case IndexMethod::brin: return "brin";
    case IndexMethod::gin: return "gin";
    case IndexMethod::gist: return "gist";
    case IndexMethod::spgist: return "spgist";
    }
    return "btree";
}

std::string key_sql(const IndexKey &key, Dialect dialect) {
    std::string text = key.text;
    if (!key.collation.empty())
        text += " COLLATE " + key.collation;
    if (dialect == Dialect::postgresql && !key.opclass.empty())
        text += " " + key.opclass;
    if (key.descending)
        text += " DESC";
    if (dialect == Dialect::postgresql && key.nulls_first != key.descending)
        text += key.nulls_first ? " NULLS FIRST" : " NULLS LAST";
    return text;
}

// Words that the PostgreSQL or SQLite parser refuses as a bare name of a table, column or index.
constexpr auto reserved_words = std::to_array<std::string_view>({"add",
                                                                 "all",
                                                                 "alter",
                                                                 "analyse",
                                                                 "analyze",
                                                                 "and",
                                                                 "any",
                                                                 "array",
                                                                 "as",
                                                                 "asc",
                                                                 "asymmetric",
                                                                 "authorization",
                                                                 "autoincrement",
                                                                 "between",
                                                                 "binary",
                                                                 "both",
                                                                 "case",
                                                                 "cast",
                                                                 "check",
                                                                 "collate",
                                                                 "collation",
                                                                 "column",
                                                                 "commit",
                                                                 "concurrently",
                                                                 "constraint",
                                                                 "create",
                                                                 "cross",
                                                                 "current_catalog",
                                                                 "current_date",
                                                                 "current_role",
                                                                 "current_schema",
                                                                 "current_time",
                                                                 "current_timestamp",
                                                                 "current_user",
                                                                 "default",
                                                                 "deferrable",
                                                                 "delete",
                                                                 "desc",
                                                                 "distinct",
                                                                 "do",
                                                                 "drop",
                                                                 "else",
                                                                 "end",
                                                                 "escape",
                                                                 "except",
                                                                 "exists",
                                                                 "false",
                                                                 "fetch",
                                                                 "for",
                                                                 "foreign",
                                                                 "freeze",
                                                                 "from",
                                                                 "full",
                                                                 "grant",
                                                                 "group",
                                                                 "having",
                                                                 "ilike",
                                                                 "in",
                                                                 "index",
                                                                 "indexed",
                                                                 "initially",
                                                                 "inner",
                                                                 "insert",
                                                                 "intersect",
                                                                 "into",
                                                                 "is",
                                                                 "isnull",
                                                                 "join",
                                                                 "lateral",
                                                                 "leading",
                                                                 "left",
                                                                 "like",
                                                                 "limit",
                                                                 "localtime",
                                                                 "localtimestamp",
                                                                 "natural",
                                                                 "not",
                                                                 "nothing",
                                                                 "notnull",
                                                                 "null",
                                                                 "offset",
                                                                 "on",
                                                                 "only",
                                                                 "or",
                                                                 "order",
                                                                 "outer",
                                                                 "overlaps",
                                                                 "placing",
                                                                 "primary",
                                                                 "references",
                                                                 "returning",
                                                                 "right",
                                                                 "select",
                                                                 "session_user",
                                                                 "set",
                                                                 "similar",
                                                                 "some",
                                                                 "symmetric",
                                                                 "system_user",
                                                                 "table",
                                                                 "tablesample",
                                                                 "then",
                                                                 "to",
                                                                 "trailing",
                                                                 "transaction",
                                                                 "true",
                                                                 "union",
                                                                 "unique",
                                                                 "update",
                                                                 "user",
                                                                 "using",
                                                                 "values",
                                                                 "variadic",
                                                                 "verbose",
                                                                 "when",
                                                                 "where",
                                                                 "window",
                                                                 "with"});

bool is_plain(const std::string &name) {
    if (name.empty() || (name[0] >= '0' && name[0] <= '9'))
        return false;
    const bool plain_letters = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    return plain_letters && !std::binary_search(reserved_words.begin(), reserved_words.end(), name);
}

// Where the last part of a quoted, dotted name begins.
std::size_t last_part(std::string_view qualified) {
    std::size_t start = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < qualified.size(); ++i) {
        if (qualified[i] == '"')
            quoted = !quoted;
        else if (qualified[i] == '.' && !quoted)
            start = i + 1;
    }
    return start;
}

// At most limit bytes, never cut inside a UTF-8 sequence.
std::string cut(const std::string &text, std::size_t limit) {
    if (text.size() <= limit)
        return text;
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80)
        --limit;
    return text.substr(0, limit);
}

// What of a key goes into a name: the column, or the words of an expression.
std::string key_word(const IndexKey &key) {
    if (!key.expression)
        return unquoted_name(key.text);
    std::string word;
    for (const char c : key.text) {
        const bool keep = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          (static_cast<unsigned char>(c) & 0x80) != 0;
        if (keep)
            word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        else if (!word.empty() && word.back() != '_')
            word += '_';
    }
    while (!word.empty() && word.back() == '_')
        word.pop_back();
    return word.empty() ? "expr" : word;
}

} // namespace

std::string create_index_sql(const IndexDefinition &definition, Dialect dialect, const std::string &name,
                             bool concurrently) {
    const bool postgresql = dialect == Dialect::postgresql;
    std::string sql = definition.unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX";
    if (postgresql && concurrently)
        sql += " CONCURRENTLY";
    // SQLite wants the schema before the index's name, PostgreSQL before the table's only.
    std::string table = definition.table;
    std::string index = name.empty() ? "" : quote_identifier(name);
    if (!postgresql) {
        if (!index.empty())
            index = beside(table, name);
        table.erase(0, last_part(table));
    }
    if (!index.empty())
        sql += " " + index;
    sql += " ON " + table;
    if (postgresql && definition.method != IndexMethod::btree) {
        sql += " USING ";
        sql += method_name(definition.method);
    }
    for (std::size_t i = 0; i < definition.keys.size(); ++i)
        sql += (i == 0 ? " (" : ", ") + key_sql(definition.keys[i], dialect);
    sql += ")";
    if (postgresql && !definition.include.empty()) {
        for (std::size_t i = 0; i < definition.include.size(); ++i)
            sql += (i == 0 ? " INCLUDE (" : ", ") + definition.include[i];
        sql += ")";
    }
    if (postgresql && definition.pages_per_range > 0)
        sql += " WITH (pages_per_range = " + std::to_string(definition.pages_per_range) + ")";
    if (!definition.predicate.empty())
        sql += " WHERE " + definition.predicate;
    return sql;
}

std::string index_name(const IndexDefinition &definition, const Table &table,
                       std::span<const std::string> taken) {
    std::string words;
    for (const IndexKey &key : definition.keys)
        words += "_" + key_word(key);
    const std::string suffix = definition.predicate.empty() ? "_idx" : "_part_idx";
    // A long table name gives way only as far as the columns leave it no room.
    const std::size_t room = max_name_bytes - suffix.size();
    const std::size_t for_words =
        std::min(words.size(), std::max(room / 2, room - std::min(room, table.name.size())));
    words = cut(words, for_words);
    const std::string stem = cut(table.name, room - words.size()) + words;
    std::string name = stem + suffix;
    for (std::size_t number = 1; std::find(taken.begin(), taken.end(), name) != taken.end(); ++number) {
        const std::string ending = suffix + std::to_string(number);
        name = cut(stem, max_name_bytes - ending.size()) + ending;
    }
    return name;
}

std::string quote_identifier(const std::string &name) {
    if (is_plain(name))
        return name;
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + "\"";
}

std::string quote_literal(const std::string &text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'')
            quoted += '\'';
        quoted += c;
    }
    return quoted + "'";
}

std::string commented(const std::string &text) {
    std::string comment = "-- ";
    for (const char c : text)
        comment += c == '\r' ? std::string(" ") : c == '\n' ? std::string("\n-- ") : std::string(1, c);
    return comment;
}

std::string beside(const std::string &qualified, const std::string &name) {
    return qualified.substr(0, last_part(qualified)) + quote_identifier(name);
}

std::string unquoted_name(std::string_view qualified) {
    const std::string_view part = qualified.substr(last_part(qualified));
    if (part.size() < 2 || part.front() != '"')
        return std::string(part);
    std::string name;
    for (std::size_t i = 1; i + 1 < part.size(); ++i) {
        name += part[i];
        if (part[i] == '"')
            ++i; // a doubled quote stands for one
    }
    return name;
}

} // namespace advisor::core
