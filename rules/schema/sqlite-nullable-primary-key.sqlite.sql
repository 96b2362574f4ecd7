-- rule: sqlite-nullable-primary-key
-- category: schema
-- severity: medium
-- title: A primary key accepts NULL
-- why: By an old mistake that SQLite keeps for compatibility, a primary key that is no INTEGER PRIMARY KEY accepts NULL in tables with a rowid, any number of times: such rows have no key.
-- references: https://www.sqlite.org/quirks.html#primary_keys_can_sometimes_contain_nulls
-- minimum version: 3.40
-- examined: SELECT count(*) FROM tables WHERE kind IN ('table', 'without_rowid') AND schema <> 'temp'
WITH nullable AS (
    SELECT t.schema, t.name, o.sql, group_concat(quote_name(c.name), ', ') AS names, count(*) AS how_many,
           group_concat(quote_name(c.name) || ' IS NOT NULL', ' AND ') AS condition
    FROM tables AS t
    JOIN objects AS o ON o.schema = t.schema AND o.name = t.name AND o.type = 'table'
    JOIN columns AS c ON c.schema = t.schema AND c.table_name = t.name AND c.primary_key > 0 AND NOT c.not_null
    WHERE t.kind = 'table' AND NOT t.strict AND t.schema <> 'temp'
      AND EXISTS (SELECT 1 FROM indexes AS i WHERE i.schema = t.schema AND i.table_name = t.name AND i.origin = 'pk')
    GROUP BY t.schema, t.name
), found AS MATERIALIZED (
    SELECT n.*, quote_name(n.schema) || '.' || quote_name(n.name) AS object,
           (SELECT group_concat(quote_name(c.name), ', ')
            FROM (SELECT * FROM columns ORDER BY schema, table_name, position) AS c
            WHERE c.schema = n.schema AND c.table_name = n.name AND NOT c.generated) AS columns
    FROM nullable AS n WHERE NOT instr(n.sql, n.condition)
)
SELECT object,
       'nullable key' AS subject,
       NULL AS severity,
       'the primary key of ' || object || ' accepts NULL' AS title,
       'Nothing keeps ' || names || ' from being NULL. The fix builds the table anew with a check; it fails where such a row is there already.' AS detail,
       json_object('unit', 'rows', 'rows', table_rows(schema, name), 'columns', names) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.8 AS confidence,
       json_array() AS fix_steps,
       rebuild_script(schema, name, with_last_definition(sql, 'CHECK (' || condition || ')'), columns, columns) AS fix,
       rebuild_script(schema, name, sql, columns, columns) AS rollback
FROM found
