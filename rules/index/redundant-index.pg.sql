-- rule: redundant-index
-- category: index
-- severity: low
-- title: An index holds the first columns of another one
-- why: The wider index finds rows by its first columns too; the narrower one takes space of its own, in memory as well, and is written on every insert and on every update that is not HOT.
-- references: https://www.postgresql.org/docs/current/indexes-multicolumn.html
-- minimum version: 15
-- threshold: size_ratio = 4: where the wider index is that many times as big as the narrower one, and that one is used, the finding is of severity info
-- threshold: good_plan = 1.1: no statement's plan without the index may cost more than so many times its plan with it
-- examined: SELECT count(*) FROM advisor.user_index WHERE NOT is_unique AND NOT is_partition
WITH usable AS MATERIALIZED (
    SELECT i.oid, i.table_oid, i.identity, i.table_identity, i.table_rows, i.key_columns, i.included_columns, i.classes, i.collations, i.options, i.expressions,
           i.predicate, i.is_unique, i.is_protected, i.is_partition, i.bytes, i.scans, cardinality(i.key_columns) AS width
    FROM advisor.user_index AS i
    WHERE i.is_usable AND i.method = (SELECT m.oid FROM pg_am AS m WHERE m.amname = 'btree')
), redundant AS (
    -- the one that stays: one of the same order, then what has to stay anyway, else the widest, which is no other's beginning itself
    SELECT DISTINCT ON (n.oid) n.oid, w.oid AS kept, w.identity AS kept_identity, w.bytes AS kept_bytes, w.scans AS kept_scans,
           s.same_order, w.width AS kept_width
    FROM usable AS n
    JOIN usable AS w ON w.table_oid = n.table_oid AND w.oid <> n.oid AND w.predicate = n.predicate
                    AND w.key_columns[1:n.width] = n.key_columns
                    AND w.classes[1:n.width] = n.classes[1:n.width]
                    AND w.collations[1:n.width] = n.collations[1:n.width]
                    AND n.included_columns <@ (w.key_columns || w.included_columns)
                    AND (NOT 0 = ANY (n.key_columns) OR w.expressions = n.expressions OR starts_with(w.expressions, n.expressions || ', '))
    CROSS JOIN LATERAL (
        SELECT w.options[1:n.width] = n.options
               -- read backwards, it gives the opposite order
               OR w.options[1:n.width] = (SELECT array_agg((o # 3)::int2 ORDER BY place)
                                          FROM unnest(n.options) WITH ORDINALITY AS e (o, place)) AS same_order) AS s
    WHERE NOT n.is_unique AND NOT n.is_protected AND NOT n.is_partition
      -- of two that are equally wide, what has to stay does, else the one with more columns in all, else the older one
      AND (w.width > n.width
           OR w.options <> n.options AND (w.is_unique OR w.is_protected
                                          OR NOT w.included_columns <@ n.included_columns
                                          OR n.included_columns @> w.included_columns AND w.oid < n.oid))
      -- nobody can tell what needs the order where nothing is recorded
      AND (s.same_order OR EXISTS (SELECT FROM advisor.recorder_marks()))
      -- said already by duplicate-index or index-covered-by-unique
      AND NOT EXISTS (SELECT FROM usable AS s
                      WHERE s.table_oid = n.table_oid AND s.oid <> n.oid AND s.key_columns = n.key_columns
                        AND s.predicate = n.predicate AND s.expressions = n.expressions AND s.classes = n.classes
                        AND s.collations = n.collations AND n.included_columns <@ s.included_columns
                        AND (s.is_unique AND (s.options = n.options
                                              OR s.options = (SELECT array_agg((o # 3)::int2 ORDER BY place)
                                                              FROM unnest(n.options) WITH ORDINALITY AS e (o, place)))
                             OR s.options = n.options AND s.included_columns <@ n.included_columns
                                AND (s.is_protected OR s.oid < n.oid)))
    ORDER BY n.oid, s.same_order DESC, (w.is_unique OR w.is_protected) DESC, w.width DESC, w.bytes, w.oid
)
SELECT i.identity AS object,
       i.table_identity AS subject,
       CASE WHEN e.there OR NOT r.same_order OR i.table_rows < 1000 OR i.scans > 0 AND r.kept_bytes > h.size_ratio * i.bytes
            THEN 'info' ELSE 'low' END AS severity,
       CASE WHEN r.same_order AND r.kept_width > i.width
            THEN format('index %s of %s holds the first columns of index %s', i.identity, i.table_identity, r.kept_identity)
            WHEN r.same_order THEN format('index %s of %s is index %s read backwards', i.identity, i.table_identity, r.kept_identity)
            ELSE format('index %s of %s differs from index %s in the order only', i.identity, i.table_identity, r.kept_identity)
       END AS title,
       format('%s finds the same rows, of about %s, by the same columns%s. Dropping %s frees %s; its %s scans so far go to the '
              'other index (%s, %s scans)%s.%s', r.kept_identity, i.table_rows,
              CASE WHEN NOT r.same_order THEN ': it is redundant except for its order' END,
              i.identity, pg_size_pretty(i.bytes), i.scans,
              pg_size_pretty(r.kept_bytes), r.kept_scans,
              CASE WHEN i.scans > 0 AND r.kept_bytes > h.size_ratio * i.bytes
                   THEN ', of which they then read more: it may be worth its space' END,
              CASE WHEN e.there
                   THEN format(' This server has standbys (%s connected, %s slots), whose statements are not seen here. What they '
                               'read it for says, on each: %s', e.connected, e.slots, advisor.standby_query(i.identity)) END) AS detail,
       jsonb_build_object('unit', 'bytes', 'window_from', o.since, 'window_to', o.until,
                          'kind', CASE WHEN r.same_order THEN 'prefix' ELSE 'except for ordering' END,
                          'definition', q.create_statement, 'kept', r.kept_identity, 'kept_definition', pg_get_indexdef(r.kept),
                          'bytes', i.bytes, 'kept_bytes', r.kept_bytes, 'scans', i.scans, 'kept_scans', r.kept_scans,
                          'rows', i.table_rows, 'entries_per_day', a.written_per_day,
                          'standbys_connected', e.connected, 'replication_slots', e.slots)
           || CASE WHEN e.there THEN jsonb_build_object('query_on_standbys', advisor.standby_query(i.identity)) ELSE '{}' END
           AS evidence,
       NULL::float8 AS benefit,
       -i.bytes AS storage_bytes,
       (CASE WHEN NOT r.same_order THEN 0.4 WHEN i.scans = 0 THEN 0.8 WHEN r.kept_bytes > h.size_ratio * i.bytes THEN 0.3 ELSE 0.6 END
        * CASE WHEN e.there THEN 0.5 ELSE 1 END)::float8 AS confidence,
       ARRAY[q.drop_statement] AS fix_steps,
       NULL::text AS fix,
       q.create_statement AS rollback
FROM redundant AS r
JOIN usable AS i ON i.oid = r.oid
CROSS JOIN LATERAL (SELECT s.* FROM advisor.index_statement AS s WHERE s.oid = r.oid OFFSET 0) AS q  -- looked up once
CROSS JOIN LATERAL (SELECT t.* FROM advisor.table_activity AS t WHERE t.oid = i.table_oid OFFSET 0) AS a
CROSS JOIN threshold AS h
CROSS JOIN observed AS o
CROSS JOIN advisor.standbys AS e
ORDER BY i.identity
