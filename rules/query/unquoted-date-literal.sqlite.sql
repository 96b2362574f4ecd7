-- rule: unquoted-date-literal
-- category: query
-- severity: high
-- title: A date without quotes is arithmetic
-- why: 2024-05-17 without quotes is a subtraction, and its value the number 2002: compared with dates it is true of all or of none.
-- references: https://www.sqlite.org/lang_datefunc.html
-- minimum version: 3.40
-- examined: SELECT count(*) FROM statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, t.detail AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'date-arithmetic'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name, t.detail
)
SELECT 'statement ' || queryid AS object,
       piece AS subject,
       NULL AS severity,
       piece || ' without quotes is the number ' || (CAST(substr(piece, 1, 4) AS INTEGER) - CAST(substr(piece, 6) AS INTEGER) - CAST(substr(piece, 6 + instr(substr(piece, 6), '-')) AS INTEGER)) AS title,
       'The statement ran ' || counted(calls, 'time') || '. Dates stand in single quotes, or come as parameters.' AS detail,
       json_object('unit', 'rows', 'piece', piece, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.9 AS confidence,
       json_array() AS fix_steps,
       '-- ''' || piece || ''' instead of ' || piece || ' in: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE 1
