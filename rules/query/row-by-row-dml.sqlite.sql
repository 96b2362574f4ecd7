-- rule: row-by-row-dml
-- category: query
-- severity: medium
-- title: Rows are changed one by one, each in a transaction of its own
-- why: Outside of a transaction each statement is one of its own and waits until it is on the disk. Inside of one, even single rows cost microseconds, and one statement for many rows less.
-- references: https://www.sqlite.org/faq.html#q19
-- minimum version: 3.40
-- threshold: min_run = 50: executions in a row on one connection, with nothing in between; shorter runs are left to autocommit-missing
-- examined: SELECT count(*) FROM hot_statements
SELECT coalesce((SELECT quote_name(t.schema) || '.' || quote_name(t.name) FROM tables AS t WHERE t.name = written_table ORDER BY t.schema <> 'main' LIMIT 1), 'statement ' || queryid) AS object,
       'row by row ' || queryid AS subject,
       NULL AS severity,
       'one row after the other of ' || quote_name(written_table) || ' is changed, each in a transaction of its own' AS title,
       'Of ' || counted(calls, 'execution') || ' ' || autocommits || ' were transactions of their own and wrote one row at most; up to ' || longest_burst || ' came in a row.' AS detail,
       json_object('unit', 'rows', 'autocommits', autocommits, 'longest', longest_burst, 'changed_rows', changed_rows, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.7 AS confidence,
       json_array() AS fix_steps,
       '-- BEGIN IMMEDIATE; … many of: ' || replace(query, char(10), ' ') || ' … COMMIT; or one statement with … IN (SELECT value FROM json_each(?))' AS fix,
       NULL AS rollback
FROM hot_statements CROSS JOIN threshold
WHERE kind IN ('update', 'delete') AND written_table <> '' AND longest_burst >= min_run AND autocommits >= min_run AND autocommits * 2 >= calls
  -- a loop inside of a transaction is what executemany does, and right
  AND changed_rows <= calls
