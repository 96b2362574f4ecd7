-- rule: having-without-aggregate
-- category: query
-- severity: low
-- title: HAVING asks what WHERE could
-- why: HAVING is for what is known of a whole group. A condition on grouped columns alone belongs to WHERE, where it leaves rows out before they are grouped and where an index can serve it.
-- references: https://www.sqlite.org/lang_select.html#resultset
-- minimum version: 3.40
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'having-without-aggregate'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       column_name || ' ' || queryid AS subject,
       NULL AS severity,
       'HAVING ' || piece || ' has no aggregate' AS title,
       'All columns of the condition are grouped. The statement ran ' || counted(calls, 'time') || '; newer versions of SQLite move some such conditions themselves.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'condition', piece, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.8 AS confidence,
       json_array() AS fix_steps,
       '-- move ' || piece || ' from HAVING to WHERE: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE 1
