-- rule: unindexed-foreign-key
-- severity: medium
-- title: A foreign key has no index on the referring table
-- why: SQLite looks for referring rows whenever a row of the parent is deleted or its key changes, and joins from the parent do the same: without an index that reads the whole referring table each time.
-- references: https://www.sqlite.org/foreignkeys.html#fk_indexes
-- minimum version: 3.40
-- examined: SELECT count(*) FROM (SELECT DISTINCT t.schema, t.name, f.id FROM pragma_table_list AS t, pragma_foreign_key_list(t.name, t.schema) AS f WHERE t.type = 'table')
WITH parts AS (
    SELECT t.schema AS schema, t.name AS child, f.id AS id, f.seq AS seq, f."table" AS parent,
           f."from" AS child_column, f."to" AS parent_column
    FROM pragma_table_list AS t, pragma_foreign_key_list(t.name, t.schema) AS f
    WHERE t.type = 'table'
    ORDER BY t.schema, t.name, f.id, f.seq
), keys AS (
    SELECT schema, child, id, parent, count(*) AS width, group_concat(advisor_quote(child_column), ', ') AS columns,
           group_concat(child_column, '_') AS words, max(parent_column IS NULL) AS to_primary_key
    FROM parts GROUP BY schema, child, id
), sound AS (  -- the parent is there and what is referred to is unique: otherwise an index would not help
    SELECT k.* FROM keys AS k
    WHERE EXISTS (SELECT 1 FROM pragma_table_list AS p
                  WHERE p.schema = k.schema AND lower(p.name) = lower(k.parent) AND p.type = 'table')
      AND (k.to_primary_key
           OR k.width = (SELECT count(*) FROM pragma_table_info(k.parent, k.schema) AS c WHERE c.pk > 0
                         AND EXISTS (SELECT 1 FROM parts AS p WHERE p.schema = k.schema AND p.child = k.child
                                     AND p.id = k.id AND lower(p.parent_column) = lower(c.name)))
              AND k.width = (SELECT count(*) FROM pragma_table_info(k.parent, k.schema) AS c WHERE c.pk > 0)
           OR EXISTS (SELECT 1 FROM pragma_index_list(k.parent, k.schema) AS l
                      WHERE l."unique" AND NOT l.partial
                        AND k.width = (SELECT count(*) FROM pragma_index_xinfo(l.name, k.schema) AS x WHERE x.key)
                        AND k.width = (SELECT count(*) FROM pragma_index_xinfo(l.name, k.schema) AS x, parts AS p
                                       WHERE x.key AND p.schema = k.schema AND p.child = k.child AND p.id = k.id
                                         AND lower(p.parent_column) = lower(x.name))))
), unserved AS (
    SELECT s.* FROM sound AS s
    WHERE NOT EXISTS (
        SELECT 1 FROM pragma_index_list(s.child, s.schema) AS l
        WHERE s.width = (SELECT count(*) FROM pragma_index_xinfo(l.name, s.schema) AS x, parts AS p
                         WHERE x.key AND x.seqno < s.width AND p.schema = s.schema AND p.child = s.child
                           AND p.id = s.id AND lower(p.child_column) = lower(x.name))
          -- a partial index serves when all that it leaves out is NULL
          AND (NOT l.partial OR (s.width = 1 AND EXISTS (
                SELECT 1 FROM sqlite_schema AS d WHERE s.schema = 'main' AND d.type = 'index' AND d.name = l.name
                  AND replace(replace(lower(d.sql), '"', ''), ' ', '') LIKE
                      '%where' || replace(lower(s.words), ' ', '') || 'isnotnull'))))
      -- a key that is the rowid itself needs no index
      AND NOT (s.width = 1 AND NOT EXISTS (SELECT 1 FROM pragma_index_list(s.child, s.schema) AS l
                                           WHERE l.origin = 'pk')
               AND EXISTS (SELECT 1 FROM pragma_table_info(s.child, s.schema) AS c
                           WHERE c.pk = 1 AND lower(c.type) = 'integer' AND lower(c.name) = lower(s.words)))
), figures AS (
    SELECT u.*, advisor_quote(u.schema) || '.' || advisor_quote(u.child) AS object,
           advisor_table_rows(u.schema, u.child) AS child_rows,
           (SELECT foreign_keys FROM pragma_foreign_keys) AS enforced,
           (SELECT coalesce(sum(calls), 0) FROM advisor_statements
            WHERE kind IN ('delete', 'update') AND instr(query, lower(u.parent))) AS parent_writes,
           u.child || '_' || u.words || '_idx' AS plain_name
    FROM unserved AS u
), named AS (
    SELECT *, plain_name || CASE WHEN EXISTS (
               SELECT 1 FROM pragma_table_list AS t, pragma_index_list(t.name, t.schema) AS l
               WHERE t.schema = figures.schema AND lower(l.name) = lower(figures.plain_name)) THEN '_fk' ELSE '' END
           AS index_name
    FROM figures
)
SELECT object,
       columns || ' -> ' || parent AS subject,
       CASE WHEN child_rows < 1000 THEN 'info' WHEN parent_writes > 0 THEN 'medium' ELSE 'low' END AS severity,
       'foreign key (' || columns || ') of ' || object || ' to ' || advisor_quote(parent) || ' has no index' AS title,
       'To find the rows that refer to a row of ' || advisor_quote(parent) || ', SQLite reads all ' || child_rows ||
       ' rows of ' || object || ': on each delete or key change there' ||
       CASE WHEN enforced THEN '' ELSE ' (when PRAGMA foreign_keys is on; here it is off)' END ||
       ' and on joins from there. Recorded deletes and updates that name the parent: ' || parent_writes || '.' AS detail,
       json_object('unit', 'rows', 'rows', child_rows, 'columns', columns, 'parent', parent,
                   'foreign_keys', enforced, 'parent_writes', parent_writes) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       CASE WHEN parent_writes > 0 THEN 0.8 ELSE 0.5 END AS confidence,
       json_array('CREATE INDEX ' || advisor_quote(schema) || '.' || advisor_quote(index_name) || ' ON ' ||
                  advisor_quote(child) || ' (' || columns || ');') AS fix_steps,
       NULL AS fix,
       'DROP INDEX ' || advisor_quote(schema) || '.' || advisor_quote(index_name) || ';' AS rollback
FROM named
