-- rule: sqlite-automatic-index
-- category: query
-- severity: medium
-- title: SQLite builds an index for each execution of a statement
-- why: An automatic index is built row by row, used once and thrown away. The planner builds it where a permanent one is missing.
-- references: https://www.sqlite.org/optoverview.html#automatic_query_time_indexes
-- minimum version: 3.40
-- threshold: min_rows = 1000: fewer rows for one execution are left out
-- examined: SELECT count(*) FROM hot_statements
WITH automatic AS MATERIALIZED (
    SELECT s.*, p.schema, p.table_name, p.columns, p.detail AS plan, s.autoindex_rows / s.calls AS rows_per_call,
           row_number() OVER (PARTITION BY p.schema, p.table_name, p.columns ORDER BY s.autoindex_rows DESC) AS rank
    FROM hot_statements AS s CROSS JOIN threshold
    JOIN plan_lines AS p ON p.queryid = s.queryid AND p.automatic AND p.table_name <> '' AND p.columns <> ''
    WHERE s.autoindex_rows / s.calls >= min_rows
      AND NOT EXISTS (SELECT 1 FROM advised_statements AS a WHERE a.queryid = s.queryid)
), named AS (
    SELECT *, quote_name(schema) || '.' || quote_name(table_name) AS object, table_name || '_' || replace(columns, ',', '_') || '_auto_idx' AS index_name,
           (SELECT group_concat(quote_name(value), ', ') FROM json_each('["' || replace(columns, ',', '","') || '"]')) AS keys
    FROM automatic WHERE rank = 1
)
SELECT object,
       'automatic ' || columns AS subject,
       NULL AS severity,
       'an index of ' || object || ' (' || keys || ') is built for each execution of a statement' AS title,
       'Each of ' || counted(calls, 'execution') || ' puts ' || counted(rows_per_call, 'row') || ' into an index of its own ("' || plan || '").' AS detail,
       json_object('unit', 'rows', 'rows_per_call', rows_per_call, 'plan', plan, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.6 AS confidence,
       json_array('CREATE INDEX ' || quote_name(schema) || '.' || quote_name(index_name) || ' ON ' || quote_name(table_name) || ' (' || keys || ');') AS fix_steps,
       NULL AS fix,
       'DROP INDEX ' || quote_name(schema) || '.' || quote_name(index_name) || ';' AS rollback
FROM named
