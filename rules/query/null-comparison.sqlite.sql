-- rule: null-comparison
-- category: query
-- severity: high
-- title: A condition compares with NULL by an operator
-- why: x = NULL is neither true nor false but NULL, for every x: the condition holds for no row. IS NULL and IS NOT NULL ask what is meant.
-- references: https://www.sqlite.org/lang_expr.html#isisnot
-- minimum version: 3.40
-- examined: SELECT count(*) FROM statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, t.detail AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'null-comparison'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name, t.detail
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       coalesce(nullif(column_name, ''), 'null-comparison') || ' ' || queryid AS subject,
       NULL AS severity,
       'the condition ' || quote_name(table_name) || '.' || quote_name(column_name) || ' ' || piece || ' never holds' AS title,
       'Its ' || calls || ' recorded executions could not find a row by it.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'column', nullif(column_name, ''), 'piece', piece, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.9 AS confidence,
       json_array() AS fix_steps,
       '-- IS NULL or IS NOT NULL instead of ' || piece || ' in: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE 1
