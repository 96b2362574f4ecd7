-- rule: index-covered-by-unique
-- category: index
-- severity: medium
-- title: A plain index repeats a unique one
-- why: The unique index, or the one behind a primary key or a unique constraint, finds rows just as well and has to stay; the other only takes space and is written on every insert, delete and change of its columns.
-- references: https://www.sqlite.org/lang_createtable.html#unique_constraints
-- minimum version: 3.40
-- threshold: min_rows = 1000: on tables with fewer rows the finding is of severity info
-- examined: SELECT count(*) FROM indexes WHERE NOT is_unique
WITH covered AS MATERIALIZED (
    SELECT p.*, u.name AS keeper, u.origin AS keeper_origin, u.sql AS keeper_sql,
           row_number() OVER (PARTITION BY p.schema, p.name ORDER BY u.origin <> 'pk', u.origin <> 'u', u.position DESC) AS place
    FROM indexes AS p
    JOIN indexes AS u ON u.schema = p.schema AND u.table_name = p.table_name AND u.is_unique AND u.shape = p.shape
                         AND u.predicate IS p.predicate AND u.partial = p.partial
    WHERE NOT p.is_unique AND p.origin = 'c' AND (p.predicate IS NOT NULL OR NOT p.partial)
), found AS MATERIALIZED (
    SELECT *, quote_name(schema) || '.' || quote_name(table_name) AS owner, table_rows(schema, table_name) AS rows,
           CASE keeper_origin WHEN 'pk' THEN 'the primary key' WHEN 'u' THEN 'a unique constraint'
                              ELSE 'unique index ' || quote_name(keeper) END AS kept
    FROM covered WHERE place = 1
)
SELECT quote_name(schema) || '.' || quote_name(name) AS object,
       owner AS subject,
       CASE WHEN rows < min_rows THEN 'info' ELSE 'medium' END AS severity,
       'index ' || quote_name(name) || ' of ' || owner || ' repeats ' || kept AS title,
       'Both find rows by the same columns, of about ' || counted(rows, 'row') || ', but only ' || kept ||
       ' keeps them unique. Every write to the table maintains both.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'definition', sql, 'kept', keeper, 'kept_definition', keeper_sql) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.95 AS confidence,
       json_array('DROP INDEX ' || quote_name(schema) || '.' || quote_name(name) || ';') AS fix_steps,
       NULL AS fix,
       create_sql(schema, sql) AS rollback
FROM found CROSS JOIN threshold
