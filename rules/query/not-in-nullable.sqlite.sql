-- rule: not-in-nullable
-- category: query
-- severity: high
-- title: NOT IN asks a query that may give NULL
-- why: One NULL among the values makes NOT IN give no row at all, whatever the others are. NOT EXISTS asks what is meant.
-- references: https://www.sqlite.org/nulls.html
-- minimum version: 3.40
-- examined: SELECT count(*) FROM statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, t.detail AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'not-in-query'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name, t.detail
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       coalesce(nullif(column_name, ''), 'not-in-query') || ' ' || queryid AS subject,
       NULL AS severity,
       'NOT IN gives nothing as soon as ' || quote_name(table_name) || '.' || quote_name(column_name) || ' holds a NULL' AS title,
       'The column may be NULL. Its ' || calls || ' recorded executions would then return no rows, without an error.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'column', nullif(column_name, ''), 'piece', piece, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.7 AS confidence,
       json_array() AS fix_steps,
       '-- NOT EXISTS (SELECT 1 FROM … WHERE column = outer.column) instead of NOT IN in: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE 1
  AND EXISTS (SELECT 1 FROM columns AS c WHERE c.schema = seen.schema AND c.table_name = seen.table_name AND c.name = seen.column_name
              AND NOT c.not_null AND NOT (c.primary_key > 0 AND c.type = 'INTEGER'))
