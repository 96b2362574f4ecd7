-- rule: rarely-used-index
-- category: index
-- severity: low
-- title: An index is written much more often than it is read
-- why: Each insert, and each update that is not HOT, writes the index; where hardly anything reads it and what does has another good plan, that work is for nothing.
-- references: https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-INDEXES-VIEW
-- minimum version: 15
-- threshold: min_rows = 1000: indexes of tables with fewer rows are left out
-- threshold: writes_per_scan = 1000: rows written into the index for each scan of it
-- threshold: good_plan = 1.1: no statement's plan without the index may cost more than so many times its plan with it
-- waits: observation window
-- examined: SELECT count(*) FILTER (WHERE e.why IS NULL), count(e.why), min(e.why) FROM (SELECT CASE WHEN pg_is_in_recovery() THEN 'a standby counts its own scans only: read this on the primary' WHEN i.scans > 0 AND now() - w.since < current_setting('db_advisor.observation_window')::interval THEN 'the index is younger than db_advisor.observation_window, or recording is' END AS why FROM advisor.user_index AS i JOIN advisor.index_window AS w ON w.oid = i.oid WHERE NOT i.is_unique AND NOT i.is_partition) AS e
WITH scanned AS MATERIALIZED (
    SELECT i.* FROM advisor.user_index AS i CROSS JOIN threshold AS h
    WHERE NOT pg_is_in_recovery() AND i.scans > 0 AND NOT i.is_unique AND NOT i.is_protected AND i.is_usable AND NOT i.is_partition
      AND i.table_rows >= h.min_rows
      AND i.oid NOT IN (SELECT k.oid FROM advisor.foreign_key_index AS k)
), rarely_used AS MATERIALIZED (
    SELECT i.*, w.since, w.recorded_since, w.made_at, w.reset_at, w.recovered_at, a.reads, a.written, a.written_per_day
    FROM scanned AS i
    CROSS JOIN threshold AS h
    CROSS JOIN LATERAL (SELECT t.* FROM advisor.table_activity AS t WHERE t.oid = i.table_oid OFFSET 0) AS a
    JOIN advisor.index_window AS w ON w.oid = i.oid
    WHERE a.written >= h.writes_per_scan * i.scans
      AND now() - w.since >= current_setting('db_advisor.observation_window')::interval
)
SELECT r.identity AS object,
       r.table_identity AS subject,
       CASE WHEN e.there OR r.recorded_since IS NULL THEN 'info' ELSE 'low' END AS severity,
       format('index %s of %s was read %s times, while %s rows were written into it', r.identity, r.table_identity, r.scans, r.written)
           AS title,
       format('Since the statistics began, %s scans used it and about %s rows were written that it had to take in: %s for each scan. '
              'Dropping it frees %s.%s%s', r.scans, r.written, round(r.written / r.scans), pg_size_pretty(r.bytes),
              CASE WHEN r.recorded_since IS NULL THEN ' Nothing is recorded on this server: see with advisor.what_if, which can hide '
                                                      'an index, what the statements that matter would cost.' END,
              CASE WHEN e.there
                   THEN format(' This server has standbys (%s connected, %s slots): what they read is not seen here. Run on each: %s',
                               e.connected, e.slots, advisor.standby_query(r.identity)) END) AS detail,
       jsonb_build_object('unit', 'bytes', 'window_from', r.since, 'window_to', o.until, 'definition', q.create_statement,
                          'bytes', r.bytes, 'rows', r.table_rows, 'scans', r.scans, 'table_reads', r.reads, 'rows_written', r.written,
                          'entries_per_day', r.written_per_day, 'statistics_reset', r.reset_at, 'crash_recovery', r.recovered_at,
                          'made_before', r.made_at, 'recorded_since', r.recorded_since,
                          'standbys_connected', e.connected, 'replication_slots', e.slots)
           || CASE WHEN e.there THEN jsonb_build_object('query_on_standbys', advisor.standby_query(r.identity)) ELSE '{}' END
           AS evidence,
       NULL::float8 AS benefit,
       -r.bytes AS storage_bytes,
       (CASE WHEN r.recorded_since IS NULL THEN 0.2 ELSE 0.5 END * CASE WHEN e.there THEN 0.5 ELSE 1 END)::float8 AS confidence,
       ARRAY[q.drop_statement] AS fix_steps,
       NULL::text AS fix,
       q.create_statement AS rollback
FROM rarely_used AS r
CROSS JOIN LATERAL (SELECT s.* FROM advisor.index_statement AS s WHERE s.oid = r.oid OFFSET 0) AS q  -- looked up once
CROSS JOIN observed AS o
CROSS JOIN advisor.standbys AS e
ORDER BY r.identity
