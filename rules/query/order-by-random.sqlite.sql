-- rule: order-by-random
-- category: query
-- severity: medium
-- title: A statement sorts a table by random()
-- why: Every row gets a number and all are sorted, to take a few of them. A random rowid finds one row at once.
-- references: https://www.sqlite.org/lang_select.html#orderby
-- minimum version: 3.40
-- threshold: min_rows = 1000: fewer rows are left out
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS (
    SELECT s.* FROM hot_statements AS s CROSS JOIN threshold
    WHERE s.scanned_per_call >= min_rows
      AND EXISTS (SELECT 1 FROM statement_traits AS t WHERE t.queryid = s.queryid AND t.trait = 'order-by-random')
)
SELECT 'statement ' || queryid AS object,
       'order by random' AS subject,
       NULL AS severity,
       NULL AS title,
       'Each of ' || counted(calls, 'execution') || ' reads and sorts ' || counted(scanned_per_call, 'row') || '.' AS detail,
       json_object('unit', 'rows', 'scanned_per_call', scanned_per_call, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.7 AS confidence,
       json_array() AS fix_steps,
       '-- WHERE rowid >= abs(random()) % (SELECT max(rowid) FROM …) + 1 ORDER BY rowid LIMIT 1 in: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen
