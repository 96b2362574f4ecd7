-- rule: implicit-cross-join
-- category: query
-- severity: low
-- title: A join without a condition does not say that it is one
-- why: A comma or a JOIN without a condition makes all combinations, as CROSS JOIN does: nobody sees whether that is meant. The tables are small today.
-- references: https://www.sqlite.org/lang_select.html#fromclause
-- minimum version: 3.40
-- threshold: min_rows = 2: smaller tables, which hold settings, are left out
-- threshold: max_product = 100000: more combinations are left to cartesian-product
-- examined: SELECT count(*) FROM hot_statements
WITH pairs AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, json_extract(t.detail, '$.schema') AS other_schema, json_extract(t.detail, '$.table') AS other_table,
           table_rows(t.schema, t.table_name) AS rows, table_rows(json_extract(t.detail, '$.schema'), json_extract(t.detail, '$.table')) AS other_rows
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'unconnected-tables'
    GROUP BY s.queryid, t.schema, t.table_name, t.detail
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       quote_name(other_schema) || '.' || quote_name(other_table) || ' ' || queryid AS subject,
       NULL AS severity,
       quote_name(other_table) || ' and ' || quote_name(table_name) || ' are joined without a condition' AS title,
       'With about ' || other_rows || ' and ' || rows || ' rows these are ' || (rows * other_rows) || ' combinations for each of ' || counted(calls, 'execution') || '.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'other_table', quote_name(other_schema) || '.' || quote_name(other_table), 'other_rows', other_rows, 'combinations', rows * other_rows, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.6 AS confidence,
       json_array() AS fix_steps,
       '-- write CROSS JOIN, or add the condition: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM pairs CROSS JOIN threshold
WHERE rows * other_rows < max_product AND min(rows, other_rows) >= min_rows
