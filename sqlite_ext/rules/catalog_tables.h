// The tables that a rule's query finds, and what fills them from the host's connection.
#pragma once
#include <array>

namespace advisor::sqlite {

struct CatalogTable {
    const char *name;
    const char *definition; // for the rules' connection
    const char *source;     // for the host's connection, its columns in the same order; empty: filled by C++
};

// Names compare without case, as SQLite compares them. Tables of SQLite itself are left out. CROSS JOIN keeps
// the order of the table functions: in another one their arguments are not there yet.
constexpr std::array catalog_tables = {
    CatalogTable{"objects",
                 "schema TEXT COLLATE NOCASE, type TEXT, name TEXT COLLATE NOCASE, "
                 "table_name TEXT COLLATE NOCASE, sql TEXT",
                 ""},
    CatalogTable{
        "tables",
        "schema TEXT COLLATE NOCASE, name TEXT COLLATE NOCASE, kind TEXT, strict INTEGER, "
        "PRIMARY KEY(schema, name)",
        "SELECT schema, name, CASE WHEN type = 'table' AND wr THEN 'without_rowid' ELSE type END, strict "
        "FROM pragma_table_list WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"},
    CatalogTable{
        "columns",
        "schema TEXT COLLATE NOCASE, table_name TEXT COLLATE NOCASE, position INTEGER, "
        "name TEXT COLLATE NOCASE, type TEXT, not_null INTEGER, default_value TEXT, "
        "primary_key INTEGER, generated INTEGER, collation TEXT COLLATE NOCASE, "
        "affinity TEXT AS (CASE WHEN type LIKE '%int%' THEN 'integer' "
        "WHEN type LIKE '%char%' OR type LIKE '%clob%' OR type LIKE '%text%' THEN 'text' "
        "WHEN type LIKE '%blob%' OR type = '' THEN 'blob' "
        "WHEN type LIKE '%real%' OR type LIKE '%floa%' OR type LIKE '%doub%' THEN 'real' "
        "ELSE 'numeric' END)",
        "SELECT t.schema, t.name, c.cid, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk, c.hidden > 1, "
        "'BINARY' FROM pragma_table_list AS t CROSS JOIN pragma_table_xinfo(t.name, t.schema) AS c "
        "WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"},
    CatalogTable{
        "indexes",
        "schema TEXT COLLATE NOCASE, table_name TEXT COLLATE NOCASE, name TEXT COLLATE NOCASE, "
        "position INTEGER, is_unique INTEGER, origin TEXT, partial INTEGER, predicate TEXT, sql TEXT, width "
        "INTEGER, "
        "shape TEXT, "
        "PRIMARY KEY(schema, name)",
        "SELECT t.schema, t.name, l.name, l.seq, l.\"unique\", l.origin, l.partial, NULL, NULL, NULL, NULL "
        "FROM pragma_table_list AS t CROSS JOIN pragma_index_list(t.name, t.schema) AS l "
        "WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"},
    CatalogTable{
        "index_columns",
        "schema TEXT COLLATE NOCASE, index_name TEXT COLLATE NOCASE, position INTEGER, "
        "name TEXT COLLATE NOCASE, expression TEXT, descending INTEGER, collation TEXT COLLATE NOCASE, "
        "PRIMARY KEY(schema, index_name, position)",
        "SELECT t.schema, l.name, x.seqno, x.name, NULL, x.\"desc\", x.coll "
        "FROM pragma_table_list AS t CROSS JOIN pragma_index_list(t.name, t.schema) AS l CROSS JOIN "
        "pragma_index_xinfo(l.name, t.schema) AS x "
        "WHERE t.type = 'table' AND x.key AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"},
    CatalogTable{
        "foreign_key_columns",
        "schema TEXT COLLATE NOCASE, table_name TEXT COLLATE NOCASE, id INTEGER, position INTEGER, "
        "name TEXT COLLATE NOCASE, parent TEXT COLLATE NOCASE, parent_column TEXT COLLATE NOCASE, "
        "on_update TEXT, on_delete TEXT, PRIMARY KEY(schema, table_name, id, position)",
        "SELECT t.schema, t.name, f.id, f.seq, f.\"from\", f.\"table\", f.\"to\", f.on_update, f.on_delete "
        "FROM pragma_table_list AS t CROSS JOIN pragma_foreign_key_list(t.name, t.schema) AS f "
        "WHERE t.type = 'table'"},
    CatalogTable{
        "statistics",
        "schema TEXT COLLATE NOCASE, table_name TEXT COLLATE NOCASE, index_name TEXT COLLATE NOCASE, "
        "stat TEXT",
        ""},
    CatalogTable{"settings", "name TEXT PRIMARY KEY, value", ""},
    CatalogTable{"statements",
                 "queryid INTEGER PRIMARY KEY, query TEXT, kind TEXT, calls INTEGER, total_ms REAL, "
                 "written_table TEXT COLLATE NOCASE, first_seen TEXT, last_seen TEXT, max_ms REAL, "
                 "changed_rows INTEGER, "
                 "vm_steps INTEGER, fullscan_steps INTEGER, sorts INTEGER, autoindex_rows INTEGER, "
                 "reprepares INTEGER, autocommits INTEGER, texts INTEGER, bursts INTEGER, "
                 "longest_burst INTEGER, burst_after INTEGER, example TEXT",
                 ""},
    // Of the dearest statements, as they are planned today.
    CatalogTable{"plan_lines",
                 "queryid INTEGER, position INTEGER, operation TEXT, schema TEXT COLLATE NOCASE, "
                 "table_name TEXT COLLATE NOCASE, index_name TEXT COLLATE NOCASE, covering INTEGER, "
                 "automatic INTEGER, skips INTEGER, equalities INTEGER, columns TEXT, detail TEXT, "
                 "PRIMARY KEY(queryid, position)",
                 ""},
    CatalogTable{"statement_traits",
                 "queryid INTEGER, trait TEXT, schema TEXT COLLATE NOCASE, table_name TEXT COLLATE NOCASE, "
                 "column_name TEXT COLLATE NOCASE, detail TEXT",
                 ""},
    CatalogTable{"advised_statements", "queryid INTEGER PRIMARY KEY", ""}, // that an advised index helps
    // Filled once the observation window has passed.
    CatalogTable{
        "index_usage",
        "schema TEXT COLLATE NOCASE, index_name TEXT COLLATE NOCASE, table_name TEXT COLLATE NOCASE, "
        "calls INTEGER, table_calls INTEGER, PRIMARY KEY(schema, index_name)",
        ""},
    CatalogTable{"dismissals",
                 "id TEXT PRIMARY KEY, rule TEXT, object TEXT, reason TEXT, decided_at TEXT, until TEXT, "
                 "last_seen TEXT, "
                 "closed_at TEXT",
                 ""},
    CatalogTable{"observed", "since TEXT, until TEXT", ""},
};

// Run when all is there. What only the text of a CREATE INDEX says becomes columns; indexes of one shape have
// the same key columns with the same collations and directions; a foreign key that names no columns refers to
// the primary key.
constexpr const char *catalog_completion = R"(
CREATE INDEX objects_name ON objects(schema, name);
CREATE INDEX objects_table ON objects(schema, table_name);
CREATE INDEX columns_table ON columns(schema, table_name, name);
CREATE INDEX indexes_table ON indexes(schema, table_name);
CREATE INDEX statistics_table ON statistics(schema, table_name, index_name);
CREATE INDEX statements_written ON statements(written_table);
CREATE INDEX statement_traits_name ON statement_traits(trait);
CREATE VIEW hot_statements AS
SELECT *, vm_steps / max(calls, 1) AS steps_per_call, fullscan_steps / max(calls, 1) AS scanned_per_call
FROM statements WHERE calls >= 5 OR total_ms >= 1000;
UPDATE indexes AS i SET sql = o.sql, predicate = index_predicate(o.sql)
FROM objects AS o WHERE o.schema = i.schema AND o.name = i.name AND o.type = 'index' AND o.sql IS NOT NULL;
UPDATE index_columns AS c SET expression = index_expression(i.sql, c.position)
FROM indexes AS i WHERE c.name IS NULL AND i.schema = c.schema AND i.name = c.index_name;
UPDATE indexes AS i SET width = k.width, shape = k.shape
FROM (SELECT schema, index_name, count(*) AS width,
             group_concat(coalesce('"' || lower(name), expression, index_name) || ' ' || lower(collation) || ' ' || descending, ', ')
             AS shape
      FROM (SELECT * FROM index_columns ORDER BY schema, index_name, position) GROUP BY schema, index_name) AS k
WHERE k.schema = i.schema AND k.index_name = i.name;
UPDATE foreign_key_columns AS f SET parent_column = c.name
FROM columns AS c
WHERE f.parent_column IS NULL AND c.schema = f.schema AND c.table_name = f.parent AND c.primary_key = f.position + 1;
)";

// Pragmas that only tell.
constexpr std::array catalog_settings = {
    "application_id",     "auto_vacuum",  "automatic_index", "busy_timeout",   "cache_size",
    "encoding",           "foreign_keys", "freelist_count",  "journal_mode",   "locking_mode",
    "mmap_size",          "page_count",   "page_size",       "query_only",     "secure_delete",
    "recursive_triggers", "synchronous",  "temp_store",      "trusted_schema", "user_version"};

} // namespace advisor::sqlite
