-- rule: sqlite-skip-scan
-- category: query
-- severity: low
-- title: A statement relies on a skip-scan
-- why: Without a condition on the first column of an index SQLite goes through all values of that column and searches behind each. That is quick while there are few values, and gets slower with each new one; it also ends when the statistics do.
-- references: https://www.sqlite.org/optoverview.html#the_skip_scan_optimization
-- minimum version: 3.40
-- threshold: min_rows = 1000: smaller tables are left out
-- examined: SELECT count(*) FROM hot_statements
WITH skipping AS MATERIALIZED (
    SELECT s.*, p.schema, p.table_name, p.index_name AS used_index, p.columns, p.detail AS plan,
           row_number() OVER (PARTITION BY p.schema, p.table_name, p.columns ORDER BY s.total_ms DESC) AS rank
    FROM hot_statements AS s
    JOIN plan_lines AS p ON p.queryid = s.queryid AND p.skips AND p.table_name <> '' AND p.columns <> ''
), named AS (
    SELECT *, quote_name(schema) || '.' || quote_name(table_name) AS object, table_name || '_' || replace(columns, ',', '_') || '_skip_idx' AS index_name,
           (SELECT group_concat(quote_name(value), ', ') FROM json_each('["' || replace(columns, ',', '","') || '"]')) AS keys,
           table_rows(schema, table_name) AS rows
    FROM skipping WHERE rank = 1
)
SELECT object,
       'skip-scan ' || columns AS subject,
       NULL AS severity,
       'a statement goes through all leading values of index ' || quote_name(used_index) AS title,
       'The plan "' || plan || '" of a statement that ran ' || counted(calls, 'time') || ' has no condition on the first column of the index. With an index ' ||
       'that begins with ' || keys || ' it stays quick when that column gets more values.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'plan', plan, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.4 AS confidence,
       json_array('CREATE INDEX ' || quote_name(schema) || '.' || quote_name(index_name) || ' ON ' || quote_name(table_name) || ' (' || keys || ');') AS fix_steps,
       NULL AS fix,
       'DROP INDEX ' || quote_name(schema) || '.' || quote_name(index_name) || ';' AS rollback
FROM named CROSS JOIN threshold
WHERE rows >= min_rows
