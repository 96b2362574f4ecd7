-- rule: sqlite-without-rowid-wide
-- category: schema
-- severity: low
-- title: A table WITHOUT ROWID has wide rows
-- why: A table WITHOUT ROWID keeps whole rows in the inner pages of its b-tree too: wide rows make it deep, and each index repeats the key. Such tables are for rows of less than about a twentieth of a page.
-- references: https://www.sqlite.org/withoutrowid.html#when_to_use_without_rowid
-- minimum version: 3.40
-- threshold: min_rows = 1000: smaller tables are left out
-- threshold: min_columns = 16: narrower tables without blobs are left out
-- examined: SELECT count(*) FROM tables WHERE kind = 'without_rowid' AND schema <> 'temp'
WITH wide AS (
    SELECT t.schema, t.name, count(*) AS width, sum(c.type LIKE '%blob%') AS blobs
    FROM tables AS t JOIN columns AS c ON c.schema = t.schema AND c.table_name = t.name
    WHERE t.kind = 'without_rowid' AND t.schema <> 'temp'
    GROUP BY t.schema, t.name
), found AS MATERIALIZED (
    SELECT w.*, quote_name(w.schema) || '.' || quote_name(w.name) AS object, table_rows(w.schema, w.name) AS rows,
           (SELECT o.sql FROM objects AS o WHERE o.schema = w.schema AND o.name = w.name AND o.type = 'table') AS sql,
           (SELECT group_concat(quote_name(c.name), ', ')
            FROM (SELECT * FROM columns ORDER BY schema, table_name, position) AS c
            WHERE c.schema = w.schema AND c.table_name = w.name AND NOT c.generated) AS columns
    FROM wide AS w CROSS JOIN threshold WHERE w.width >= min_columns OR w.blobs > 0
)
SELECT object,
       'wide' AS subject,
       NULL AS severity,
       object || ' is WITHOUT ROWID and has wide rows' AS title,
       'It has ' || width || ' columns, ' || blobs || ' of them blobs, and about ' || rows || ' rows. With a rowid the rows lie in the leaves only.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'columns', width, 'blobs', blobs) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.5 AS confidence,
       json_array() AS fix_steps,
       rebuild_script(schema, name, substr(sql, 1, length(rtrim(sql)) - 13), columns, columns) AS fix,
       rebuild_script(schema, name, sql, columns, columns) AS rollback
FROM found CROSS JOIN threshold
WHERE rows >= min_rows AND upper(rtrim(sql)) LIKE '%) WITHOUT ROWID'
