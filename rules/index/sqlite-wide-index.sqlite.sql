-- rule: sqlite-wide-index
-- category: index
-- severity: low
-- title: An index holds long texts
-- why: An index repeats each value whole. Long ones make it as large as the table, and few entries fit on a page, so that a search reads more of them.
-- references: https://www.sqlite.org/queryplanner.html
-- minimum version: 3.40
-- threshold: min_rows = 1000: smaller tables are left out
-- threshold: min_bytes = 256: of the values of one column, on average over a few rows
-- examined: SELECT count(*) FROM indexes WHERE origin = 'c' AND NOT is_unique AND schema <> 'temp'
WITH keys AS MATERIALIZED (
    SELECT i.schema, i.table_name, i.name, i.sql, x.name AS column_name, x.position AS place, table_rows(i.schema, i.table_name) AS rows
    FROM indexes AS i
    JOIN index_columns AS x ON x.schema = i.schema AND x.index_name = i.name
    JOIN columns AS c ON c.schema = i.schema AND c.table_name = i.table_name AND c.name = x.name AND c.affinity IN ('text', 'blob')
    WHERE i.origin = 'c' AND NOT i.is_unique AND i.schema <> 'temp'
), measured AS MATERIALIZED (
    SELECT k.*, sampled_bytes(k.schema, k.table_name, quote_name(k.column_name)) AS bytes
    FROM keys AS k CROSS JOIN threshold WHERE k.rows >= min_rows
)
SELECT quote_name(schema) || '.' || quote_name(name) AS object,
       column_name AS subject,
       -- behind other columns it may be there so that the index covers a statement
       CASE WHEN place = 0 THEN 'low' ELSE 'info' END AS severity,
       'index ' || quote_name(name) || ' holds texts of ' || bytes || ' bytes on average' AS title,
       'The values of ' || quote_name(column_name) || ' in about ' || counted(rows, 'row') || ' take about ' || (rows * bytes / 1024) || ' kB in the table and once more in the index. For equality an index on their beginning ' ||
       'finds nearly as few rows: the statement asks for substr(column, 1, 32) = substr(?, 1, 32) AND column = ?. For words within a text there is FTS5.' AS detail,
       json_object('unit', 'bytes', 'bytes', bytes, 'rows', rows, 'column', column_name, 'place', place, 'definition', sql) AS evidence,
       NULL AS benefit,
       CASE WHEN place = 0 THEN -(rows * (bytes - 32)) END AS storage_bytes,
       0.4 AS confidence,
       json_array() AS fix_steps,
       '-- CREATE INDEX ' || quote_name(schema) || '.' || quote_name(table_name || '_' || column_name || '_start') || ' ON ' || quote_name(table_name) || ' (substr(' || quote_name(column_name) || ', 1, 32));' || char(10) ||
       '-- once the statements use it: DROP INDEX ' || quote_name(schema) || '.' || quote_name(name) || ';' AS fix,
       NULL AS rollback
FROM measured CROSS JOIN threshold
WHERE bytes >= min_bytes
