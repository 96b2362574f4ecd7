-- rule: or-blocks-index
-- category: query
-- severity: medium
-- title: OR between columns of different tables
-- why: For OR within one table SQLite can search an index for each side; for OR between two tables it can search neither: all combinations of rows are read and compared. A UNION of both sides lets each use its index.
-- references: https://www.sqlite.org/optoverview.html#or_optimizations
-- minimum version: 3.40
-- threshold: min_rows = 1000: fewer rows for one execution are left out
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'or-tables'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       'or ' || queryid AS subject,
       NULL AS severity,
       'OR between two tables keeps ' || quote_name(schema) || '.' || quote_name(table_name) || ' from being searched' AS title,
       'The condition "' || piece || '" belongs to more than one table. Each of ' || counted(calls, 'execution') || ' stepped through ' || scanned_per_call || ' rows; the table has about ' || rows || '.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'scanned_per_call', scanned_per_call, 'condition', piece, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.6 AS confidence,
       json_array() AS fix_steps,
       '-- write a UNION of two statements, each with one side of ' || piece || ': ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE scanned_per_call >= min_rows AND rows >= min_rows
  AND NOT EXISTS (SELECT 1 FROM advised_statements AS a WHERE a.queryid = seen.queryid)
  AND EXISTS (SELECT 1 FROM plan_lines AS p WHERE p.queryid = seen.queryid AND p.operation = 'scan' AND p.schema = seen.schema AND p.table_name = seen.table_name)
