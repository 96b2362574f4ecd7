-- rule: redundant-index
-- category: index
-- severity: low
-- title: An index holds the first columns of another one
-- why: The wider index finds rows by its first columns too; the narrower one takes space of its own and is written on every insert, delete and change of its columns.
-- references: https://www.sqlite.org/queryplanner.html#_multi_column_indices
-- minimum version: 3.40
-- threshold: min_rows = 1000: on tables with fewer rows the finding is of severity info
-- threshold: extra_columns = 3: where the wider index has more columns than these beyond the narrower one, so that it is much bigger, the finding is of severity info
-- examined: SELECT count(*) FROM indexes WHERE NOT is_unique
WITH redundant AS MATERIALIZED (
    -- the one that stays: what has to stay anyway, else the widest, which is no other's beginning itself
    SELECT n.*, w.name AS keeper, w.sql AS keeper_sql, w.width AS keeper_width, w.origin AS keeper_origin,
           row_number() OVER (PARTITION BY n.schema, n.name ORDER BY w.origin = 'c', NOT w.is_unique, w.width DESC, w.position DESC)
           AS place
    FROM indexes AS n
    JOIN indexes AS w ON w.schema = n.schema AND w.table_name = n.table_name AND w.width > n.width
                         AND substr(w.shape, 1, length(n.shape) + 2) = n.shape || ', '
                         AND w.predicate IS n.predicate AND w.partial = n.partial
    WHERE NOT n.is_unique AND n.origin = 'c' AND (n.predicate IS NOT NULL OR NOT n.partial)
      -- said already by duplicate-index or index-covered-by-unique
      AND NOT EXISTS (SELECT 1 FROM indexes AS s
                      WHERE s.schema = n.schema AND s.table_name = n.table_name AND s.name <> n.name AND s.shape = n.shape
                        AND s.predicate IS n.predicate AND s.partial = n.partial)
), found AS MATERIALIZED (
    SELECT *, quote_name(schema) || '.' || quote_name(table_name) AS owner, table_rows(schema, table_name) AS rows,
           CASE keeper_origin WHEN 'pk' THEN 'the primary key' WHEN 'u' THEN 'a unique constraint'
                              ELSE 'index ' || quote_name(keeper) END AS kept
    FROM redundant WHERE place = 1
)
SELECT quote_name(schema) || '.' || quote_name(name) AS object,
       owner AS subject,
       CASE WHEN rows < min_rows OR keeper_width - width > extra_columns THEN 'info' ELSE 'low' END AS severity,
       'index ' || quote_name(name) || ' of ' || owner || ' holds the first columns of ' || kept AS title,
       kept || ' finds the same rows, of about ' || rows || ', by the same columns. It is wider: statements that read much of ' ||
       quote_name(name) || ' without the table read more then. Before dropping it, see with advisor_what_if(sql, ''DROP INDEX ' ||
       quote_name(name) || ''') what the statements that matter would cost.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'definition', sql, 'columns', width, 'kept', keeper, 'kept_definition', keeper_sql,
                   'kept_columns', keeper_width) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       CASE WHEN keeper_width - width > extra_columns THEN 0.3 ELSE 0.6 END AS confidence,
       json_array('DROP INDEX ' || quote_name(schema) || '.' || quote_name(name) || ';') AS fix_steps,
       NULL AS fix,
       create_sql(schema, sql) AS rollback
FROM found CROSS JOIN threshold
