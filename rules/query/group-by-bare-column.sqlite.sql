-- rule: group-by-bare-column
-- category: query
-- severity: medium
-- title: A column is neither grouped nor aggregated
-- why: Where a group has several values for such a column SQLite gives one of them, which one is left to chance; other databases refuse the statement. Beside a single min() or max() the value is that of its row, which is left out here.
-- references: https://www.sqlite.org/quirks.html#aggregate_queries_can_contain_non_aggregate_result_columns_that_are_not_in_the_group_by_clause
-- minimum version: 3.40
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'group-by-bare-column'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       column_name || ' ' || queryid AS subject,
       NULL AS severity,
       quote_name(table_name) || '.' || quote_name(column_name) || ' is neither grouped nor aggregated' AS title,
       'The statement ran ' || counted(calls, 'time') || '. No key, unique index or equality of the statement says that a group has one ' || quote_name(column_name) || ' only.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'column', column_name, 'piece', piece, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.6 AS confidence,
       json_array() AS fix_steps,
       '-- add ' || quote_name(column_name) || ' to GROUP BY, or say which one is meant: max(' || quote_name(column_name) || '), in: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE 1
