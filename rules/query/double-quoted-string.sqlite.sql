-- rule: double-quoted-string
-- category: query
-- severity: medium
-- title: A text in double quotes is no column
-- why: SQLite takes "x" for a string where no column has that name: a misspelt column becomes a constant without an error, and a column that is added later changes what the statement means. Builds with SQLITE_DQS=0 refuse it.
-- references: https://www.sqlite.org/quirks.html#double_quoted_string_literals_are_accepted
-- minimum version: 3.40
-- examined: SELECT count(*) FROM statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, t.detail AS piece
    FROM statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'double-quoted-string'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name, t.detail
)
SELECT 'statement ' || queryid AS object,
       coalesce(nullif(column_name, ''), 'double-quoted-string') || ' ' || queryid AS subject,
       NULL AS severity,
       'a statement uses ' || piece || ' as a string' AS title,
       'No table has a column of that name. Strings stand in single quotes.' AS detail,
       json_object('unit', 'rows', 'column', nullif(column_name, ''), 'piece', piece, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.8 AS confidence,
       json_array() AS fix_steps,
       '-- ''' || replace(trim(piece, '"'), '''', '''''') || ''' instead of ' || piece || ' in: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE 1
