-- rule: sqlite-text-primary-key
-- category: schema
-- severity: low
-- title: A narrow table keeps its text key twice
-- why: A primary key that is not an INTEGER is an index beside the table: the key is stored in both, and each search goes through two b-trees. A table WITHOUT ROWID is its own index.
-- references: https://www.sqlite.org/withoutrowid.html
-- minimum version: 3.40
-- threshold: min_rows = 1000: smaller tables are left out
-- threshold: max_columns = 4: wider tables are left out
-- examined: SELECT count(*) FROM tables WHERE kind IN ('table', 'without_rowid') AND schema <> 'temp'
WITH keyed AS (
    SELECT t.schema, t.name, o.sql, count(*) AS width, sum(c.primary_key > 0) AS key_width, t.strict
    FROM tables AS t
    JOIN objects AS o ON o.schema = t.schema AND o.name = t.name AND o.type = 'table'
    JOIN columns AS c ON c.schema = t.schema AND c.table_name = t.name
    WHERE t.kind = 'table' AND t.schema <> 'temp'
      AND EXISTS (SELECT 1 FROM indexes AS i WHERE i.schema = t.schema AND i.table_name = t.name AND i.origin = 'pk')
    GROUP BY t.schema, t.name
    -- blobs and many columns make rows that fill pages, which a table WITHOUT ROWID keeps less well
    HAVING NOT max(c.type LIKE '%blob%') AND NOT max(c.type LIKE '%json%')
), found AS MATERIALIZED (
    SELECT k.*, quote_name(k.schema) || '.' || quote_name(k.name) AS object, table_rows(k.schema, k.name) AS rows,
           (SELECT group_concat(quote_name(c.name), ', ')
            FROM (SELECT * FROM columns ORDER BY schema, table_name, primary_key) AS c
            WHERE c.schema = k.schema AND c.table_name = k.name AND c.primary_key > 0) AS key_columns,
           (SELECT group_concat(quote_name(c.name), ', ')
            FROM (SELECT * FROM columns ORDER BY schema, table_name, position) AS c
            WHERE c.schema = k.schema AND c.table_name = k.name AND NOT c.generated) AS columns
    FROM keyed AS k CROSS JOIN threshold
    WHERE k.width <= max_columns
      -- a second index would hold the whole key instead of a rowid
      AND NOT EXISTS (SELECT 1 FROM indexes AS i WHERE i.schema = k.schema AND i.table_name = k.name AND i.origin <> 'pk')
)
SELECT object,
       'without rowid' AS subject,
       NULL AS severity,
       object || ' keeps its key (' || key_columns || ') in the table and in an index' AS title,
       'It has ' || width || ' columns and about ' || counted(rows, 'row') || '. As a table WITHOUT ROWID it takes about half the space, and a search by the ' ||
       'key reads one b-tree instead of two. Keep the rowid where rows are large or the program asks for last_insert_rowid.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'columns', width, 'key', key_columns) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.5 AS confidence,
       json_array() AS fix_steps,
       rebuild_script(schema, name, sql || CASE WHEN strict THEN ', ' ELSE ' ' END || 'WITHOUT ROWID', columns, columns) AS fix,
       rebuild_script(schema, name, sql, columns, columns) AS rollback
FROM found CROSS JOIN threshold
WHERE rows >= min_rows
  -- rows that fill pages are kept less well in a table WITHOUT ROWID
  AND coalesce(sampled_bytes(schema, name, columns), 0) <= (SELECT value FROM settings WHERE name = 'page_size') / 20
