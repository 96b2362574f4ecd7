-- rule: correlated-subquery-per-row
-- category: query
-- severity: medium
-- title: A subquery runs for each row, and each run is long
-- why: A subquery that names columns of the outer statement is run anew for each of its rows. Where one run reads many rows, the work grows with the product of both. A window function, or a join with a query that groups once, reads each row once.
-- references: https://www.sqlite.org/windowfunctions.html
-- minimum version: 3.40
-- threshold: min_rows = 1000: where fewer outer rows are read the statement is left out
-- threshold: min_steps = 300: VM steps for each outer row
-- examined: SELECT count(*) FROM hot_statements
WITH correlated AS MATERIALIZED (
    SELECT s.*, p.detail AS plan, o.schema, o.table_name, o.detail AS outer_plan, table_rows(o.schema, o.table_name) AS rows,
           row_number() OVER (PARTITION BY s.queryid ORDER BY p.position) AS rank
    FROM hot_statements AS s
    JOIN plan_lines AS p ON p.queryid = s.queryid AND p.detail LIKE 'CORRELATED %SUBQUERY%'
    -- the outer loop is the first line of the plan, and reads its table whole
    JOIN plan_lines AS o ON o.queryid = s.queryid AND o.operation = 'scan' AND o.table_name <> ''
    WHERE o.position = (SELECT min(f.position) FROM plan_lines AS f WHERE f.queryid = s.queryid)
      AND NOT EXISTS (SELECT 1 FROM advised_statements AS a WHERE a.queryid = s.queryid)
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       'correlated ' || queryid AS subject,
       NULL AS severity,
       'a subquery runs for each row of ' || quote_name(schema) || '.' || quote_name(table_name) AS title,
       'Each of ' || counted(calls, 'execution') || ' takes ' || steps_per_call || ' VM steps, about ' || (steps_per_call / rows) || ' for each of ' || rows || ' outer rows ("' || outer_plan || '", "' || plan || '"), and no index was found that halves that.' AS detail,
       json_object('unit', 'steps', 'rows', rows, 'steps_per_call', steps_per_call, 'steps_per_row', steps_per_call / rows, 'plan', plan, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.6 AS confidence,
       json_array() AS fix_steps,
       '-- use a window function, or join with a query that groups once: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM correlated CROSS JOIN threshold
WHERE rank = 1 AND rows >= min_rows AND steps_per_call >= min_steps * rows
