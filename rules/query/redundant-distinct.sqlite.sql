-- rule: redundant-distinct
-- category: query
-- severity: low
-- title: DISTINCT on rows that are different anyway
-- why: The list between SELECT and FROM has a key of each table, so that no two rows can be the same. SQLite drops DISTINCT itself in simple cases only; otherwise all rows go through a temporary b-tree.
-- references: https://www.sqlite.org/lang_select.html#removal_of_duplicate_rows_select_distinct_processing
-- minimum version: 3.40
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'redundant-distinct'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       'distinct ' || queryid AS subject,
       NULL AS severity,
       'DISTINCT removes nothing from rows of ' || quote_name(schema) || '.' || quote_name(table_name) AS title,
       'The keys among ' || piece || ' make each row a different one. The statement ran ' || counted(calls, 'time') || '.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'piece', substr(piece, 1, 500), 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.9 AS confidence,
       json_array() AS fix_steps,
       '-- leave DISTINCT out of: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE 1
