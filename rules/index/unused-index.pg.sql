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
-- examined: SELECT count(*) FILTER (WHERE e.why IS NULL), count(e.why), min(e.why) FROM (SELECT CASE WHEN pg_is_in_recovery() THEN 'a standby counts its own scans only: read this on the primary' WHEN i.scans = 0 AND now() - w.since < current_setting('db_advisor.observation_window')::interval THEN 'the index is younger than db_advisor.observation_window, or recording is' END AS why FROM advisor.user_index AS i JOIN advisor.index_window AS w ON w.oid = i.oid WHERE NOT i.is_unique AND NOT i.is_partition) AS e
WITH unscanned AS MATERIALIZED (
    SELECT i.* FROM advisor.user_index AS i CROSS JOIN threshold AS h
    WHERE NOT pg_is_in_recovery() AND i.scans = 0 AND NOT i.is_unique AND NOT i.is_protected AND i.is_usable AND NOT i.is_partition
      AND i.table_rows >= h.min_rows
      AND i.oid NOT IN (SELECT k.oid FROM advisor.foreign_key_index AS k)
), named AS MATERIALIZED (  -- statistics may have been reset; a recorded plan is a use all the same
    SELECT u.oid, n.queryid
    FROM unscanned AS u
    JOIN pg_class AS x ON x.relkind = 'i' AND u.oid = CASE WHEN x.relispartition THEN pg_partition_root(x.oid)::oid ELSE x.oid END
    JOIN pg_namespace AS s ON s.oid = x.relnamespace
    JOIN advisor.plan_nodes AS n ON replace(n.index, '"', '') = s.nspname || '.' || x.relname
), unused AS MATERIALIZED (
    SELECT u.*, w.since, w.recorded_since, w.made_at, w.reset_at, w.recovered_at,
           extract(epoch FROM now() - w.since) / 86400 AS days
    FROM unscanned AS u
    JOIN advisor.index_window AS w ON w.oid = u.oid
    WHERE now() - w.since >= current_setting('db_advisor.observation_window')::interval
      AND u.oid NOT IN (SELECT n.oid FROM named AS n
                        WHERE n.queryid IN (SELECT c.queryid FROM advisor.statements AS c WHERE c.database = current_database()))
)
SELECT u.identity AS object,
       u.table_identity AS subject,
       CASE WHEN e.there OR u.recorded_since IS NULL THEN 'info'
            WHEN u.bytes >= 1073741824 AND u.days >= h.long_days THEN 'medium' ELSE 'low' END AS severity,
       format('index %s of %s was not used in %s days', u.identity, u.table_identity, floor(u.days)) AS title,
       format('Its use is known for %s days: in them no statement read it. Since the statistics began the table was read %s times, '
              'and about %s rows were written that it had to take in. Dropping it frees %s.%s%s%s', floor(u.days),
              a.reads, a.written, pg_size_pretty(u.bytes),
              CASE WHEN u.days < h.long_days THEN ' A job that runs once a month may not have come yet.' END,
              CASE WHEN u.recorded_since IS NULL THEN ' Nothing is recorded on this server, so that no plan speaks for or against it.' END,
              CASE WHEN e.there
                   THEN format(' This server has standbys (%s connected, %s slots): what they read is not seen here. Run on each: %s '
                               'The scans must be 0 there too.', e.connected, e.slots, advisor.standby_query(u.identity))
                   ELSE ' If there are standbys, what they read is not seen here.' END) AS detail,
       jsonb_build_object('unit', 'bytes', 'window_from', u.since, 'window_to', o.until, 'definition', q.create_statement,
                          'bytes', u.bytes, 'rows', u.table_rows, 'table_reads', a.reads, 'rows_written', a.written,
                          'entries_per_day', a.written_per_day, 'statistics_reset', u.reset_at, 'crash_recovery', u.recovered_at,
                          'made_before', u.made_at, 'recorded_since', u.recorded_since,
                          'standbys_connected', e.connected, 'replication_slots', e.slots)
           || CASE WHEN e.there THEN jsonb_build_object('query_on_standbys', advisor.standby_query(u.identity)) ELSE '{}' END
           AS evidence,
       NULL::float8 AS benefit,
       -u.bytes AS storage_bytes,
       (CASE WHEN u.recorded_since IS NULL THEN 0.3 WHEN u.days >= h.long_days THEN 0.8 ELSE 0.5 END
        * CASE WHEN e.there THEN 0.5 ELSE 1 END)::float8 AS confidence,
       ARRAY[q.drop_statement] AS fix_steps,
       NULL::text AS fix,
       q.create_statement AS rollback
FROM unused AS u
CROSS JOIN LATERAL (SELECT s.* FROM advisor.index_statement AS s WHERE s.oid = u.oid OFFSET 0) AS q  -- looked up once
CROSS JOIN LATERAL (SELECT t.* FROM advisor.table_activity AS t WHERE t.oid = u.table_oid OFFSET 0) AS a
CROSS JOIN threshold AS h
CROSS JOIN observed AS o
CROSS JOIN advisor.standbys AS e
WHERE a.reads + a.written > 0  -- an unused table is another matter
ORDER BY u.identity
