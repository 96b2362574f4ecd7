-- rule: slow-query
-- category: query
-- severity: medium
-- title: A statement is slow
-- why: Each execution takes long by the clock and by its work. The findings on the same statement say what can be done.
-- references: https://www.sqlite.org/queryplanner.html
-- minimum version: 3.40
-- threshold: min_mean_ms = 500: faster ones are left out
-- threshold: min_steps = 1000000: VM steps of one execution; with fewer the time is the programs own, between the rows
-- examined: SELECT count(*) FROM hot_statements
SELECT 'statement ' || queryid AS object,
       'slow' AS subject,
       NULL AS severity,
       'a statement takes ' || CAST(total_ms / calls AS INTEGER) || ' ms on average' AS title,
       'It ran ' || counted(calls, 'time') || ', for ' || CAST(total_ms AS INTEGER) || ' ms in all and ' || CAST(max_ms AS INTEGER) || ' ms at most, with ' || steps_per_call || ' VM steps each.' AS detail,
       json_object('unit', 'ms', 'mean_ms', round(total_ms / calls, 1), 'max_ms', round(max_ms, 1), 'steps_per_call', steps_per_call, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.7 AS confidence,
       json_array() AS fix_steps,
       '-- see advisor_plan and advisor_recommend_indexes for: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM hot_statements CROSS JOIN threshold
WHERE total_ms / calls >= min_mean_ms AND steps_per_call >= min_steps
