-- rule: duplicate-column-assignment
-- category: query
-- severity: medium
-- title: A statement gives one column two values
-- why: SQLite takes the last value of an UPDATE and the first one of an INSERT, without an error: one of both was meant for another column, or is left over.
-- references: https://www.sqlite.org/lang_update.html
-- minimum version: 3.40
-- examined: SELECT count(*) FROM statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'duplicate-assignment'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       column_name || ' ' || queryid AS subject,
       NULL AS severity,
       quote_name(schema) || '.' || quote_name(table_name) || '.' || quote_name(column_name) || ' is given two values by one statement' AS title,
       'Only one of them is kept. The statement ran ' || counted(calls, 'time') || '.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'column', column_name, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.95 AS confidence,
       json_array() AS fix_steps,
       '-- keep one value for ' || quote_name(column_name) || ' in: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE 1
