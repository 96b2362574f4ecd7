-- rule: fk-type-mismatch
-- category: schema
-- severity: medium
-- title: A foreign key and what it refers to have different types or collations
-- why: SQLite can use an index for a comparison of two columns only when it holds the values as they are compared: with a number on one side and a text or no type on the other, or with another collation, joins and the search for referring rows read the whole table although there is an index. A value that looks the same may not be equal.
-- references: https://www.sqlite.org/datatype3.html#affinity
-- minimum version: 3.40
-- threshold: min_rows = 1000: where neither table has that many rows the finding is of severity low
-- examined: SELECT count(*) FROM foreign_key_columns WHERE position = 0
WITH pair AS (
    SELECT f.schema, f.table_name, f.id, f.name AS child_column, f.parent, p.name AS parent_column,
           c.type AS type, p.type AS parent_type, c.collation AS collation, p.collation AS parent_collation,
           CASE WHEN c.affinity IN ('integer', 'real', 'numeric') THEN 'numeric' ELSE c.affinity END AS class,
           CASE WHEN p.affinity IN ('integer', 'real', 'numeric') THEN 'numeric' ELSE p.affinity END AS parent_class
    FROM foreign_key_columns AS f
    JOIN columns AS c ON c.schema = f.schema AND c.table_name = f.table_name AND c.name = f.name
    JOIN columns AS p ON p.schema = f.schema AND p.table_name = f.parent AND p.name = f.parent_column
    WHERE f.schema <> 'temp'
), mismatch AS (  -- a collation matters to texts only
    SELECT *, class <> parent_class AS types_differ
    FROM pair
    WHERE class <> parent_class OR (collation <> parent_collation AND class <> 'numeric')
), found AS MATERIALIZED (
    SELECT m.*, quote_name(m.schema) || '.' || quote_name(m.table_name) AS object,
           quote_name(m.schema) || '.' || quote_name(m.parent) AS parent_object, o.sql,
           table_rows(m.schema, m.table_name) AS rows, table_rows(m.schema, m.parent) AS parent_rows,
           (SELECT group_concat(quote_name(c.name), ', ')
            FROM (SELECT * FROM columns ORDER BY schema, table_name, position) AS c
            WHERE c.schema = m.schema AND c.table_name = m.table_name AND NOT c.generated) AS columns
    FROM mismatch AS m
    LEFT JOIN objects AS o ON o.schema = m.schema AND o.name = m.table_name AND o.type = 'table'
)
SELECT object,
       quote_name(child_column) || ' ' || parent_object || ' ' || quote_name(parent_column) AS subject,
       CASE WHEN max(rows, parent_rows) < min_rows THEN 'low' ELSE 'medium' END AS severity,
       CASE WHEN types_differ
            THEN object || '.' || quote_name(child_column) || CASE type WHEN '' THEN ' has no type' ELSE ' is ' || type END ||
                 ' but refers to ' || parent_object || '.' || quote_name(parent_column) ||
                 CASE parent_type WHEN '' THEN ', which has none' ELSE ', which is ' || parent_type END
            ELSE object || '.' || quote_name(child_column) || ' is collated by ' || collation || ' but refers to ' || parent_object ||
                 '.' || quote_name(parent_column) || ', collated by ' || parent_collation END AS title,
       CASE WHEN class = 'text' OR parent_class = 'numeric' OR NOT types_differ
            THEN 'To find the rows that refer to a row of ' || parent_object || ', SQLite reads all ' || counted(rows, 'row') || ' of ' || object ||
                 ', whatever indexes it has. '
            WHEN class = 'numeric'
            THEN 'A join cannot look rows of ' || parent_object || ' up by its key and reads its ' || counted(parent_rows, 'row') || '. '
            ELSE '' END ||
       'The fix builds the table of ' || counted(rows, 'row') || ' anew; values become what the new type makes of them.' AS detail,
       json_object('unit', 'rows', 'column', child_column, 'type', type, 'collation', collation, 'parent', parent,
                   'parent_column', parent_column, 'parent_type', parent_type, 'parent_collation', parent_collation,
                   'rows', rows, 'parent_rows', parent_rows) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.9 AS confidence,
       json_array() AS fix_steps,
       rebuild_script(schema, table_name, with_column_type(sql, child_column, parent_type, parent_collation), columns, columns) AS fix,
       rebuild_script(schema, table_name, sql, columns, columns) AS rollback
FROM found CROSS JOIN threshold
