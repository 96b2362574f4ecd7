-- rule: sqlite-autoincrement
-- category: schema
-- severity: info
-- title: AUTOINCREMENT is declared
-- why: An INTEGER PRIMARY KEY gets a new number by itself. AUTOINCREMENT only adds that numbers of deleted rows never come back, and pays with a look-up and a write of sqlite_sequence for each insert.
-- references: https://www.sqlite.org/autoinc.html
-- minimum version: 3.40
-- examined: SELECT count(*) FROM tables WHERE kind IN ('table', 'without_rowid') AND schema <> 'temp'
WITH found AS MATERIALIZED (
    SELECT o.schema, o.name, o.sql, quote_name(o.schema) || '.' || quote_name(o.name) AS object,
           (SELECT group_concat(quote_name(c.name), ', ')
            FROM (SELECT * FROM columns ORDER BY schema, table_name, position) AS c
            WHERE c.schema = o.schema AND c.table_name = o.name AND NOT c.generated) AS columns
    FROM objects AS o
    WHERE o.type = 'table' AND o.schema <> 'temp' AND mentions(o.sql, 'autoincrement')
)
SELECT object,
       'autoincrement' AS subject,
       NULL AS severity,
       object || ' numbers its rows by AUTOINCREMENT' AS title,
       'Keep it where numbers of deleted rows must never come back, for instance because other files keep them.' AS detail,
       json_object('unit', 'rows', 'rows', table_rows(schema, name)) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.4 AS confidence,
       json_array() AS fix_steps,
       rebuild_script(schema, name, replace(replace(sql, ' AUTOINCREMENT', ''), ' autoincrement', ''), columns, columns) AS fix,
       rebuild_script(schema, name, sql, columns, columns) AS rollback
FROM found
