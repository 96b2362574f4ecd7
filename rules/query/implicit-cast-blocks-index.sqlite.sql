-- rule: implicit-cast-blocks-index
-- category: query
-- severity: high
-- title: A join compares a text with a number
-- why: Between a column of numbers and one of texts SQLite compares numbers: it makes one out of each text, so that no index on the texts serves the join, and each execution reads them all or builds an index of its own.
-- references: https://www.sqlite.org/datatype3.html#type_conversions_prior_to_comparison
-- minimum version: 3.40
-- threshold: min_rows = 1000: smaller tables are left out
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows,
           quote_name(json_extract(t.detail, '$.schema')) || '.' || quote_name(json_extract(t.detail, '$.table')) || '.' || quote_name(json_extract(t.detail, '$.column')) AS other,
           quote_name(json_extract(t.detail, '$.column')) AS other_column
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'compared-columns'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       column_name || ' ' || queryid AS subject,
       NULL AS severity,
       'a join compares ' || quote_name(schema) || '.' || quote_name(table_name) || '.' || quote_name(column_name) || ' with numbers, which its index cannot find' AS title,
       'It is compared with ' || other || ', a column of numbers. Each of ' || counted(calls, 'execution') || ' stepped through ' || scanned_per_call || ' rows; the table has about ' || rows || '. Give both columns one type; until then CAST on the number''s side lets the index be searched, where texts are written as SQLite writes numbers.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'column', column_name, 'compared_with', other, 'scanned_per_call', scanned_per_call, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.8 AS confidence,
       json_array() AS fix_steps,
       '-- write ' || quote_name(column_name) || ' = CAST(' || other_column || ' AS TEXT) in: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE rows >= min_rows AND (scanned_per_call >= min_rows OR autoindex_rows >= min_rows * calls)
  AND EXISTS (SELECT 1 FROM plan_lines AS p WHERE p.queryid = seen.queryid AND (p.operation = 'scan' OR p.automatic) AND p.schema = seen.schema AND p.table_name = seen.table_name)
  AND EXISTS (SELECT 1 FROM indexes AS i JOIN index_columns AS x ON x.schema = i.schema AND x.index_name = i.name AND x.position = 0
              WHERE i.schema = seen.schema AND i.table_name = seen.table_name AND x.name = seen.column_name)
