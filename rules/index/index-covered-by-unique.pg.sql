-- rule: index-covered-by-unique
-- category: index
-- severity: medium
-- title: A plain index repeats a unique one
-- why: The unique index, or the one behind a primary key, finds rows just as well and has to stay; the other only takes space and is written on every insert and on every update that is not HOT.
-- references: https://www.postgresql.org/docs/current/indexes-unique.html
-- minimum version: 15
-- examined: SELECT count(*) FROM advisor.user_index WHERE NOT is_unique AND NOT is_partition
WITH usable AS MATERIALIZED (
    SELECT i.oid, i.table_oid, i.identity, i.table_identity, i.table_rows, i.method, i.key_columns, i.included_columns, i.classes, i.collations,
           i.options, i.expressions, i.predicate, i.is_unique, i.is_protected, i.is_partition, i.bytes, i.scans
    FROM advisor.user_index AS i
    WHERE i.is_usable
), covered AS (
    SELECT DISTINCT ON (p.oid) p.oid, u.oid AS kept, u.identity AS kept_identity, k.conname, k.contype
    FROM usable AS p
    JOIN usable AS u ON u.table_oid = p.table_oid AND u.method = p.method AND u.key_columns = p.key_columns
                    AND u.classes = p.classes AND u.collations = p.collations
                    AND (u.options = p.options
                         OR p.method = (SELECT m.oid FROM pg_am AS m WHERE m.amname = 'btree')
                            -- read backwards, it gives the opposite order
                            AND u.options = (SELECT array_agg((o # 3)::int2 ORDER BY place)
                                             FROM unnest(p.options) WITH ORDINALITY AS e (o, place)))
                    AND u.predicate = p.predicate AND u.expressions = p.expressions
                    AND p.included_columns <@ u.included_columns
    LEFT JOIN pg_constraint AS k ON k.conindid = u.oid AND k.conrelid = u.table_oid AND k.contype IN ('p', 'u')
    WHERE u.is_unique AND NOT p.is_unique AND NOT p.is_protected AND NOT p.is_partition
    ORDER BY p.oid, k.contype = 'p' DESC NULLS LAST, k.oid IS NULL, u.oid
)
SELECT i.identity AS object,
       i.table_identity AS subject,
       CASE WHEN i.table_rows < 1000 THEN 'info' ELSE 'medium' END AS severity,
       format('index %s of %s repeats %s', i.identity, i.table_identity, n.kept) AS title,
       format('Both find rows by the same columns, of about %s rows, but only %s keeps them unique. Dropping the other '
              'frees %s; its %s scans so far go to the unique one.', i.table_rows, n.kept, pg_size_pretty(i.bytes), i.scans) AS detail,
       jsonb_build_object('unit', 'bytes', 'window_from', o.since, 'window_to', o.until,
                          'definition', q.create_statement, 'kept', c.kept_identity, 'kept_definition', pg_get_indexdef(c.kept),
                          'bytes', i.bytes, 'scans', i.scans, 'rows', i.table_rows,
                          'entries_per_day', a.written_per_day) AS evidence,
       NULL::float8 AS benefit,
       -i.bytes AS storage_bytes,
       0.95::float8 AS confidence,
       ARRAY[q.drop_statement] AS fix_steps,
       NULL::text AS fix,
       q.create_statement AS rollback
FROM covered AS c
JOIN usable AS i ON i.oid = c.oid
CROSS JOIN LATERAL (SELECT s.* FROM advisor.index_statement AS s WHERE s.oid = c.oid OFFSET 0) AS q  -- looked up once
CROSS JOIN LATERAL (SELECT t.* FROM advisor.table_activity AS t WHERE t.oid = i.table_oid OFFSET 0) AS a
CROSS JOIN observed AS o
CROSS JOIN LATERAL (
    SELECT CASE c.contype WHEN 'p' THEN format('primary key %I', c.conname)
                          WHEN 'u' THEN format('the index of unique constraint %I', c.conname)
                          ELSE 'unique index ' || c.kept_identity END AS kept
) AS n
ORDER BY i.identity
