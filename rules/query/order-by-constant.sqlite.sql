-- rule: order-by-constant
-- category: query
-- severity: low
-- title: ORDER BY a value that is the same for all rows
-- why: A text, or a parameter, behind ORDER BY is a value and no name of a column: nothing is sorted, without an error. Names of columns cannot be bound.
-- references: https://www.sqlite.org/lang_select.html#orderby
-- minimum version: 3.40
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, t.detail AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'order-by-constant'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name, t.detail
)
SELECT 'statement ' || queryid AS object,
       'order by ' || piece AS subject,
       CASE WHEN piece LIKE '''%' OR substr(piece, 1, 1) IN ('?', ':', '@', '$') THEN 'medium' ELSE 'low' END AS severity,
       'ORDER BY ' || piece || ' sorts nothing' AS title,
       'The statement ran ' || counted(calls, 'time') || '; its rows come in the order in which they are found. Write the column''s name into the text, chosen from a list of allowed ones.' AS detail,
       json_object('unit', 'rows', 'piece', piece, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.9 AS confidence,
       json_array() AS fix_steps,
       '-- ORDER BY a column instead of ' || piece || ' in: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE 1
