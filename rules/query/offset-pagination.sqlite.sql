-- rule: offset-pagination
-- category: query
-- severity: medium
-- title: A statement skips many rows by OFFSET
-- why: OFFSET reads and throws away all rows before: each page costs more than the one before, and rows that come or go meanwhile are seen twice or never. Ask for what follows the last row that was shown.
-- references: https://www.sqlite.org/rowvalue.html#scrolling_window_queries
-- minimum version: 3.40
-- threshold: min_offset = 1000: smaller ones are left out
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, t.detail AS piece
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'offset'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name, t.detail
)
SELECT 'statement ' || queryid AS object,
       coalesce(nullif(column_name, ''), 'offset') || ' ' || queryid AS subject,
       NULL AS severity,
       'a statement skips ' || CAST(piece AS INTEGER) || ' rows' AS title,
       'Its ' || counted(calls, 'execution') || ' took ' || steps_per_call || ' VM steps each. Instead of OFFSET, remember the sort keys of the last row: WHERE (key, id) > (?, ?) ORDER BY key, id LIMIT n, with an index on (key, id).' AS detail,
       json_object('unit', 'rows', 'column', nullif(column_name, ''), 'piece', piece, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.7 AS confidence,
       json_array() AS fix_steps,
       '-- WHERE (key, id) > (?, ?) ORDER BY key, id LIMIT n instead of OFFSET in: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE CAST(piece AS INTEGER) >= min_offset
