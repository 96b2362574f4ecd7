-- rule: select-without-where
-- category: query
-- severity: low
-- title: A frequent statement asks for a whole large table
-- why: All rows are read and handed over at each execution, and the more the table grows the more they are. Where the program needs some of them, the statement should say which; where it needs all, it should need them seldom.
-- references: https://www.sqlite.org/lang_select.html#whereclause
-- minimum version: 3.40
-- threshold: min_rows = 100000: smaller tables are left out
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'whole-table'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       'whole ' || queryid AS subject,
       NULL AS severity,
       'a frequent statement asks for all rows of ' || quote_name(schema) || '.' || quote_name(table_name) AS title,
       'The table has about ' || rows || ' rows, and the statement has neither conditions nor a LIMIT; each of its ' || counted(calls, 'execution') || ' stepped through ' || scanned_per_call || ' of them on average. Ask for the rows that are shown, or page through them by a key.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'scanned_per_call', scanned_per_call, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.5 AS confidence,
       json_array() AS fix_steps,
       '-- add WHERE …, or … ORDER BY a key LIMIT n, to: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE rows >= min_rows AND kind = 'select' AND (scanned_per_call >= min_rows / 2 OR vm_steps = 0)
