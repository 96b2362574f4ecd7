-- rule: large-in-list
-- category: query
-- severity: low
-- title: A list behind IN has very many values
-- why: Each value of the list is parsed, takes a register or a parameter of which there is a limit, and makes the text another one when their number changes: no prepared statement is used twice. One parameter with a JSON array holds any number of them.
-- references: https://www.sqlite.org/json1.html#jeach
-- minimum version: 3.40
-- threshold: min_values = 100: shorter lists are left out
-- examined: SELECT count(*) FROM hot_statements
WITH lists AS MATERIALIZED (
    SELECT s.*, max(CAST(t.detail AS INTEGER)) AS longest
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'in-list'
    GROUP BY s.queryid
)
SELECT 'statement ' || queryid AS object,
       'in list' AS subject,
       NULL AS severity,
       'a list behind IN has ' || longest || ' values' AS title,
       'The statement ran ' || counted(calls, 'time') || ', as ' || counted(max(texts, 1), 'text') || '.' AS detail,
       json_object('unit', 'rows', 'values', longest, 'texts', texts, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.7 AS confidence,
       json_array() AS fix_steps,
       '-- write … IN (SELECT value FROM json_each(?)), or join a temporary table: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM lists CROSS JOIN threshold
WHERE longest >= min_values
