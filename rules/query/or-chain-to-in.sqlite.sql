-- rule: or-chain-to-in
-- category: query
-- severity: info
-- title: A chain of OR that IN says shorter
-- why: SQLite makes an IN out of several equalities of one column itself, so that this is a matter of reading; a list in one parameter, IN (SELECT value FROM json_each(?)), also spares a text for each number of values.
-- references: https://www.sqlite.org/optoverview.html#or_optimizations
-- minimum version: 3.40
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'or-chain'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       column_name || ' ' || queryid AS subject,
       NULL AS severity,
       'a chain of OR asks ' || quote_name(column_name) || ' for one value after the other' AS title,
       'The statement ran ' || counted(calls, 'time') || '. ' || quote_name(column_name) || ' ' || piece || ' says the same.' AS detail,
       json_object('unit', 'rows', 'column', column_name, 'instead', piece, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.9 AS confidence,
       json_array() AS fix_steps,
       '-- write ' || quote_name(column_name) || ' ' || piece || ' in: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE 1
