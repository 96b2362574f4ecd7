-- rule: row-by-row-dml
-- category: query
-- severity: medium
-- title: Rows are changed one by one, each in a transaction of its own
-- why: Outside of a transaction each statement is one of its own and waits until it is on the disk. Inside of one, even single rows cost microseconds, and one statement for many rows less.
-- references: https://www.sqlite.org/faq.html#q19
-- minimum version: 3.40
-- threshold: min_times = 50: fewer are left out
-- threshold: min_per_second = 50: slower ones are left to autocommit-missing
-- examined: SELECT count(*) FROM hot_statements
WITH writes AS (
    SELECT *, max(1, unixepoch(last_seen) - unixepoch(first_seen)) AS seconds FROM hot_statements
)
SELECT coalesce((SELECT quote_name(t.schema) || '.' || quote_name(t.name) FROM tables AS t WHERE t.name = written_table ORDER BY t.schema <> 'main' LIMIT 1), 'statement ' || queryid) AS object,
       'row by row ' || queryid AS subject,
       NULL AS severity,
       'one row after the other of ' || quote_name(written_table) || ' is changed, each in a transaction of its own' AS title,
       'Of ' || counted(calls, 'execution') || ' ' || autocommits || ' were transactions of their own, ' || (autocommits / seconds) || ' in a second on average, and wrote one row at most.' AS detail,
       json_object('unit', 'rows', 'autocommits', autocommits, 'changed_rows', changed_rows, 'seconds', seconds, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.7 AS confidence,
       json_array() AS fix_steps,
       '-- BEGIN IMMEDIATE; … many of: ' || replace(query, char(10), ' ') || ' … COMMIT; or one statement with … IN (SELECT value FROM json_each(?))' AS fix,
       NULL AS rollback
FROM writes CROSS JOIN threshold
WHERE kind IN ('update', 'delete') AND written_table <> '' AND autocommits >= min_times AND autocommits * 2 >= calls AND autocommits / seconds >= min_per_second
  -- a loop inside of a transaction is what executemany does, and right
  AND changed_rows <= calls
