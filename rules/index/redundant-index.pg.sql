-- rule: redundant-index
-- category: index
-- severity: low
-- title: An index holds the first columns of another one
-- why: The wider index finds rows by its first columns too; the narrower one takes space of its own, in memory as well, and is written on every insert and on every update that is not HOT.
-- references: https://www.postgresql.org/docs/current/indexes-multicolumn.html
-- minimum version: 15
-- threshold: size_ratio = 4: where the wider index is that many times as big as the narrower one, and that one is used, the finding is of severity info
-- examined: SELECT count(*) FROM advisor.user_index WHERE NOT is_unique AND NOT is_partition
WITH usable AS MATERIALIZED (
    SELECT i.oid, i.table_oid, i.identity, i.table_identity, i.table_rows, i.key_columns, i.included_columns, i.classes, i.collations, i.options, i.expressions,
           i.predicate, i.is_unique, i.is_protected, i.is_partition, i.bytes, i.scans, cardinality(i.key_columns) AS width
    FROM advisor.user_index AS i
    WHERE i.is_usable AND i.method = (SELECT m.oid FROM pg_am AS m WHERE m.amname = 'btree')
), redundant AS (
    -- the one that stays: what has to stay anyway, else the widest, which is no other's beginning itself
    SELECT DISTINCT ON (n.oid) n.oid, w.oid AS kept, w.identity AS kept_identity, w.bytes AS kept_bytes, w.scans AS kept_scans
    FROM usable AS n
    JOIN usable AS w ON w.table_oid = n.table_oid AND w.width > n.width AND w.predicate = n.predicate
                    AND w.key_columns[1:n.width] = n.key_columns
                    AND w.classes[1:n.width] = n.classes[1:n.width]
                    AND w.collations[1:n.width] = n.collations[1:n.width]
                    AND (w.options[1:n.width] = n.options
                         -- read backwards, it gives the opposite order
                         OR w.options[1:n.width] = (SELECT array_agg((o # 3)::int2 ORDER BY place)
                                                    FROM unnest(n.options) WITH ORDINALITY AS e (o, place)))
                    AND n.included_columns <@ (w.key_columns || w.included_columns)
                    AND (NOT 0 = ANY (n.key_columns) OR w.expressions = n.expressions OR starts_with(w.expressions, n.expressions || ', '))
    WHERE NOT n.is_unique AND NOT n.is_protected AND NOT n.is_partition
      -- said already by duplicate-index or index-covered-by-unique
      AND NOT EXISTS (SELECT FROM usable AS s
                      WHERE s.table_oid = n.table_oid AND s.oid <> n.oid AND s.key_columns = n.key_columns
                        AND s.predicate = n.predicate AND s.expressions = n.expressions AND s.classes = n.classes
                        AND s.collations = n.collations AND n.included_columns <@ s.included_columns
                        AND (s.is_unique OR s.options = n.options AND s.included_columns <@ n.included_columns
                                            AND (s.is_protected OR s.oid < n.oid)))
    ORDER BY n.oid, (w.is_unique OR w.is_protected) DESC, w.width DESC, w.bytes, w.oid
)
SELECT i.identity AS object,
       i.table_identity AS subject,
       CASE WHEN i.table_rows < 1000 OR i.scans > 0 AND r.kept_bytes > h.size_ratio * i.bytes THEN 'info' ELSE 'low' END AS severity,
       format('index %s of %s holds the first columns of index %s', i.identity, i.table_identity, r.kept_identity) AS title,
       format('%s finds the same rows, of about %s, by the same columns. Dropping %s frees %s; its %s scans so far go to the '
              'wider index (%s, %s scans)%s. Before dropping it, see with advisor.what_if, which can hide an index, what the '
              'statements that matter would cost.', r.kept_identity, i.table_rows, i.identity, pg_size_pretty(i.bytes), i.scans,
              pg_size_pretty(r.kept_bytes), r.kept_scans,
              CASE WHEN i.scans > 0 AND r.kept_bytes > h.size_ratio * i.bytes
                   THEN ', of which they then read more: it may be worth its space' END) AS detail,
       jsonb_build_object('unit', 'bytes', 'window_from', o.since, 'window_to', o.until,
                          'definition', q.create_statement, 'kept', r.kept_identity, 'kept_definition', pg_get_indexdef(r.kept),
                          'bytes', i.bytes, 'kept_bytes', r.kept_bytes, 'scans', i.scans, 'kept_scans', r.kept_scans,
                          'rows', i.table_rows) AS evidence,
       NULL::float8 AS benefit,
       -i.bytes AS storage_bytes,
       CASE WHEN i.scans = 0 THEN 0.8 WHEN r.kept_bytes > h.size_ratio * i.bytes THEN 0.3 ELSE 0.6 END::float8 AS confidence,
       ARRAY[q.drop_statement] AS fix_steps,
       NULL::text AS fix,
       q.create_statement AS rollback
FROM redundant AS r
JOIN usable AS i ON i.oid = r.oid
CROSS JOIN LATERAL (SELECT s.* FROM advisor.index_statement AS s WHERE s.oid = r.oid OFFSET 0) AS q  -- looked up once
CROSS JOIN threshold AS h
CROSS JOIN observed AS o
ORDER BY i.identity
