#include "sqlite_ext/catalog/schema.h"

#include "core/catalog/ddl.h"
#include "sqlite_ext/catalog/index_text.h"
#include "sqlite_ext/handles.h"
#include "sqlite_ext/text/tokens.h"

#include <algorithm>
#include <map>
#include <utility>

namespace advisor::sqlite {

namespace {

TableKind table_kind(const std::string &type, bool without_rowid) {
    if (type == "view")
        return TableKind::view;
    if (type == "virtual")
        return TableKind::virtual_table;
    if (type == "shadow")
        return TableKind::shadow;
    return without_rowid ? TableKind::without_rowid : TableKind::ordinary;
}

std::vector<std::string> read_schema_names(sqlite3 *connection) {
    std::vector<std::string> names;
    Query query(connection, "SELECT name FROM pragma_database_list ORDER BY seq");
    while (query.step())
        names.push_back(query.text(0));
    if (std::find(names.begin(), names.end(), "temp") == names.end())
        names.emplace_back("temp");
    return names;
}

void read_objects(sqlite3 *connection, const std::string &schema, std::vector<SchemaObject> &objects) {
    Query query(connection,
                "SELECT type, name, tbl_name, sql FROM " + quoted(schema) + ".sqlite_schema ORDER BY rowid");
    while (query.step())
        objects.push_back({schema, query.text(0), query.text(1), query.text(2), query.text(3)});
}

void read_columns(sqlite3 *connection, TableInfo &table) {
    Query query(connection, "SELECT name, type, pk, hidden FROM pragma_table_xinfo(?1, ?2)");
    query.bind(1, table.name);
    query.bind(2, table.schema);
    while (query.step()) {
        ColumnInfo column{query.text(0), query.text(1), "BINARY", query.integer(3) > 0,
                          static_cast<int>(query.integer(2))};
        const char *collation = nullptr;
        if (table.stores_rows() &&
            sqlite3_table_column_metadata(connection, table.schema.c_str(), table.name.c_str(),
                                          column.name.c_str(), nullptr, &collation, nullptr, nullptr,
                                          nullptr) == SQLITE_OK &&
            collation != nullptr)
            column.collation = collation;
        table.columns.push_back(std::move(column));
    }
}

// By schema and name: a look through all objects for each index takes seconds on thousands of them.
using IndexObjects = std::map<std::pair<std::string_view, std::string_view>, const SchemaObject *>;

IndexObjects index_objects(const Schema &schema) {
    IndexObjects objects;
    for (const SchemaObject &object : schema.objects)
        if (object.type == "index")
            objects[{object.schema, object.name}] = &object;
    return objects;
}

core::ExistingIndex read_index(sqlite3 *connection, const IndexObjects &objects, const TableInfo &table,
                               const std::string &name) {
    core::ExistingIndex index;
    index.name = qualified_name(table.schema, name);
    index.definition.table = qualified_name(table.schema, table.name);
    const auto object = objects.find({table.schema, name});
    const IndexText text = object == objects.end() ? IndexText{} : parse_index_text(object->second->sql);
    index.definition.predicate = text.predicate;
    Query keys(connection,
               "SELECT seqno, name, \"desc\", coll FROM pragma_index_xinfo(?1, ?2) WHERE key ORDER BY seqno");
    keys.bind(1, name);
    keys.bind(2, table.schema);
    while (keys.step()) {
        core::IndexKey key;
        const auto position = static_cast<std::size_t>(keys.integer(0));
        key.expression = keys.is_null(1);
        if (!key.expression)
            key.text = core::quote_identifier(keys.text(1));
        else if (position < text.keys.size())
            key.text = text.keys[position];
        key.descending = keys.integer(2) != 0;
        key.nulls_first = key.descending;
        const ColumnInfo *column = key.expression ? nullptr : table.find_column(keys.text(1));
        const std::string collation = keys.text(3);
        if (!equal_ignoring_case(collation, column == nullptr ? "BINARY" : column->collation))
            key.collation = core::quote_identifier(collation);
        index.definition.keys.push_back(std::move(key));
    }
    return index;
}

void read_indexes(sqlite3 *connection, const IndexObjects &objects, TableInfo &table) {
    bool primary_key_index = false;
    Query list(connection, "SELECT name, \"unique\", origin FROM pragma_index_list(?1, ?2)");
    list.bind(1, table.name);
    list.bind(2, table.schema);
    while (list.step()) {
        core::ExistingIndex index = read_index(connection, objects, table, list.text(0));
        index.definition.unique = list.integer(1) != 0;
        index.constraint = list.text(2) != "c";
        primary_key_index = primary_key_index || list.text(2) == "pk";
        table.indexes.push_back(std::move(index));
    }
    if (table.kind == TableKind::ordinary)
        find_rowid(table, primary_key_index);
}

void read_statistics(sqlite3 *connection, Schema &schema) {
    for (const std::string &name : schema.schemas) {
        const bool present =
            std::any_of(schema.objects.begin(), schema.objects.end(), [&](const SchemaObject &object) {
                return object.schema == name && object.name == "sqlite_stat1";
            });
        if (!present)
            continue;
        Query query(connection, "SELECT tbl, idx, stat FROM " + quoted(name) + ".sqlite_stat1");
        while (query.step())
            schema.statistics.push_back({name, query.text(0), query.text(1), query.text(2)});
    }
}

// CREATE VIRTUAL TABLE … USING module(…)
void read_module(const Schema &schema, TableInfo &table) {
    for (const SchemaObject &object : schema.objects) {
        if (object.schema != table.schema || object.name != table.name)
            continue;
        const std::vector<Token> tokens = tokenize(object.sql);
        for (std::size_t i = 0; i + 1 < tokens.size() && table.module.empty(); ++i)
            if (tokens[i].is("using"))
                table.module = lower_case(unquoted(tokens[i + 1].text));
    }
    if (table.is_full_text())
        table.rowid_name = "rowid";
}

void read_tables(sqlite3 *connection, Schema &schema) {
    std::vector<TableInfo> tables;
    Query list(connection, "SELECT schema, name, type, wr FROM pragma_table_list");
    while (list.step()) {
        TableInfo table;
        table.schema = list.text(0);
        table.name = list.text(1);
        table.kind = table_kind(list.text(2), list.integer(3) != 0);
        if (!table.name.starts_with("sqlite_"))
            tables.push_back(std::move(table));
    }
    const IndexObjects objects = index_objects(schema);
    for (TableInfo &table : tables) {
        // A table of a module that is not loaded has no columns to tell; it must not hide the others.
        try {
            read_columns(connection, table);
            if (table.stores_rows())
                read_indexes(connection, objects, table);
            else if (table.kind == TableKind::virtual_table)
                read_module(schema, table);
        } catch (const Failure &) {
            table.columns.clear();
        }
    }
    std::erase_if(tables, [](const TableInfo &table) { return table.columns.empty(); });
    schema.tables = std::move(tables);
}

} // namespace

void find_rowid(TableInfo &table, bool primary_key_index) {
    const auto keys = std::count_if(table.columns.begin(), table.columns.end(),
                                    [](const ColumnInfo &column) { return column.primary_key > 0; });
    for (const ColumnInfo &column : table.columns)
        if (keys == 1 && column.primary_key == 1 && !primary_key_index &&
            equal_ignoring_case(column.declared_type, "integer"))
            table.rowid_column = column.name;
    for (const char *name : {"rowid", "_rowid_", "oid"})
        if (table.rowid_name.empty() && table.find_column(name) == nullptr)
            table.rowid_name = name;
    if (!table.rowid_column.empty())
        table.rowid_name = table.rowid_column;
}

const ColumnInfo *TableInfo::find_column(std::string_view column) const {
    for (const ColumnInfo &candidate : columns)
        if (equal_ignoring_case(candidate.name, column))
            return &candidate;
    return nullptr;
}

const TableInfo *Schema::find_table(std::string_view schema, std::string_view table) const {
    for (const TableInfo &candidate : tables)
        if (equal_ignoring_case(candidate.schema, schema) && equal_ignoring_case(candidate.name, table))
            return &candidate;
    return nullptr;
}

const TableInfo *Schema::resolve_table(std::string_view schema, std::string_view table) const {
    if (!schema.empty())
        return find_table(schema, table);
    if (const TableInfo *found = find_table("temp", table))
        return found;
    for (const std::string &name : schemas)
        if (const TableInfo *found = find_table(name, table))
            return found;
    return nullptr;
}

Schema read_schema(sqlite3 *connection) {
    Schema schema;
    schema.schemas = read_schema_names(connection);
    for (const std::string &name : schema.schemas)
        read_objects(connection, name, schema.objects);
    read_tables(connection, schema);
    read_statistics(connection, schema);
    Query encoding(connection, "SELECT encoding FROM pragma_encoding");
    schema.encoding = encoding.step() ? encoding.text(0) : "UTF-8";
    schema.page_size = single_integer(connection, "PRAGMA page_size").value_or(4096);
    int strings = 1;
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DML, -1, &strings);
    schema.double_quoted_strings = strings != 0;
    schema.automatic_index = single_integer(connection, "PRAGMA automatic_index").value_or(1) != 0;
    return schema;
}

std::string schema_stamp(sqlite3 *connection) {
    std::string stamp;
    for (const std::string &name : read_schema_names(connection)) {
        const auto version = single_integer(connection, "PRAGMA " + quoted(name) + ".schema_version");
        stamp += quoted(name) + ":" + std::to_string(version.value_or(0)) + ";";
    }
    return stamp;
}

std::string qualified_name(std::string_view schema, std::string_view name) {
    return core::quote_identifier(std::string(schema)) + "." + core::quote_identifier(std::string(name));
}

} // namespace advisor::sqlite
