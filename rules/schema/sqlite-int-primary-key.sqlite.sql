-- rule: sqlite-int-primary-key
-- category: schema
-- severity: medium
-- title: A whole-number primary key is not the rowid
-- why: Only a column declared exactly INTEGER PRIMARY KEY is the rowid itself. INT, BIGINT and INTEGER … DESC make a second b-tree that each search by the key goes through first, and accept NULL.
-- references: https://www.sqlite.org/lang_createtable.html#rowids_and_the_integer_primary_key
-- minimum version: 3.40
-- threshold: min_rows = 1000: in smaller tables the finding is of severity low
-- examined: SELECT count(*) FROM tables WHERE kind IN ('table', 'without_rowid') AND schema <> 'temp'
WITH keyed AS (
    SELECT t.schema, t.name, o.sql, c.name AS column_name, c.type
    FROM tables AS t
    JOIN objects AS o ON o.schema = t.schema AND o.name = t.name AND o.type = 'table'
    JOIN columns AS c ON c.schema = t.schema AND c.table_name = t.name AND c.primary_key = 1 AND c.affinity = 'integer'
    WHERE t.kind = 'table' AND t.schema <> 'temp' AND c.type <> 'INTEGER' COLLATE NOCASE
      AND NOT EXISTS (SELECT 1 FROM columns AS d WHERE d.schema = t.schema AND d.table_name = t.name AND d.primary_key = 2)
), found AS MATERIALIZED (
    SELECT k.*, quote_name(k.schema) || '.' || quote_name(k.name) AS object, table_rows(k.schema, k.name) AS rows,
           (SELECT group_concat(quote_name(c.name), ', ')
            FROM (SELECT * FROM columns ORDER BY schema, table_name, position) AS c
            WHERE c.schema = k.schema AND c.table_name = k.name AND NOT c.generated) AS columns
    FROM keyed AS k
)
SELECT object,
       'key type' AS subject,
       CASE WHEN rows >= min_rows THEN 'medium' ELSE 'low' END AS severity,
       'the key of ' || object || ' is ' || type || ' and not the rowid' AS title,
       'Its about ' || counted(rows, 'row') || ' have an index for the key beside the table. As INTEGER PRIMARY KEY ' || quote_name(column_name) || ' is the rowid.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'column', column_name, 'type', type) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.7 AS confidence,
       json_array() AS fix_steps,
       rebuild_script(schema, name, with_column_type(sql, column_name, 'INTEGER', 'BINARY'), columns, columns) AS fix,
       rebuild_script(schema, name, sql, columns, columns) AS rollback
FROM found CROSS JOIN threshold
