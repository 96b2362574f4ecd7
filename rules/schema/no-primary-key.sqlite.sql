-- rule: no-primary-key
-- category: schema
-- severity: medium
-- title: A table has no primary key
-- why: Its rows have only the hidden rowid, which VACUUM may number anew, no foreign key can refer to and a dump does not keep; nothing keeps a row from being there twice, and tools that compare or merge files (the session extension, sqldiff) leave the table out or compare by rowid.
-- references: https://www.sqlite.org/lang_createtable.html#rowid
-- minimum version: 3.40
-- threshold: ignored_names = "staging_* stage_* stg_* tmp_* temp_* import_* load_* *_staging *_stage *_stg *_tmp *_temp *_import *_log *_logs": tables whose name has one of these forms are left out
-- examined: SELECT count(*), coalesce(sum(EXISTS (SELECT 1 FROM threshold CROSS JOIN json_each('["' || replace(ignored_names, ' ', '","') || '"]') WHERE lower(name) GLOB value)), 0), 'their names are those of staging and log tables' FROM tables WHERE kind = 'table' AND schema <> 'temp'
WITH keyless AS (
    SELECT t.schema, t.name, o.sql,
           -- a unique index that could be the key: whole, and of columns that are never NULL
           (SELECT i.name FROM indexes AS i
            WHERE i.schema = t.schema AND i.table_name = t.name AND i.is_unique AND NOT i.partial
              AND NOT EXISTS (SELECT 1 FROM index_columns AS x
                              LEFT JOIN columns AS c ON c.schema = t.schema AND c.table_name = t.name AND c.name = x.name
                              WHERE x.schema = i.schema AND x.index_name = i.name AND c.not_null IS NOT 1)
            ORDER BY i.width, i.position DESC LIMIT 1) AS key_index
    FROM tables AS t
    LEFT JOIN objects AS o ON o.schema = t.schema AND o.name = t.name AND o.type = 'table'
    WHERE t.kind = 'table' AND t.schema <> 'temp'
      AND NOT EXISTS (SELECT 1 FROM columns AS c WHERE c.schema = t.schema AND c.table_name = t.name AND c.primary_key > 0)
      AND NOT EXISTS (SELECT 1 FROM threshold CROSS JOIN json_each('["' || replace(ignored_names, ' ', '","') || '"]')
                      WHERE lower(t.name) GLOB value)
), found AS MATERIALIZED (
    SELECT k.*, quote_name(k.schema) || '.' || quote_name(k.name) AS object, table_rows(k.schema, k.name) AS rows,
           (SELECT group_concat(quote_name(x.name), ', ')
            FROM (SELECT * FROM index_columns ORDER BY schema, index_name, position) AS x
            WHERE x.schema = k.schema AND x.index_name = k.key_index) AS key_columns,
           (SELECT group_concat(quote_name(c.name), ', ')
            FROM (SELECT * FROM columns ORDER BY schema, table_name, position) AS c
            WHERE c.schema = k.schema AND c.table_name = k.name AND NOT c.generated) AS columns,
           (SELECT count(*) FROM foreign_key_columns AS f WHERE f.schema = k.schema AND f.parent = k.name AND f.position = 0) AS referring,
           -- names for a new key and for the rowid that no column has
           (SELECT value FROM json_each('["id","row_id","key_id","primary_id"]')
            WHERE NOT EXISTS (SELECT 1 FROM columns AS c WHERE c.schema = k.schema AND c.table_name = k.name AND c.name = value)
            LIMIT 1) AS new_column,
           (SELECT value FROM json_each('["rowid","_rowid_","oid"]')
            WHERE NOT EXISTS (SELECT 1 FROM columns AS c WHERE c.schema = k.schema AND c.table_name = k.name AND c.name = value)
            LIMIT 1) AS rowid_name
    FROM keyless AS k
)
SELECT object,
       'primary key' AS subject,
       CASE WHEN referring > 0 THEN 'high' ELSE 'medium' END AS severity,
       object || ' has no primary key' AS title,
       'It holds about ' || counted(rows, 'row') || '. ' ||
       CASE WHEN key_index IS NOT NULL
            THEN 'Unique index ' || quote_name(key_index) || ' could be the key: (' || key_columns || ') is never NULL.'
            ELSE 'No unique index over columns that are never NULL could be the key: the fix adds an INTEGER PRIMARY KEY that '
                 || 'takes over the rowid. INSERTs without a list of columns and SELECT * will see it.' END ||
       CASE WHEN referring > 0 THEN ' ' || counted(referring, 'foreign key') || CASE referring WHEN 1 THEN ' refers' ELSE ' refer' END || ' to the table.' ELSE '' END AS detail,
       json_object('unit', 'rows', 'rows', rows, 'unique_index', key_index, 'foreign_keys', referring) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.8 AS confidence,
       json_array() AS fix_steps,
       CASE WHEN key_index IS NOT NULL
            THEN rebuild_script(schema, name, with_last_definition(sql, 'PRIMARY KEY (' || key_columns || ')'), columns, columns)
            ELSE rebuild_script(schema, name, with_first_definition(sql, new_column || ' INTEGER PRIMARY KEY'),
                                new_column || ', ' || columns, rowid_name || ', ' || columns) END AS fix,
       rebuild_script(schema, name, sql, columns, columns) AS rollback
FROM found
