-- rule: n-plus-one
-- category: query
-- severity: medium
-- title: One statement runs again and again behind another
-- why: A loop over the rows of one result that asks for something else for each of them pays for each statement; one join or one IN list gives all at once. Mappers do that when a relation is loaded lazily.
-- references: https://www.sqlite.org/np1queryprob.html
-- minimum version: 3.40
-- threshold: min_executions = 20: shorter runs are left out
-- threshold: min_runs = 3: it must have happened so often behind the same statement
-- examined: SELECT count(*) FROM hot_statements
SELECT 'statement ' || s.queryid AS object,
       'behind ' || s.burst_after AS subject,
       NULL AS severity,
       'a statement ran up to ' || counted(s.longest_burst, 'time') || ' in a row behind another' AS title,
       s.bursts || ' times it ran at least ' || 20 || ' times in a row on one connection, right behind this one: ' ||
       coalesce(substr(p.query, 1, 300), 'a statement that is no longer kept') || '. SQLite runs in the process, so that small loops cost little; with ' ||
       calls_text || ' in all a join, or one statement with IN for all rows, is worth a look.' AS detail,
       json_object('unit', 'rows', 'runs', s.bursts, 'longest', s.longest_burst, 'behind', p.query, 'queryid', s.queryid, 'query', substr(s.query, 1, 500), 'calls', s.calls, 'total_ms', s.total_ms,
                   'window_from', s.first_seen, 'window_to', s.last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.6 AS confidence,
       json_array() AS fix_steps,
       '-- join this statement with the one before, or ask for all rows at once: ' || replace(s.query, char(10), ' ') AS fix,
       NULL AS rollback
FROM (SELECT *, calls || ' executions' AS calls_text FROM hot_statements) AS s CROSS JOIN threshold
LEFT JOIN statements AS p ON p.queryid = s.burst_after
WHERE s.kind = 'select' AND s.bursts >= min_runs AND s.longest_burst >= min_executions AND s.burst_after <> 0
