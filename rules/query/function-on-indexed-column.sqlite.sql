-- rule: function-on-indexed-column
-- category: query
-- severity: medium
-- title: A condition wraps an indexed column in an expression
-- why: An index on a column is sorted by the column, not by what a function makes of it: the condition reads all rows. Write the condition on the bare column, or index the expression.
-- references: https://www.sqlite.org/expridx.html
-- minimum version: 3.40
-- threshold: min_rows = 1000: smaller tables are left out
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, t.detail AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'function-on-column'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name, t.detail
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       coalesce(nullif(column_name, ''), 'function-on-column') || ' ' || queryid AS subject,
       NULL AS severity,
       'a condition on ' || piece || ' cannot use the index on ' || quote_name(table_name) || '.' || quote_name(column_name) AS title,
       'Each of ' || counted(calls, 'execution') || ' evaluates ' || piece || ' for up to ' || counted(rows, 'row') || ' each. Where the condition can be written as a range of the column itself, the index that is there serves; otherwise an index on the expression does.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'column', nullif(column_name, ''), 'piece', piece, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.6 AS confidence,
       json_array('CREATE INDEX ' || quote_name(schema) || '.' || quote_name(table_name || '_' || column_name || '_expr_idx') || ' ON ' || quote_name(table_name) || ' (' || piece || ');') AS fix_steps,
       NULL AS fix,
       'DROP INDEX ' || quote_name(schema) || '.' || quote_name(table_name || '_' || column_name || '_expr_idx') || ';' AS rollback
FROM seen CROSS JOIN threshold
WHERE rows >= min_rows AND NOT EXISTS (SELECT 1 FROM advised_statements AS a WHERE a.queryid = seen.queryid)
  AND EXISTS (SELECT 1 FROM indexes AS i JOIN index_columns AS x ON x.schema = i.schema AND x.index_name = i.name AND x.position = 0
              WHERE i.schema = seen.schema AND i.table_name = seen.table_name AND x.name = seen.column_name)
  AND NOT EXISTS (SELECT 1 FROM indexes AS i JOIN index_columns AS x ON x.schema = i.schema AND x.index_name = i.name AND x.position = 0
                  WHERE i.schema = seen.schema AND i.table_name = seen.table_name AND x.expression IS NOT NULL
                    AND lower(replace(replace(x.expression, ' ', ''), '"', '')) = lower(replace(replace(piece, ' ', ''), '"', '')))
