-- rule: fk-parent-missing
-- category: schema
-- severity: high
-- title: A foreign key refers to a table that does not exist
-- why: SQLite takes the declaration and checks the name only when a row is written: with foreign keys on, each insert that gives the column a value fails; with them off, nothing is checked.
-- references: https://www.sqlite.org/foreignkeys.html#fk_schemacommands
-- minimum version: 3.40
-- examined: SELECT count(*) FROM foreign_key_columns WHERE position = 0
WITH found AS MATERIALIZED (
    SELECT f.schema, f.table_name, f.id, f.parent, group_concat(quote_name(f.name), ', ') AS names,
           group_concat(quote_name(f.name) || ' IS NOT NULL', ' OR ') AS given,
           quote_name(f.schema) || '.' || quote_name(f.table_name) AS object
    FROM (SELECT * FROM foreign_key_columns ORDER BY schema, table_name, id, position) AS f
    WHERE f.schema <> 'temp'
      AND NOT EXISTS (SELECT 1 FROM tables AS t WHERE t.schema = f.schema AND t.name = f.parent)
    GROUP BY f.schema, f.table_name, f.id
)
SELECT object,
       names || ' ' || parent AS subject,
       NULL AS severity,
       'the foreign key (' || names || ') of ' || object || ' refers to a table that is not there' AS title,
       'There is no table ' || quote_name(parent) || ' in this database; foreign keys cannot refer to another one. Make the table, or build this one anew without the key.' AS detail,
       json_object('unit', 'rows', 'rows', table_rows(schema, table_name), 'columns', names, 'parent', parent) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       1 AS confidence,
       json_array() AS fix_steps,
       '-- CREATE TABLE ' || quote_name(schema) || '.' || quote_name(parent) || '(…), or rename what is meant; rows that would then refer to nothing:' || char(10) ||
       '-- SELECT * FROM ' || object || ' WHERE ' || given || ';' AS fix,
       NULL AS rollback
FROM found
