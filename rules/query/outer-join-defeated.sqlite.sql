-- rule: outer-join-defeated
-- category: query
-- severity: medium
-- title: A condition takes back what LEFT JOIN adds
-- why: LEFT JOIN keeps rows without a partner and gives them NULL for its columns. A condition in WHERE that is never true of NULL throws just these rows away: either JOIN is meant, or the condition belongs to ON.
-- references: https://www.sqlite.org/optoverview.html#the_left_join_strength_reduction_optimization
-- minimum version: 3.40
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'outer-join-defeated'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       column_name || ' ' || queryid AS subject,
       NULL AS severity,
       'WHERE takes back the LEFT JOIN of ' || quote_name(schema) || '.' || quote_name(table_name) AS title,
       'The condition ' || piece || ' in WHERE is never true of rows without a partner. The statement ran ' || counted(calls, 'time') || '. If these rows are wanted, move the condition to ON; if not, write JOIN.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'condition', piece, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.8 AS confidence,
       json_array() AS fix_steps,
       '-- move ' || piece || ' to ON, or write JOIN instead of LEFT JOIN: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE 1
