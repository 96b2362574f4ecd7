-- rule: sqlite-without-rowid-wide
-- category: schema
-- severity: low
-- title: A table WITHOUT ROWID has wide rows
-- why: A table WITHOUT ROWID keeps whole rows in the inner pages of its b-tree too: wide rows make it deep, and each index repeats the key. Such tables are for rows of less than about a twentieth of a page.
-- references: https://www.sqlite.org/withoutrowid.html#when_to_use_without_rowid
-- minimum version: 3.40
-- threshold: min_rows = 1000: smaller tables are left out
-- threshold: min_share = 0.05: of a page, for one row on average over a few rows
-- examined: SELECT count(*) FROM tables WHERE kind = 'without_rowid' AND schema <> 'temp'
WITH found AS MATERIALIZED (
    SELECT t.schema, t.name, quote_name(t.schema) || '.' || quote_name(t.name) AS object, table_rows(t.schema, t.name) AS rows,
           (SELECT o.sql FROM objects AS o WHERE o.schema = t.schema AND o.name = t.name AND o.type = 'table') AS sql,
           (SELECT group_concat(quote_name(c.name), ', ')
            FROM (SELECT * FROM columns ORDER BY schema, table_name, position) AS c
            WHERE c.schema = t.schema AND c.table_name = t.name AND NOT c.generated) AS columns,
           (SELECT value FROM settings WHERE name = 'page_size') AS page
    FROM tables AS t
    WHERE t.kind = 'without_rowid' AND t.schema <> 'temp'
), measured AS MATERIALIZED (
    SELECT f.*, sampled_bytes(f.schema, f.name, f.columns) AS bytes, upper(rtrim(f.sql)) LIKE '%) WITHOUT ROWID' AS plain
    FROM found AS f CROSS JOIN threshold WHERE f.rows >= min_rows
)
SELECT object,
       'wide' AS subject,
       NULL AS severity,
       object || ' is WITHOUT ROWID and has rows of ' || bytes || ' bytes' AS title,
       'That is what a few of its about ' || counted(rows, 'row') || ' take on average; a page has ' || page || ' bytes. With a rowid the rows lie in the leaves only.' AS detail,
       json_object('unit', 'bytes', 'bytes', bytes, 'page_size', page, 'rows', rows) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.5 AS confidence,
       json_array() AS fix_steps,
       CASE WHEN plain THEN rebuild_script(schema, name, substr(sql, 1, length(rtrim(sql)) - 13), columns, columns)
            ELSE '-- build the table anew without WITHOUT ROWID' END AS fix,
       CASE WHEN plain THEN rebuild_script(schema, name, sql, columns, columns) END AS rollback
FROM measured CROSS JOIN threshold
WHERE bytes > min_share * page
