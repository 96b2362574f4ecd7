-- rule: count-for-existence
-- category: query
-- severity: low
-- title: Rows are counted to learn whether there is one
-- why: count(*) visits all rows of its conditions; EXISTS ends at the first one.
-- references: https://www.sqlite.org/lang_expr.html#the_exists_operator
-- minimum version: 3.40
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'count-for-existence'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT coalesce(nullif(quote_name(schema) || '.' || quote_name(table_name), '"".""'), 'statement ' || queryid) AS object,
       'count ' || queryid AS subject,
       NULL AS severity,
       'rows of ' || coalesce(nullif(quote_name(table_name), '""'), 'a query') || ' are counted to learn whether there is one' AS title,
       'The number is compared with 0 or 1 only. The statement ran ' || counted(calls, 'time') || '.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'piece', substr(piece, 1, 500), 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.8 AS confidence,
       json_array() AS fix_steps,
       '-- write EXISTS (…), or NOT EXISTS (…), instead of comparing (' || piece || ') in: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE 1
