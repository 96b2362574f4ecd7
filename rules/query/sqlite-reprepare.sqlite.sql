-- rule: sqlite-reprepare
-- category: query
-- severity: low
-- title: A statement is prepared again and again
-- why: SQLite prepares a statement anew when the schema or a bound value that the plan depends on has changed since. When that happens in every few executions, tables are made and dropped, or ANALYZE runs, beside the statements.
-- references: https://www.sqlite.org/c3ref/c_stmtstatus_counter.html
-- minimum version: 3.40
-- threshold: min_times = 20: fewer are left out
-- threshold: min_share = 0.1: a smaller share of the executions is left out
-- examined: SELECT count(*) FROM hot_statements
SELECT 'statement ' || queryid AS object,
       'reprepared' AS subject,
       NULL AS severity,
       'a statement was prepared again ' || counted(reprepares, 'time') || ' in ' || counted(calls, 'execution') AS title,
       'Each time SQLite parses and plans it anew. ' || CASE WHEN mentions(query, 'like') OR mentions(query, 'glob') THEN 'With a parameter behind LIKE or GLOB another value is enough: column >= ? AND column < ? does without. ' ELSE '' END ||
       'Temporary tables can be made once per connection and emptied instead of dropped; ANALYZE and ' ||
       'changes of the schema belong where no prepared statements are waiting.' AS detail,
       json_object('unit', 'rows', 'reprepares', reprepares, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.6 AS confidence,
       json_array() AS fix_steps,
       '-- the statement: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM hot_statements CROSS JOIN threshold
WHERE reprepares >= min_times AND reprepares >= min_share * calls
