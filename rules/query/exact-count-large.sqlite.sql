-- rule: exact-count-large
-- category: query
-- severity: low
-- title: All rows of a very large table are counted often
-- why: SQLite keeps no number of rows: count(*) visits each page of the smallest index. Where the number is shown only, one that a trigger keeps, or an estimate, does as well.
-- references: https://www.sqlite.org/lang_aggfunc.html#count
-- minimum version: 3.40
-- threshold: min_rows = 1000000: smaller tables are left out
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows,
           t.table_name || '_count' AS counter
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'count-all'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       'counted ' || queryid AS subject,
       NULL AS severity,
       'all rows of ' || quote_name(schema) || '.' || quote_name(table_name) || ' are counted often' AS title,
       'The table has about ' || rows || ' rows; the statement ran ' || counted(calls, 'time') || ', for ' || CAST(total_ms / calls AS INTEGER) || ' ms each. Where rows are never deleted, max(rowid) tells the number at once; otherwise a trigger for INSERT and one for DELETE keep it in a table of one row.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.5 AS confidence,
       json_array() AS fix_steps,
       '-- CREATE TABLE ' || quote_name(schema) || '.' || quote_name(counter) || '(n INTEGER NOT NULL);' || char(10) ||
       '-- INSERT INTO ' || quote_name(schema) || '.' || quote_name(counter) || ' SELECT count(*) FROM ' || quote_name(table_name) || ';' || char(10) ||
       '-- CREATE TRIGGER ' || quote_name(schema) || '.' || quote_name(counter || '_up') || ' AFTER INSERT ON ' || quote_name(table_name) || ' BEGIN UPDATE ' || quote_name(counter) || ' SET n = n + 1; END;' || char(10) ||
       '-- CREATE TRIGGER ' || quote_name(schema) || '.' || quote_name(counter || '_down') || ' AFTER DELETE ON ' || quote_name(table_name) || ' BEGIN UPDATE ' || quote_name(counter) || ' SET n = n - 1; END;' || char(10) ||
       '-- then SELECT n FROM ' || quote_name(counter) || ' instead of: ' || replace(query, char(10), ' ') AS fix,
       '-- DROP TRIGGER ' || quote_name(schema) || '.' || quote_name(counter || '_up') || '; DROP TRIGGER ' || quote_name(schema) || '.' || quote_name(counter || '_down') || '; DROP TABLE ' || quote_name(schema) || '.' || quote_name(counter) || ';' AS rollback
FROM seen CROSS JOIN threshold
WHERE rows >= min_rows
