-- rule: duplicate-index
-- category: index
-- severity: medium
-- title: Two indexes hold the same
-- why: The second index answers nothing that the first does not, but it takes its space again, in memory too, and is written on every insert and on every update that is not HOT.
-- references: https://www.postgresql.org/docs/current/indexes-intro.html
-- minimum version: 15
-- examined: SELECT count(*) FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid JOIN pg_namespace AS n ON n.oid = t.relnamespace WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
WITH candidate AS MATERIALIZED (
    SELECT i.oid, i.table_oid, i.identity, i.table_identity, i.table_rows, i.name, i.is_unique, i.is_protected, i.is_partition, i.bytes, i.scans,
           p.indimmediate, p.indnullsnotdistinct,
           -- all that makes two indexes answer the same; the order of included columns does not matter
           ROW (i.table_oid, i.method, i.key_columns, (SELECT array_agg(k ORDER BY k) FROM unnest(i.included_columns) AS k),
                i.classes, i.collations, i.options, i.expressions, i.predicate)::text AS shape
    FROM advisor.user_index AS i JOIN pg_index AS p ON p.indexrelid = i.oid
    WHERE i.is_usable
), ranked AS (  -- what may not be dropped stays, then what checks uniqueness, then the oldest
    SELECT c.*, first_value(c.oid) OVER (
               PARTITION BY c.shape
               ORDER BY NOT (c.is_protected AND c.is_unique), NOT c.is_unique, NOT c.is_protected, NOT c.is_partition, c.oid) AS kept
    FROM candidate AS c
), duplicate AS (
    SELECT r.*, k.identity AS kept_identity, k.name AS kept_name,
           EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = k.oid AND c.contype IN ('p', 'u', 'x')) AS kept_constraint
    FROM ranked AS r JOIN candidate AS k ON k.oid = r.kept
    WHERE r.oid <> r.kept AND NOT r.is_protected
      AND NOT r.is_partition  -- it goes with the index of the partitioned table
      -- a plain one that repeats a unique one is index-covered-by-unique's; of two unique ones, uniqueness must be
      -- checked as before: as soon, and with NULLs meant alike
      AND CASE WHEN r.is_unique THEN k.is_unique AND k.indimmediate AND k.indnullsnotdistinct = r.indnullsnotdistinct
               ELSE NOT k.is_unique END
)
SELECT d.identity AS object,
       d.table_identity AS subject,
       CASE WHEN d.table_rows < 1000 THEN 'info' ELSE 'medium' END AS severity,
       format('index %s of %s repeats %s', d.identity, d.table_identity,
              CASE WHEN d.kept_constraint THEN format('the index of constraint %I', d.kept_name)
                   ELSE 'index ' || d.kept_identity END) AS title,
       format('Both hold the same columns in the same order, with the same operator classes, collations and conditions, '
              'over about %s rows. Dropping it frees %s; its %s scans so far go to %s.', d.table_rows, pg_size_pretty(d.bytes),
              d.scans, d.kept_identity) AS detail,
       jsonb_build_object('unit', 'bytes', 'window_from', o.since, 'window_to', o.until,
                          'definition', pg_get_indexdef(d.oid), 'kept', d.kept_identity,
                          'kept_definition', pg_get_indexdef(d.kept), 'bytes', d.bytes, 'scans', d.scans, 'rows', d.table_rows,
                          'entries_per_day', a.written_per_day)
           AS evidence,
       NULL::float8 AS benefit,
       -d.bytes AS storage_bytes,
       0.95::float8 AS confidence,
       ARRAY[q.drop_statement] AS fix_steps,
       NULL::text AS fix,
       q.create_statement AS rollback
FROM duplicate AS d
JOIN advisor.index_statement AS q ON q.oid = d.oid
CROSS JOIN LATERAL (SELECT t.* FROM advisor.table_activity AS t WHERE t.oid = d.table_oid OFFSET 0) AS a
CROSS JOIN observed AS o
ORDER BY d.identity
