-- rule: insert-without-columns
-- category: query
-- severity: low
-- title: A frequent INSERT does not name its columns
-- why: The values go to the columns in the order of the table. A column that is added or a table that is built anew makes the statement fail, or puts values into other columns.
-- references: https://www.sqlite.org/lang_insert.html
-- minimum version: 3.40
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows,
           (SELECT group_concat(quote_name(c.name), ', ')
            FROM (SELECT * FROM columns ORDER BY schema, table_name, position) AS c
            WHERE c.schema = t.schema AND c.table_name = t.table_name AND NOT c.generated) AS wanted
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'insert-without-columns'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       'columns ' || queryid AS subject,
       NULL AS severity,
       'a frequent INSERT into ' || quote_name(schema) || '.' || quote_name(table_name) || ' does not name its columns' AS title,
       'It ran ' || counted(calls, 'time') || '. The fix has the columns as they are today.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'columns', wanted, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.6 AS confidence,
       json_array() AS fix_steps,
       '-- INSERT INTO ' || quote_name(table_name) || ' (' || wanted || ') … instead of: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE schema <> 'temp'
