-- rule: sqlite-foreign-key-violations
-- category: schema
-- severity: high
-- title: Rows refer to rows that are not there
-- why: Written while foreign keys were off, they stay: joins leave them out, and a change of the parent's key or the switching on of foreign keys meets them at a moment that nobody chose.
-- references: https://www.sqlite.org/pragma.html#pragma_foreign_key_check
-- minimum version: 3.40
-- threshold: check_rows = 0: tables with at most so many rows are checked; 0: none, since each look reads them whole
-- examined: SELECT coalesce(sum(fits), 0), coalesce(sum(NOT fits), 0), CASE WHEN (SELECT check_rows FROM threshold) = 0 THEN 'on request only: set check_rows' ELSE 'more rows than check_rows' END FROM (SELECT check_rows > 0 AND table_rows(schema, table_name) <= check_rows AS fits FROM (SELECT DISTINCT schema, table_name FROM foreign_key_columns WHERE schema <> 'temp') CROSS JOIN threshold)
WITH children AS MATERIALIZED (
    SELECT DISTINCT schema, table_name FROM foreign_key_columns CROSS JOIN threshold
    WHERE schema <> 'temp' AND check_rows > 0 AND table_rows(schema, table_name) <= check_rows
), broken AS MATERIALIZED (
    SELECT c.schema, c.table_name, json_extract(v.value, '$[0]') AS id, count(*) AS rows,
           json_group_array(json_extract(v.value, '$[1]')) AS rowids
    FROM children AS c CROSS JOIN json_each(foreign_key_violations(c.schema, c.table_name)) AS v
    GROUP BY c.schema, c.table_name, json_extract(v.value, '$[0]')
), named AS (
    SELECT b.*, f.parent, quote_name(b.schema) || '.' || quote_name(b.table_name) AS object,
           group_concat(quote_name(f.name), ', ') AS names, group_concat(quote_name(f.name) || ' = NULL', ', ') AS emptied,
           group_concat('c.' || quote_name(f.name) || ' IS NOT NULL', ' AND ') || ' AND NOT EXISTS (SELECT 1 FROM ' || quote_name(b.schema) || '.' ||
           quote_name(f.parent) || ' AS p WHERE ' || group_concat('p.' || quote_name(f.parent_column) || ' = c.' || quote_name(f.name), ' AND ') || ')' AS condition
    FROM broken AS b
    JOIN (SELECT * FROM foreign_key_columns ORDER BY schema, table_name, id, position) AS f
      ON f.schema = b.schema AND f.table_name = b.table_name AND f.id = b.id
    -- a parent that is missing is fk-parent-missing's
    WHERE EXISTS (SELECT 1 FROM tables AS t WHERE t.schema = f.schema AND t.name = f.parent)
    GROUP BY b.schema, b.table_name, b.id
)
SELECT object,
       names || ' ' || parent AS subject,
       NULL AS severity,
       CASE WHEN rows = 1 THEN '1 row of ' || object || ' refers' ELSE CASE WHEN rows >= 1000 THEN 'at least ' ELSE '' END || rows || ' rows of ' || object || ' refer' END ||
       ' by (' || names || ') to no row of ' || quote_name(parent) AS title,
       'The fix shows them. Whether they go, lose their reference or get a parent is for you to say; one line each is prepared.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'columns', names, 'parent', parent,
                   'rowids', json((SELECT json_group_array(value) FROM (SELECT value FROM json_each(rowids) ORDER BY value LIMIT 10)))) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       1 AS confidence,
       json_array() AS fix_steps,
       '-- SELECT * FROM ' || object || ' AS c WHERE ' || condition || ';' || char(10) ||
       '-- UPDATE ' || object || ' AS c SET ' || emptied || ' WHERE ' || condition || ';' || char(10) ||
       '-- DELETE FROM ' || object || ' AS c WHERE ' || condition || ';' AS fix,
       NULL AS rollback
FROM named
