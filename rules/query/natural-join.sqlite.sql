-- rule: natural-join
-- category: query
-- severity: medium
-- title: NATURAL JOIN takes its condition from the names of columns
-- why: A column that is added to one of the tables under a name that the other has, such as created_at, becomes a part of the condition: rows go missing without an error.
-- references: https://www.sqlite.org/lang_select.html#fromclause
-- minimum version: 3.40
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'natural-join'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       'natural ' || queryid AS subject,
       NULL AS severity,
       'a NATURAL JOIN with ' || quote_name(schema) || '.' || quote_name(table_name) || ' depends on names of columns' AS title,
       CASE piece WHEN '' THEN 'The tables share no name: all combinations of rows are made.' ELSE 'Today it compares ' || piece || '.' END || ' The statement ran ' || counted(calls, 'time') || '.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'shared', piece, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.8 AS confidence,
       json_array() AS fix_steps,
       CASE piece WHEN '' THEN '-- name the columns with USING: ' ELSE '-- write JOIN ' || quote_name(table_name) || ' USING (' || piece || ') in: ' END || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE 1
