-- rule: like-without-wildcard
-- category: query
-- severity: low
-- title: LIKE with a pattern that has no wildcard
-- why: LIKE compares without case and through a function call; an index of the column serves it only under NOCASE. An equality says what is meant and uses the index.
-- references: https://www.sqlite.org/lang_expr.html#like
-- minimum version: 3.40
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'like-exact'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       column_name || ' ' || queryid AS subject,
       NULL AS severity,
       'LIKE ' || piece || ' on ' || quote_name(table_name) || '.' || quote_name(column_name) || ' has no wildcard' AS title,
       'The pattern stands in the text of the statement, which ran ' || counted(calls, 'time') || '. LIKE takes upper and lower case for the same, = does not: where that is meant, = … COLLATE NOCASE says it.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'column', column_name, 'pattern', piece, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.8 AS confidence,
       json_array() AS fix_steps,
       '-- write ' || quote_name(column_name) || ' = ' || piece || ' in: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE 1
