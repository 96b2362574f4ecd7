-- rule: unindexed-foreign-key
-- category: index
-- severity: medium
-- title: A foreign key has no index on the referring table
-- why: The server looks for referring rows whenever a row of the parent is deleted or its key changes, and joins from the parent do the same: without an index that reads the whole referring table each time, while locks are held.
-- references: https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK
-- minimum version: 15
-- examined: SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conparentid = 0
WITH RECURSIVE foreign_key AS (  -- keys of several constraints over the same columns need one index
    SELECT c.conrelid AS child,
           (SELECT array_agg(k ORDER BY k) FROM unnest(c.conkey) AS k) AS key_set,
           (SELECT o.conkey FROM pg_constraint AS o WHERE o.oid = min(c.oid)) AS key,
           array_agg(c.conname::text ORDER BY c.oid) AS constraints,
           array_agg(DISTINCT c.confrelid) AS parents,
           bool_or(c.confdeltype IN ('c', 'n', 'd')) AS acts_on_delete
    FROM pg_constraint AS c
    JOIN pg_class AS t ON t.oid = c.conrelid
    JOIN pg_namespace AS n ON n.oid = t.relnamespace
    WHERE c.contype = 'f' AND c.conparentid = 0 AND t.relpersistence <> 't'
      AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_depend AS d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = t.oid AND d.deptype = 'e')
    GROUP BY c.conrelid, key_set
), tree AS (  -- each table with all that is below it; pg_inherits needs no lock on them
    SELECT r.root, r.root AS part, 0 AS level
    FROM (SELECT child AS root FROM foreign_key UNION SELECT unnest(parents) FROM foreign_key) AS r
    UNION ALL
    SELECT t.root, i.inhrelid, t.level + 1
    FROM tree AS t JOIN pg_inherits AS i ON i.inhparent = t.part
    JOIN pg_class AS c ON c.oid = i.inhrelid AND c.relispartition
), size AS (
    SELECT t.root,
           sum(CASE WHEN c.reltuples > 0 THEN c.reltuples ELSE pg_stat_get_live_tuples(c.oid) END) AS rows,
           sum(pg_stat_get_tuples_deleted(c.oid)) AS deleted
    FROM tree AS t JOIN pg_class AS c ON c.oid = t.part
    WHERE c.relkind <> 'p'
    GROUP BY t.root
), unserved AS (  -- parts of the table without an index that begins with the columns, in any order
    SELECT f.child, f.key_set, t.part, t.level, c.relkind
    FROM foreign_key AS f
    JOIN tree AS t ON t.root = f.child
    JOIN pg_class AS c ON c.oid = t.part
    CROSS JOIN LATERAL (
        SELECT array_agg(p.attnum ORDER BY p.attnum) AS key_set,
               array_agg(quote_ident(p.attname) || ' IS NOT NULL') AS not_null
        FROM unnest(f.key_set) AS k
        JOIN pg_attribute AS a ON a.attrelid = f.child AND a.attnum = k
        JOIN pg_attribute AS p ON p.attrelid = t.part AND p.attname = a.attname AND NOT p.attisdropped
    ) AS here
    WHERE NOT EXISTS (
        SELECT FROM pg_index AS i
        JOIN pg_class AS x ON x.oid = i.indexrelid
        JOIN pg_am AS m ON m.oid = x.relam
        WHERE i.indrelid = t.part AND i.indisvalid AND i.indisready AND i.indislive
          AND (m.amname = 'btree' OR m.amname = 'hash' AND cardinality(f.key_set) = 1)
          AND i.indnkeyatts >= cardinality(f.key_set)
          AND (SELECT array_agg(k ORDER BY k)
               FROM unnest((i.indkey::int2[])[0:cardinality(f.key_set) - 1]) AS k) = here.key_set
          -- a partial index serves when all that it leaves out is NULL
          AND (i.indpred IS NULL
               OR string_to_array(btrim(pg_get_expr(i.indpred, i.indrelid), '()'), ') AND (') <@ here.not_null))
), finding AS (
    SELECT f.*, c.relname, c.relnamespace, c.relkind,
           format('%I.%I', n.nspname, c.relname) AS object,
           (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.place) FROM unnest(f.key) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute AS a ON a.attrelid = f.child AND a.attnum = k.number) AS columns,
           (SELECT string_agg(a.attname, '_' ORDER BY k.place) FROM unnest(f.key) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute AS a ON a.attrelid = f.child AND a.attnum = k.number) AS words,
           (SELECT sum(CASE WHEN a.attlen > 0 THEN a.attlen ELSE 16 END) FROM pg_attribute AS a
            WHERE a.attrelid = f.child AND a.attnum = ANY (f.key)) AS width,
           (SELECT string_agg(p::regclass::text, ', ' ORDER BY p::regclass::text) FROM unnest(f.parents) AS p) AS parent_names,
           coalesce(s.rows, 0)::bigint AS rows,
           coalesce((SELECT sum(p.deleted) FROM size AS p WHERE p.root = ANY (f.parents)), 0)::bigint AS parent_deletes
    FROM foreign_key AS f
    JOIN pg_class AS c ON c.oid = f.child
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN size AS s ON s.root = f.child
    WHERE EXISTS (SELECT FROM unserved AS u
                  WHERE u.child = f.child AND u.key_set = f.key_set AND u.relkind <> 'p')
       -- a partitioned table without partitions: those to come would have no index either
       OR (c.relkind = 'p' AND NOT EXISTS (SELECT FROM tree AS t WHERE t.root = f.child AND t.level > 0)
           AND EXISTS (SELECT FROM unserved AS u WHERE u.child = f.child AND u.key_set = f.key_set))
), part AS (  -- where an index is to be made, and under which name
    SELECT f.child, f.key_set, t.part, t.level, c.relkind, i.inhparent, f.columns,
           format('%I.%I', n.nspname, c.relname) AS name, n.nspname, free.index_name
    FROM finding AS f
    JOIN tree AS t ON t.root = f.child
    JOIN pg_class AS c ON c.oid = t.part
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_inherits AS i ON i.inhrelid = t.part AND t.level > 0
    CROSS JOIN LATERAL (SELECT c.relname || '_' || f.words AS stem) AS s
    CROSS JOIN LATERAL (
        SELECT tried.name AS index_name
        FROM generate_series(0, 99) AS number
        CROSS JOIN LATERAL (
            SELECT CASE WHEN octet_length(s.stem) <= 55 THEN s.stem
                        ELSE left(c.relname, 10) || '_' || left(md5(s.stem), 12) END
                   || '_idx' || CASE number WHEN 0 THEN '' ELSE number::text END AS name) AS tried
        WHERE NOT EXISTS (SELECT FROM pg_class AS x
                          WHERE x.relnamespace = c.relnamespace AND x.relname = tried.name)
        ORDER BY number LIMIT 1
    ) AS free
), step AS (
    SELECT p.child, p.key_set, 1 AS phase, p.level AS place, p.name,
           format(CASE WHEN p.relkind = 'p' THEN 'CREATE INDEX %I ON ONLY %s (%s);'
                       ELSE 'CREATE INDEX CONCURRENTLY %I ON %s (%s);' END,
                  p.index_name, p.name, p.columns) AS statement
    FROM part AS p
    UNION ALL
    SELECT p.child, p.key_set, 2, -p.level, p.name,
           format('ALTER INDEX %I.%I ATTACH PARTITION %I.%I;', above.nspname, above.index_name, p.nspname, p.index_name)
    FROM part AS p
    JOIN part AS above ON above.child = p.child AND above.key_set = p.key_set AND above.part = p.inhparent
)
SELECT f.object,
       f.columns AS subject,
       CASE WHEN f.rows < 1000 THEN 'info' WHEN f.parent_deletes > 0 THEN 'medium' ELSE 'low' END AS severity,
       format('foreign key (%s) of %s to %s has no index', f.columns, f.object, f.parent_names) AS title,
       format('To find the rows that refer to a row of %s, the server reads all %s rows of %s: on each delete or key '
              'change there%s, and on joins from there. Rows deleted from %s since the statistics began: %s.',
              f.parent_names, f.rows, f.object,
              CASE WHEN f.acts_on_delete THEN ' (the constraint then changes or deletes them)' ELSE '' END,
              f.parent_names, f.parent_deletes) AS detail,
       jsonb_build_object('unit', 'rows', 'window_from', pg_stat_get_db_stat_reset_time(d.oid), 'window_to', now(),
                          'constraints', f.constraints, 'columns', f.columns, 'parents', f.parent_names,
                          'rows', f.rows, 'parent_rows_deleted', f.parent_deletes) AS evidence,
       NULL::float8 AS benefit,
       (8192 + ceil(f.rows * (20 + f.width) / 7372) * 8192)::bigint AS storage_bytes,
       CASE WHEN f.parent_deletes > 0 THEN 0.8 ELSE 0.5 END::float8 AS confidence,
       (SELECT array_agg(s.statement ORDER BY s.phase, s.place, s.name) FROM step AS s
        WHERE s.child = f.child AND s.key_set = f.key_set) AS fix_steps,
       NULL::text AS fix,
       (SELECT format(CASE WHEN f.relkind = 'p' THEN 'DROP INDEX %I.%I;' ELSE 'DROP INDEX CONCURRENTLY %I.%I;' END,
                      p.nspname, p.index_name)
        FROM part AS p WHERE p.child = f.child AND p.key_set = f.key_set AND p.level = 0) AS rollback
FROM finding AS f
JOIN pg_database AS d ON d.datname = current_database()
ORDER BY f.object, f.columns
