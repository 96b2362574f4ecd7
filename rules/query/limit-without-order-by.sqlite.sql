-- rule: limit-without-order-by
-- category: query
-- severity: low
-- title: LIMIT takes rows in no order
-- why: Without ORDER BY SQLite is free to return rows in any order: it changes with the index that the planner takes. Which rows LIMIT leaves over is left to chance; with OFFSET a row can come on two pages, or on none.
-- references: https://www.sqlite.org/lang_select.html#orderby
-- minimum version: 3.40
-- threshold: min_limit = 2: LIMIT 1 without OFFSET often asks whether there is a row
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows,
           CAST(t.detail AS INTEGER) AS row_limit, t.detail LIKE '% offset' AS pages,
           -- what makes the order total: the rowid, or the primary key
           coalesce((SELECT group_concat(quote_name(c.name), ', ')
                     FROM (SELECT * FROM columns ORDER BY schema, table_name, primary_key) AS c
                     WHERE c.schema = t.schema AND c.table_name = t.table_name AND c.primary_key > 0), 'rowid') AS keys
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'limit-without-order'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       'limit ' || queryid AS subject,
       CASE WHEN pages THEN 'medium' ELSE 'low' END AS severity,
       'which rows of ' || quote_name(schema) || '.' || quote_name(table_name) || ' LIMIT takes is left to chance' AS title,
       'The statement takes ' || CASE WHEN row_limit > 0 THEN row_limit || ' of ' ELSE 'some of ' END || 'about ' || rows || ' rows' || CASE WHEN pages THEN ' behind an OFFSET' ELSE '' END || ' and says no order; it ran ' || counted(calls, 'time') || '. An ORDER BY of the key makes the result the same each time.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'limit', nullif(row_limit, 0), 'offset', json(CASE WHEN pages THEN 'true' ELSE 'false' END), 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.5 AS confidence,
       json_array() AS fix_steps,
       '-- add ORDER BY ' || keys || ' in front of LIMIT: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE kind = 'select' AND rows > row_limit AND (pages OR row_limit >= min_limit OR row_limit = 0)
