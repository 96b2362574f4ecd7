-- rule: duplicate-index
-- category: index
-- severity: medium
-- title: Two indexes hold the same
-- why: The second index answers nothing that the first does not, but it takes its space again, in memory too, and is written on every insert and on every update that is not HOT.
-- references: https://www.postgresql.org/docs/current/indexes-intro.html
-- minimum version: 15
-- examined: SELECT count(*) FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid JOIN pg_namespace AS n ON n.oid = t.relnamespace WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
WITH RECURSIVE candidate AS (
    SELECT i.indexrelid, i.indrelid, i.indisunique, i.indimmediate, i.indnullsnotdistinct, x.relname, x.relkind,
           x.relispartition, format('%I.%I', n.nspname, x.relname) AS name,
           format('%I.%I', tn.nspname, t.relname) AS table_name, n.nspname,
           i.indisprimary OR i.indisexclusion OR i.indisreplident OR i.indisclustered
               OR EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid)
               OR EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass
                          AND d.objid = i.indexrelid AND d.deptype IN ('e', 'x')) AS protected,
           EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
               AS is_constraint,
           -- all that makes two indexes answer the same; the order of included columns does not matter
           ROW (i.indrelid, x.relam, (i.indkey::int2[])[0:i.indnkeyatts - 1],
                (SELECT array_agg(k ORDER BY k) FROM unnest((i.indkey::int2[])[i.indnkeyatts:]) AS k),
                i.indclass::oid[], i.indcollation::oid[], i.indoption::int2[],
                CASE WHEN i.indexprs IS NOT NULL THEN pg_get_expr(i.indexprs, i.indrelid) END,
                CASE WHEN i.indpred IS NOT NULL THEN pg_get_expr(i.indpred, i.indrelid) END)::text AS shape
    FROM pg_index AS i
    JOIN pg_class AS x ON x.oid = i.indexrelid
    JOIN pg_namespace AS n ON n.oid = x.relnamespace
    JOIN pg_class AS t ON t.oid = i.indrelid
    JOIN pg_namespace AS tn ON tn.oid = t.relnamespace
    WHERE i.indisvalid AND i.indisready AND i.indislive AND t.relpersistence <> 't'
      AND tn.nspname <> 'information_schema' AND tn.nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_depend AS d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = t.oid AND d.deptype = 'e')
), ranked AS (  -- what may not be dropped stays, then what checks uniqueness, then the oldest
    SELECT c.*, first_value(c.indexrelid) OVER (
               PARTITION BY c.shape
               ORDER BY NOT (c.protected AND c.indisunique), NOT c.indisunique, NOT c.protected, NOT c.relispartition,
                        c.indexrelid) AS kept
    FROM candidate AS c
), duplicate AS (
    SELECT r.*, k.name AS kept_name, k.is_constraint AS kept_constraint, k.relname AS kept_relname
    FROM ranked AS r JOIN candidate AS k ON k.indexrelid = r.kept
    WHERE r.indexrelid <> r.kept AND NOT r.protected
      AND NOT r.relispartition  -- it goes with the index of the partitioned table
      -- a plain one that repeats a unique one is index-covered-by-unique's; of two unique ones, uniqueness must be
      -- checked as before: as soon, and with NULLs meant alike
      AND CASE WHEN r.indisunique THEN k.indisunique AND k.indimmediate AND k.indnullsnotdistinct = r.indnullsnotdistinct
               ELSE NOT k.indisunique END
), tree AS (
    SELECT d.indexrelid AS root, d.indexrelid AS part FROM duplicate AS d
    UNION ALL
    SELECT t.root, i.inhrelid FROM tree AS t JOIN pg_inherits AS i ON i.inhparent = t.part
), size AS (
    SELECT t.root, sum(x.relpages)::bigint * current_setting('block_size')::bigint AS bytes,
           sum(CASE WHEN h.reltuples > 0 THEN h.reltuples ELSE pg_stat_get_live_tuples(h.oid) END)::bigint AS rows,
           sum(pg_stat_get_numscans(x.oid))::bigint AS scans
    FROM tree AS t
    JOIN pg_class AS x ON x.oid = t.part AND x.relkind = 'i'
    JOIN pg_index AS i ON i.indexrelid = x.oid
    JOIN pg_class AS h ON h.oid = i.indrelid
    GROUP BY t.root
)
SELECT d.name AS object,
       d.table_name AS subject,
       CASE WHEN coalesce(s.rows, 0) < 1000 THEN 'info' ELSE 'medium' END AS severity,
       format('index %s of %s repeats %s', d.name, d.table_name,
              CASE WHEN d.kept_constraint THEN format('the index of constraint %I', d.kept_relname)
                   ELSE 'index ' || d.kept_name END) AS title,
       format('Both hold the same columns in the same order, with the same operator classes, collations and conditions, '
              'over about %s rows. Dropping it frees %s; its %s scans so far go to %s.', coalesce(s.rows, 0),
              pg_size_pretty(coalesce(s.bytes, 0)), coalesce(s.scans, 0), d.kept_name) AS detail,
       jsonb_build_object('unit', 'bytes', 'window_from', pg_stat_get_db_stat_reset_time(b.oid), 'window_to', now(),
                          'definition', pg_get_indexdef(d.indexrelid), 'kept', d.kept_name,
                          'kept_definition', pg_get_indexdef(d.kept), 'bytes', coalesce(s.bytes, 0),
                          'scans', coalesce(s.scans, 0), 'rows', coalesce(s.rows, 0)) AS evidence,
       NULL::float8 AS benefit,
       -coalesce(s.bytes, 0) AS storage_bytes,
       0.95::float8 AS confidence,
       ARRAY[CASE WHEN d.relkind = 'I' THEN 'DROP INDEX ' ELSE 'DROP INDEX CONCURRENTLY ' END || d.name || ';'] AS fix_steps,
       NULL::text AS fix,
       CASE WHEN d.relkind = 'I' THEN replace(pg_get_indexdef(d.indexrelid), ' ON ONLY ' || d.table_name, ' ON ' || d.table_name)
            ELSE regexp_replace(pg_get_indexdef(d.indexrelid), '^CREATE (UNIQUE )?INDEX ', 'CREATE \1INDEX CONCURRENTLY ')
       END || ';' AS rollback
FROM duplicate AS d
LEFT JOIN size AS s ON s.root = d.indexrelid
JOIN pg_database AS b ON b.datname = current_database()
ORDER BY d.name
