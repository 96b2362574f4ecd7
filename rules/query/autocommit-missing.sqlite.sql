-- rule: autocommit-missing
-- category: query
-- severity: medium
-- title: Many small writes commit one by one
-- why: Outside of a transaction each statement that writes is one of its own and waits until it is on the disk. Put together they wait once.
-- references: https://www.sqlite.org/faq.html#q19
-- minimum version: 3.40
-- threshold: min_times = 200: fewer are left out
-- threshold: min_per_second = 10: slower ones are left out
-- examined: SELECT count(*) FROM hot_statements
WITH writes AS (
    SELECT *, max(1, unixepoch(last_seen) - unixepoch(first_seen)) AS seconds FROM hot_statements
)
SELECT 'statement ' || queryid AS object,
       'autocommit' AS subject,
       NULL AS severity,
       autocommits || ' executions of a statement were transactions of their own' AS title,
       'Of ' || counted(calls, 'execution') || ' ' || autocommits || ' wrote outside of a transaction, ' || (autocommits / seconds) || ' in a second on average.' AS detail,
       json_object('unit', 'rows', 'autocommits', autocommits, 'seconds', seconds, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.6 AS confidence,
       json_array() AS fix_steps,
       '-- BEGIN IMMEDIATE; … many of: ' || replace(query, char(10), ' ') || ' … COMMIT;' AS fix,
       NULL AS rollback
FROM writes CROSS JOIN threshold
WHERE autocommits >= min_times AND autocommits / seconds >= min_per_second
  -- said already by row-by-row-insert or row-by-row-dml
  AND NOT (kind IN ('insert', 'update', 'delete') AND written_table <> '' AND longest_burst >= 50 AND autocommits >= 50 AND autocommits * 2 >= calls
           AND changed_rows <= calls)
