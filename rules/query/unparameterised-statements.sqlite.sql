-- rule: unparameterised-statements
-- category: query
-- severity: medium
-- title: One statement comes as many different texts
-- why: Values that are written into the text make each execution a new statement: it is parsed and planned again, no cache of prepared statements helps, and a value from outside can change what the text means. Bound parameters avoid all three.
-- references: https://www.sqlite.org/lang_expr.html#varparam
-- minimum version: 3.40
-- threshold: min_texts = 100: fewer are left out
-- threshold: min_share = 0.2: different texts per execution
-- examined: SELECT count(*) FROM hot_statements
SELECT 'statement ' || queryid AS object,
       'texts' AS subject,
       NULL AS severity,
       'a statement came as ' || texts || ' different texts' AS title,
       calls || ' executions were of ' || texts || ' texts that differ in their literals only.' AS detail,
       json_object('unit', 'rows', 'texts', texts, 'example', substr(example, 1, 500), 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.7 AS confidence,
       json_array() AS fix_steps,
       '-- bind the values as parameters: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM hot_statements CROSS JOIN threshold
WHERE texts >= min_texts AND texts >= min_share * calls AND kind <> 'other'
