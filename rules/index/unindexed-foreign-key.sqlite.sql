-- rule: unindexed-foreign-key
-- category: index
-- severity: medium
-- title: A foreign key has no index on the referring table
-- why: SQLite looks for referring rows whenever a row of the parent is deleted or its key changes, and joins from the parent do the same: without an index that reads the whole referring table each time.
-- references: https://www.sqlite.org/foreignkeys.html#fk_indexes
-- minimum version: 3.40
-- threshold: min_rows = 1000: referring tables with fewer rows are only an information
-- examined: SELECT count(*) FROM foreign_key_columns WHERE position = 0
WITH keys AS MATERIALIZED (
    SELECT schema, table_name AS child, id, parent, count(*) AS width, group_concat(quote_name(name), ', ') AS columns,
           group_concat(name, '_') AS words
    FROM (SELECT * FROM foreign_key_columns ORDER BY schema, table_name, id, position)
    GROUP BY schema, child, id
), primary_keys AS (
    SELECT schema, table_name, count(*) AS width FROM columns WHERE primary_key > 0 GROUP BY schema, table_name
), unique_parts AS (  -- columns of the parent's unique indexes that the key refers to
    SELECT f.schema, f.table_name AS child, f.id, i.name AS index_name, count(*) AS matched
    FROM foreign_key_columns AS f
    JOIN indexes AS i ON i.schema = f.schema AND i.table_name = f.parent AND i.is_unique AND NOT i.partial
    JOIN index_columns AS x ON x.schema = i.schema AND x.index_name = i.name AND x.name = f.parent_column
    GROUP BY f.schema, f.table_name, f.id, i.name
), sound AS (  -- the parent is there and what is referred to is unique: otherwise an index would not help
    SELECT k.* FROM keys AS k
    JOIN tables AS p ON p.schema = k.schema AND p.name = k.parent AND p.kind IN ('table', 'without_rowid')
    WHERE k.width = (SELECT count(*) FROM foreign_key_columns AS f
                     JOIN columns AS c ON c.schema = f.schema AND c.table_name = f.parent
                                          AND c.name = f.parent_column AND c.primary_key > 0
                     WHERE f.schema = k.schema AND f.table_name = k.child AND f.id = k.id)
          AND k.width = (SELECT width FROM primary_keys AS w WHERE w.schema = k.schema AND w.table_name = k.parent)
       OR EXISTS (SELECT 1 FROM unique_parts AS u
                  WHERE u.schema = k.schema AND u.child = k.child AND u.id = k.id AND u.matched = k.width
                    AND k.width = (SELECT count(*) FROM index_columns AS x
                                   WHERE x.schema = u.schema AND x.index_name = u.index_name))
), served AS MATERIALIZED (  -- an index begins with the key's columns; a partial one serves when all that it leaves out is NULL
    SELECT k.schema, k.child, k.id
    FROM keys AS k
    JOIN indexes AS i ON i.schema = k.schema AND i.table_name = k.child
    JOIN index_columns AS x ON x.schema = i.schema AND x.index_name = i.name AND x.position < k.width
    JOIN foreign_key_columns AS f ON f.schema = k.schema AND f.table_name = k.child AND f.id = k.id AND f.name = x.name
    WHERE NOT i.partial OR (k.width = 1 AND i.predicate IN (lower(k.words) || ' is not null', lower(k.words) || ' notnull'))
    GROUP BY k.schema, k.child, k.id, k.width, i.name
    HAVING count(*) = k.width
), unsearchable AS (  -- no index on the child finds a number in texts or by another collation: fk-type-mismatch says so
    SELECT DISTINCT f.schema, f.table_name AS child, f.id
    FROM foreign_key_columns AS f
    JOIN columns AS c ON c.schema = f.schema AND c.table_name = f.table_name AND c.name = f.name
    JOIN columns AS p ON p.schema = f.schema AND p.table_name = f.parent AND p.name = f.parent_column
    WHERE c.affinity IN ('text', 'blob') AND (p.affinity IN ('integer', 'real', 'numeric') OR c.collation <> p.collation)
), unserved AS MATERIALIZED (
    SELECT s.* FROM sound AS s
    WHERE NOT EXISTS (SELECT 1 FROM unsearchable AS u WHERE u.schema = s.schema AND u.child = s.child AND u.id = s.id)
      AND NOT EXISTS (SELECT 1 FROM served AS v WHERE v.schema = s.schema AND v.child = s.child AND v.id = s.id)
      -- a key that is the rowid itself needs no index
      AND NOT (s.width = 1
               AND EXISTS (SELECT 1 FROM tables AS t WHERE t.schema = s.schema AND t.name = s.child AND t.kind = 'table')
               AND NOT EXISTS (SELECT 1 FROM indexes AS i
                               WHERE i.schema = s.schema AND i.table_name = s.child AND i.origin = 'pk')
               AND EXISTS (SELECT 1 FROM columns AS c WHERE c.schema = s.schema AND c.table_name = s.child
                           AND c.name = s.words AND c.primary_key = 1 AND lower(c.type) = 'integer'))
), figures AS MATERIALIZED (
    SELECT u.*, quote_name(u.schema) || '.' || quote_name(u.child) AS object,
           table_rows(u.schema, u.child) AS child_rows,
           (SELECT value FROM settings WHERE name = 'foreign_keys') AS enforced,
           (SELECT coalesce(sum(calls), 0) FROM statements
            WHERE kind IN ('delete', 'update') AND written_table = u.parent) AS parent_writes,
           u.child || '_' || u.words || '_idx' AS plain_name
    FROM unserved AS u
), named AS MATERIALIZED (
    SELECT *, plain_name || CASE WHEN EXISTS (SELECT 1 FROM indexes AS i WHERE i.schema = figures.schema
                                              AND i.name = figures.plain_name) THEN '_fk' ELSE '' END AS index_name
    FROM figures
)
SELECT object,
       columns || ' -> ' || parent AS subject,
       CASE WHEN child_rows < min_rows THEN 'info' WHEN parent_writes > 0 THEN 'medium' ELSE 'low' END AS severity,
       'foreign key (' || columns || ') of ' || object || ' to ' || quote_name(parent) || ' has no index' AS title,
       'To find the rows that refer to a row of ' || quote_name(parent) || ', SQLite reads all ' || counted(child_rows, 'row') ||
       ' of ' || object || ': on each delete or key change there' ||
       CASE WHEN enforced THEN '' ELSE ' (when PRAGMA foreign_keys is on; here it is off)' END ||
       ' and on joins from there. Recorded deletes and updates that name the parent: ' || parent_writes || '.' AS detail,
       json_object('unit', 'rows', 'rows', child_rows, 'columns', columns, 'parent', parent,
                   'foreign_keys', enforced, 'parent_writes', parent_writes) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       CASE WHEN parent_writes > 0 THEN 0.8 ELSE 0.5 END AS confidence,
       json_array('CREATE INDEX ' || quote_name(schema) || '.' || quote_name(index_name) || ' ON ' ||
                  quote_name(child) || ' (' || columns || ');') AS fix_steps,
       NULL AS fix,
       'DROP INDEX ' || quote_name(schema) || '.' || quote_name(index_name) || ';' AS rollback
FROM named CROSS JOIN threshold
