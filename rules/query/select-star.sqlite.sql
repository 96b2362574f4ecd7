-- rule: select-star
-- category: query
-- severity: low
-- title: A frequent statement asks for all columns of a wide table
-- why: All columns are read and copied, also those that nobody looks at; no index can cover the statement; and a column that is added changes what the program gets.
-- references: https://www.sqlite.org/queryplanner.html#_covering_indexes
-- minimum version: 3.40
-- threshold: min_calls = 100: rarer statements are left out
-- threshold: min_columns = 12: narrower tables are left out
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, t.detail AS piece, table_rows(t.schema, t.table_name) AS rows,
           (SELECT count(*) FROM columns AS c WHERE c.schema = t.schema AND c.table_name = t.table_name) AS width,
           (SELECT group_concat(quote_name(c.name), ', ')
            FROM (SELECT * FROM columns ORDER BY schema, table_name, position) AS c
            WHERE c.schema = t.schema AND c.table_name = t.table_name) AS wanted
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'select-star'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name, t.detail
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       coalesce(nullif(column_name, ''), 'select-star') || ' ' || queryid AS subject,
       NULL AS severity,
       'a frequent statement asks for all columns of ' || quote_name(table_name) AS title,
       'The table has ' || width || ' columns and about ' || counted(rows, 'row') || '; the statement ran ' || counted(calls, 'time') || '. Name the columns that are used.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'column', nullif(column_name, ''), 'piece', piece, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.4 AS confidence,
       json_array() AS fix_steps,
       '-- SELECT ' || wanted || ' …' AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE calls >= min_calls AND width >= min_columns
