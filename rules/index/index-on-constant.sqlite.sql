-- rule: index-on-constant
-- category: index
-- severity: low
-- title: An index has one value only
-- why: Where nearly all rows hold the same value in the columns of an index, a search finds all of them: the index takes space, costs each write and helps none, unless somebody looks for one of the few others.
-- references: https://www.sqlite.org/queryplanner-ng.html
-- minimum version: 3.40
-- threshold: min_rows = 1000: smaller tables are left out
-- threshold: min_share = 0.9: of the rows for one value
-- examined: SELECT count(*) FROM statistics WHERE index_name IS NOT NULL
WITH measured AS (
    SELECT i.schema, i.table_name, i.name, i.sql, CAST(s.stat AS INTEGER) AS rows,
           CAST(json_extract('[' || replace(s.stat, ' ', ',') || ']', '$[' || i.width || ']') AS INTEGER) AS per_value
    FROM indexes AS i
    JOIN statistics AS s ON s.schema = i.schema AND s.table_name = i.table_name AND s.index_name = i.name
    WHERE i.origin = 'c' AND NOT i.is_unique AND NOT i.partial AND i.schema <> 'temp' AND s.stat NOT GLOB '*[^0-9 ]*'
)
SELECT quote_name(schema) || '.' || quote_name(name) AS object,
       'constant' AS subject,
       NULL AS severity,
       'index ' || quote_name(name) || ' finds nearly all rows by each value' AS title,
       'By sqlite_stat1 there are ' || per_value || ' of ' || counted(rows, 'row') || ' for one value on average. Where a rare value is looked for, a partial index for it is a fraction of the size.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'per_value', per_value, 'definition', sql) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.6 AS confidence,
       json_array('DROP INDEX ' || quote_name(schema) || '.' || quote_name(name) || ';') AS fix_steps,
       NULL AS fix,
       create_sql(schema, sql) AS rollback
FROM measured CROSS JOIN threshold
WHERE rows >= min_rows AND per_value >= min_share * rows
