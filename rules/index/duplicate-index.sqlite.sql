-- rule: duplicate-index
-- category: index
-- severity: medium
-- title: Two indexes hold the same
-- why: The second index answers nothing that the first does not, but it takes its space again and is written on every insert, delete and change of its columns.
-- references: https://www.sqlite.org/queryplanner.html
-- minimum version: 3.40
-- examined: SELECT count(*) FROM indexes
WITH ranked AS MATERIALIZED (  -- a constraint's index stays, then a unique one, then the oldest
    SELECT *, row_number() OVER same AS place, first_value(name) OVER same AS keeper,
           first_value(origin) OVER same AS keeper_origin, first_value(is_unique) OVER same AS keeper_unique
    FROM indexes
    WHERE predicate IS NOT NULL OR NOT partial
    WINDOW same AS (PARTITION BY schema, table_name, shape, partial, predicate
                    ORDER BY origin = 'c', NOT is_unique, position DESC)
), found AS MATERIALIZED (  -- a plain one that repeats a unique one is index-covered-by-unique's
    SELECT *, quote_name(schema) || '.' || quote_name(table_name) AS owner, table_rows(schema, table_name) AS rows
    FROM ranked WHERE place > 1 AND origin = 'c' AND is_unique = keeper_unique
)
SELECT quote_name(schema) || '.' || quote_name(name) AS object,
       owner AS subject,
       'medium' AS severity,
       'index ' || quote_name(name) || ' repeats ' ||
       CASE keeper_origin WHEN 'pk' THEN 'the primary key' WHEN 'u' THEN 'a unique constraint'
                          ELSE 'index ' || quote_name(keeper) END ||
       ' of ' || owner AS title,
       'Both hold the same columns in the same order with the same collations' ||
       CASE WHEN partial THEN ' and the same WHERE' ELSE '' END || ', over about ' || counted(rows, 'row') ||
       '. Every write to the table maintains both.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'kept', keeper, 'definition', sql) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.95 AS confidence,
       json_array('DROP INDEX ' || quote_name(schema) || '.' || quote_name(name) || ';') AS fix_steps,
       NULL AS fix,
       create_sql(schema, sql) AS rollback
FROM found
