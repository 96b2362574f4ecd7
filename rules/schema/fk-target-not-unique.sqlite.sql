-- rule: fk-target-not-unique
-- category: schema
-- severity: high
-- title: A foreign key refers to columns that are not unique
-- why: What a foreign key refers to must be the primary key or have a unique index, by the collations of the table. SQLite takes the declaration and refuses each write later: foreign key mismatch.
-- references: https://www.sqlite.org/foreignkeys.html#fk_indexes
-- minimum version: 3.40
-- examined: SELECT count(*) FROM foreign_key_columns WHERE position = 0
WITH keys AS MATERIALIZED (
    SELECT f.schema, f.table_name, f.id, f.parent, count(*) AS width, count(f.parent_column) AS known,
           group_concat(quote_name(f.name), ', ') AS names, group_concat(quote_name(f.parent_column), ', ') AS parent_names,
           group_concat(f.parent_column, '_') AS words
    FROM (SELECT * FROM foreign_key_columns ORDER BY schema, table_name, id, position) AS f
    WHERE f.schema <> 'temp'
    GROUP BY f.schema, f.table_name, f.id
), found AS MATERIALIZED (
    SELECT k.*, quote_name(k.schema) || '.' || quote_name(k.table_name) AS object
    FROM keys AS k
    JOIN tables AS p ON p.schema = k.schema AND p.name = k.parent AND p.kind IN ('table', 'without_rowid')
    WHERE NOT (k.known = k.width AND k.width = (SELECT count(*) FROM columns AS c
                                 WHERE c.schema = k.schema AND c.table_name = k.parent AND c.primary_key > 0)
               AND k.width = (SELECT count(*) FROM foreign_key_columns AS f
                              JOIN columns AS c ON c.schema = f.schema AND c.table_name = f.parent AND c.name = f.parent_column AND c.primary_key > 0
                              WHERE f.schema = k.schema AND f.table_name = k.table_name AND f.id = k.id))
      AND NOT EXISTS (
          SELECT 1 FROM indexes AS i
          WHERE i.schema = k.schema AND i.table_name = k.parent AND i.is_unique AND NOT i.partial AND i.width = k.width
            AND k.width = (SELECT count(*) FROM index_columns AS x
                           JOIN foreign_key_columns AS f ON f.schema = k.schema AND f.table_name = k.table_name AND f.id = k.id AND f.parent_column = x.name
                           JOIN columns AS c ON c.schema = k.schema AND c.table_name = k.parent AND c.name = x.name AND c.collation = x.collation
                           WHERE x.schema = i.schema AND x.index_name = i.name))
)
SELECT object,
       names || ' ' || parent AS subject,
       NULL AS severity,
       'the foreign key (' || names || ') of ' || object || ' refers to columns of ' || quote_name(parent) || ' that are not unique' AS title,
       'With foreign keys on, writes to both tables fail. The fix makes (' || coalesce(parent_names, 'the key') || ') of ' || quote_name(parent) ||
       ' unique; it fails where values are there twice.' AS detail,
       json_object('unit', 'rows', 'rows', table_rows(schema, table_name), 'columns', names, 'parent', parent, 'parent_columns', parent_names) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       1 AS confidence,
       CASE WHEN known = width THEN json_array('CREATE UNIQUE INDEX ' || quote_name(schema) || '.' || quote_name(parent || '_' || words || '_key') || ' ON ' ||
                  quote_name(parent) || ' (' || parent_names || ');') ELSE json_array() END AS fix_steps,
       CASE WHEN known = width THEN NULL ELSE '-- name columns of ' || quote_name(parent) || ' that are unique' END AS fix,
       CASE WHEN known = width THEN 'DROP INDEX ' || quote_name(schema) || '.' || quote_name(parent || '_' || words || '_key') || ';' END AS rollback
FROM found
