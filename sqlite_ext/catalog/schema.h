// The user's schema as SQLite tells it: the objects with their texts, and tables with columns and indexes.
#pragma once
#include "core/catalog/table.h"

#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace advisor::sqlite {

struct SchemaObject {
    std::string schema;
    std::string type; // table, index, view, trigger
    std::string name;
    std::string table;
    std::string sql; // empty: made by a constraint
};

struct ColumnInfo {
    std::string name;
    std::string declared_type;
    std::string collation;  // "BINARY" unless declared otherwise
    bool generated = false; // or hidden, of a virtual table: nothing that an INSERT names
    int primary_key = 0;    // 1-based place in the primary key
};

enum class TableKind { ordinary, without_rowid, virtual_table, shadow, view };

struct TableInfo {
    std::string schema;
    std::string name;
    TableKind kind = TableKind::ordinary;
    std::vector<ColumnInfo> columns;
    std::string rowid_column; // the INTEGER PRIMARY KEY; empty: none
    std::string rowid_name;   // a name of the rowid that no column hides; empty: none or WITHOUT ROWID
    std::string module;       // of a virtual table, in lower case
    std::vector<core::ExistingIndex> indexes;

    const ColumnInfo *find_column(std::string_view column) const;
    bool is_full_text() const { return module.starts_with("fts"); }
    bool has_rowids() const { return kind != TableKind::without_rowid && !rowid_name.empty(); }
    bool stores_rows() const { return kind == TableKind::ordinary || kind == TableKind::without_rowid; }
};

struct StatisticsRow {
    std::string schema;
    std::string table;
    std::string index; // empty: the table's own row
    std::string stat;
};

struct Schema {
    std::vector<std::string> schemas;      // as attached, main first
    std::vector<SchemaObject> objects;     // of all, in the order of creation
    std::vector<TableInfo> tables;         // tables, views and virtual tables
    std::vector<StatisticsRow> statistics; // sqlite_stat1, if ANALYZE ever ran
    std::string encoding;
    std::int64_t page_size = 4096;
    bool automatic_index = true;
    bool double_quoted_strings =
        true; // "x" in a statement may be a string; newer shells and builds refuse it

    const TableInfo *find_table(std::string_view schema, std::string_view table) const;
    // As a statement would: an empty schema means temp, then main, then the attached ones.
    const TableInfo *resolve_table(std::string_view schema, std::string_view table) const;
};

Schema read_schema(sqlite3 *connection);

// Fills rowid_column and rowid_name of an ordinary table, whose primary key may have an index of its own.
void find_rowid(TableInfo &table, bool primary_key_index);

// A number that changes whenever a table or index of any attached database does.
std::string schema_stamp(sqlite3 *connection);

std::string qualified_name(std::string_view schema, std::string_view name); // quoted where needed

} // namespace advisor::sqlite
