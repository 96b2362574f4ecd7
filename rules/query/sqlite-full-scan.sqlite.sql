-- rule: sqlite-full-scan
-- category: query
-- severity: low
-- title: A frequent statement reads a large table whole
-- why: Each execution steps through all rows. Where an index makes that at least twice as cheap, a finding missing-index-… says so instead of this one; here either none helps, or the conditions of the text hide what could be searched.
-- references: https://www.sqlite.org/eqp.html
-- minimum version: 3.40
-- threshold: min_rows = 1000: fewer rows for one execution are left out
-- examined: SELECT count(*) FROM hot_statements
WITH scanned AS MATERIALIZED (
    SELECT s.*, p.schema, p.table_name, p.detail AS plan, table_rows(p.schema, p.table_name) AS rows,
           row_number() OVER (PARTITION BY s.queryid ORDER BY table_rows(p.schema, p.table_name) DESC) AS rank
    FROM hot_statements AS s CROSS JOIN threshold
    JOIN plan_lines AS p ON p.queryid = s.queryid AND p.operation = 'scan' AND p.table_name <> ''
    -- the counter decides: count(*) and a LIMIT that is reached early say SCAN and step through few rows
    WHERE s.scanned_per_call >= min_rows AND mentions(s.query, 'where')
      AND NOT EXISTS (SELECT 1 FROM advised_statements AS a WHERE a.queryid = s.queryid)
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       'scanned by ' || queryid AS subject,
       NULL AS severity,
       'a statement reads ' || quote_name(schema) || '.' || quote_name(table_name) || ' whole' AS title,
       'Each of ' || counted(calls, 'execution') || ' stepped through ' || counted(scanned_per_call, 'row') || ' of a table of about ' || rows ||
       ' ("' || plan || '"), and no index was found that halves its cost. See whether all these rows are wanted, whether a function ' ||
       'around a column or a leading wildcard hides a condition, or keep the result.' AS detail,
       json_object('unit', 'rows', 'scanned_per_call', scanned_per_call, 'rows', rows, 'plan', plan, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.5 AS confidence,
       json_array() AS fix_steps,
       '-- the statement: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM scanned CROSS JOIN threshold
WHERE rank = 1 AND rows >= min_rows
