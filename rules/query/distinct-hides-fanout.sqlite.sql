-- rule: distinct-hides-fanout
-- category: query
-- severity: medium
-- title: DISTINCT removes rows that a join made many of
-- why: The statement returns columns of one side only; the join with the other makes a row for each partner, and DISTINCT throws them away again, through a temporary b-tree. EXISTS asks whether there is a partner and ends at the first.
-- references: https://www.sqlite.org/lang_expr.html#the_exists_operator
-- minimum version: 3.40
-- threshold: min_steps = 20000: executions with fewer VM steps are left out
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'distinct-hides-fanout'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       'distinct ' || queryid AS subject,
       NULL AS severity,
       'DISTINCT removes what the join with ' || quote_name(schema) || '.' || quote_name(table_name) || ' doubles' AS title,
       'No column of ' || quote_name(table_name) || ' is returned, and without it the rows are different by their key. Each of ' || counted(calls, 'execution') || ' takes ' || steps_per_call || ' VM steps.' AS detail,
       json_object('unit', 'steps', 'rows', rows, 'steps_per_call', steps_per_call, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.7 AS confidence,
       json_array() AS fix_steps,
       '-- WHERE EXISTS (SELECT 1 FROM ' || quote_name(table_name) || ' …) instead of the join and DISTINCT: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE steps_per_call >= min_steps
