-- rule: unused-index
-- category: index
-- severity: low
-- title: An index is not used
-- why: An index that no query uses takes space, in memory too, and is written on every insert and on every update that is not HOT.
-- references: https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-INDEXES-VIEW
-- minimum version: 15
-- threshold: min_rows = 1000: indexes of tables with fewer rows are left out
-- threshold: long_days = 30: statistics that cover fewer days may miss jobs that run once a month, so they lower the confidence
-- waits: observation window
-- examined: SELECT count(*) FILTER (WHERE NOT r.standby), count(*) FILTER (WHERE r.standby), 'a standby counts its own scans only: read this on the primary' FROM advisor.user_index AS i CROSS JOIN (SELECT pg_is_in_recovery() AS standby) AS r WHERE NOT i.is_unique AND NOT i.is_partition
WITH elsewhere AS (
    SELECT (SELECT count(*) FROM pg_stat_get_wal_senders()) AS connected,
           (SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'physical') AS slots
), unscanned AS MATERIALIZED (
    SELECT i.*, extract(epoch FROM o.until - o.since) / 86400 AS days, o.since, o.until,
           s.seq_scan + coalesce(s.idx_scan, 0) AS reads, s.n_tup_ins + s.n_tup_upd - s.n_tup_hot_upd AS writes
    FROM advisor.user_index AS i
    CROSS JOIN observed AS o
    CROSS JOIN threshold AS h
    CROSS JOIN LATERAL (
        WITH RECURSIVE part AS (
            SELECT i.table_oid AS oid
            UNION ALL
            SELECT b.inhrelid FROM part AS p JOIN pg_inherits AS b ON b.inhparent = p.oid WHERE i.kind = 'I'
        )
        SELECT sum(pg_stat_get_numscans(p.oid)) AS seq_scan,
               sum((SELECT sum(pg_stat_get_numscans(x.indexrelid)) FROM pg_index AS x WHERE x.indrelid = p.oid)) AS idx_scan,
               sum(pg_stat_get_tuples_inserted(p.oid)) AS n_tup_ins, sum(pg_stat_get_tuples_updated(p.oid)) AS n_tup_upd,
               sum(pg_stat_get_tuples_hot_updated(p.oid)) AS n_tup_hot_upd
        FROM part AS p
    ) AS s
    WHERE NOT pg_is_in_recovery() AND i.scans = 0 AND NOT i.is_unique AND NOT i.is_protected AND i.is_usable AND NOT i.is_partition
      AND i.table_rows >= h.min_rows
      AND NOT EXISTS (  -- made since the statistics began, where the server knows when that was
          SELECT FROM pg_class AS x
          WHERE x.oid = i.oid
            AND CASE WHEN current_setting('track_commit_timestamp')::boolean THEN pg_xact_commit_timestamp(x.xmin) > o.since END)
      AND NOT EXISTS (  -- deletes from the table that it refers to need it, though none came so far
          SELECT FROM pg_constraint AS c
          WHERE c.conrelid = i.table_oid AND c.contype = 'f' AND cardinality(c.conkey) <= cardinality(i.key_columns)
            AND c.conkey <@ i.key_columns[1:cardinality(c.conkey)] AND i.key_columns[1:cardinality(c.conkey)] <@ c.conkey)
), named AS MATERIALIZED (  -- statistics may have been reset; a recorded plan is a use all the same
    SELECT u.oid, n.queryid
    FROM unscanned AS u
    JOIN pg_class AS x ON x.relkind = 'i' AND u.oid = CASE WHEN x.relispartition THEN pg_partition_root(x.oid)::oid ELSE x.oid END
    JOIN pg_namespace AS s ON s.oid = x.relnamespace
    JOIN advisor.plan_nodes AS n ON replace(n.index, '"', '') = s.nspname || '.' || x.relname
), unused AS (
    SELECT * FROM unscanned
    WHERE oid NOT IN (SELECT n.oid FROM named AS n
                      WHERE n.queryid IN (SELECT c.queryid FROM advisor.statements AS c WHERE c.database = current_database()))
)
SELECT u.identity AS object,
       u.table_identity AS subject,
       CASE WHEN e.connected + e.slots > 0 THEN 'low' WHEN u.bytes >= 1073741824 AND u.days >= h.long_days THEN 'medium' ELSE 'low' END AS severity,
       format('index %s of %s was not used in %s days', u.identity, u.table_identity, floor(u.days)) AS title,
       format('The statistics began %s days ago: since then the table was read %s times and this index never, while about %s rows '
              'were written that it may have had to take in. Dropping it frees %s.%s%s', floor(u.days), u.reads, u.writes,
              pg_size_pretty(u.bytes),
              CASE WHEN u.days < h.long_days THEN ' A job that runs once a month may not have come yet.' END,
              CASE WHEN e.connected + e.slots > 0
                   THEN format(' This server has standbys (%s connected, %s slots): what they read is not seen here; there, '
                               'SELECT idx_scan FROM pg_stat_all_indexes WHERE indexrelid = %L::regclass must be 0 too.',
                               e.connected, e.slots, u.identity)
                   ELSE ' If there are standbys, what they read is not seen here.' END) AS detail,
       jsonb_build_object('unit', 'bytes', 'window_from', u.since, 'window_to', u.until, 'definition', q.create_statement,
                          'bytes', u.bytes, 'rows', u.table_rows, 'table_reads', u.reads, 'rows_written', u.writes,
                          'standbys_connected', e.connected, 'replication_slots', e.slots) AS evidence,
       NULL::float8 AS benefit,
       -u.bytes AS storage_bytes,
       (CASE WHEN u.days >= h.long_days THEN 0.8 ELSE 0.5 END * CASE WHEN e.connected + e.slots > 0 THEN 0.5 ELSE 1 END)::float8 AS confidence,
       ARRAY[q.drop_statement] AS fix_steps,
       NULL::text AS fix,
       q.create_statement AS rollback
FROM unused AS u
CROSS JOIN LATERAL (SELECT s.* FROM advisor.index_statement AS s WHERE s.oid = u.oid OFFSET 0) AS q  -- looked up once
CROSS JOIN threshold AS h
CROSS JOIN elsewhere AS e
WHERE u.reads + u.writes > 0  -- an unused table is another matter
ORDER BY u.identity
