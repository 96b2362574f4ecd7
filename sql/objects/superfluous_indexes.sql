-- What the rules about indexes that could go look at: since when their use is known, what writes to them, where
-- else they may be read.

CREATE OR REPLACE FUNCTION advisor.recorder_marks(OUT since timestamptz, OUT noted_at timestamptz, OUT next_xid bigint)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_recorder_marks'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION advisor.recorder_marks() IS
    'since when statements are recorded, and which transaction id was next at some times since; no row: nothing is recorded';

-- Recovery after a crash throws all statistics away and begins those of the cluster anew: none of these is older.
CREATE OR REPLACE VIEW advisor.statistics_window AS
SELECT s.reset_at, s.recovered_at, coalesce(greatest(s.reset_at, s.recovered_at), pg_postmaster_start_time()) AS since
FROM (SELECT pg_stat_get_db_stat_reset_time(d.oid) AS reset_at,
             least((SELECT a.stats_reset FROM pg_stat_archiver AS a), (SELECT b.stats_reset FROM pg_stat_bgwriter AS b),
                   (SELECT w.stats_reset FROM pg_stat_wal AS w)) AS recovered_at
      FROM pg_database AS d WHERE d.datname = current_database()) AS s;
COMMENT ON VIEW advisor.statistics_window IS
    'since when the server''s statistics of this database count: the last reset, or the last recovery after a crash';

-- The catalog has no time at which an index was made. The transaction that wrote its rows has one where commit times are
-- tracked; otherwise it was made before the first mark that knows a later transaction. Rewritten rows only make it younger.
CREATE OR REPLACE VIEW advisor.index_window AS
WITH mark AS MATERIALIZED (
    SELECT m.since, m.noted_at, age((m.next_xid % 4294967296)::text::xid) AS age FROM advisor.recorder_marks() AS m
), recorder AS MATERIALIZED (SELECT max(m.since) AS since FROM mark AS m)
SELECT x.oid, w.reset_at, w.recovered_at, r.since AS recorded_since, made.at AS made_at,
       greatest(w.since, r.since, made.at) AS since
FROM pg_class AS x
JOIN pg_index AS i ON i.indexrelid = x.oid
CROSS JOIN advisor.statistics_window AS w
CROSS JOIN recorder AS r
CROSS JOIN LATERAL (SELECT greatest(age(x.xmin), age(i.xmin)) AS old, least(age(x.xmin), age(i.xmin)) < 0 AS is_ancient) AS a
CROSS JOIN LATERAL (
    SELECT coalesce(
               CASE WHEN current_setting('track_commit_timestamp')::boolean
                    THEN least(pg_xact_commit_timestamp(x.xmin), pg_xact_commit_timestamp(i.xmin)) END,
               (SELECT min(m.noted_at) FROM mark AS m WHERE a.is_ancient OR m.age < a.old),
               CASE WHEN r.since IS NOT NULL THEN now() END) AS at) AS made;
COMMENT ON VIEW advisor.index_window IS
    'since when the scans of an index are known: the latest of statistics reset, crash recovery, its making and the start of recording';

-- Of a partitioned table all parts together.
CREATE OR REPLACE VIEW advisor.table_activity AS
SELECT t.oid, a.reads, a.written, a.written / nullif(d.days, 0) AS written_per_day
FROM pg_class AS t
CROSS JOIN LATERAL (
    WITH RECURSIVE part AS (
        SELECT t.oid AS oid
        UNION ALL
        SELECT b.inhrelid FROM part AS p JOIN pg_inherits AS b ON b.inhparent = p.oid WHERE t.relkind = 'p'
    )
    SELECT coalesce(sum(pg_stat_get_numscans(p.oid)
                        + coalesce((SELECT sum(pg_stat_get_numscans(x.indexrelid)) FROM pg_index AS x WHERE x.indrelid = p.oid), 0)), 0)
               AS reads,
           coalesce(sum(pg_stat_get_tuples_inserted(p.oid) + pg_stat_get_tuples_updated(p.oid)
                        - pg_stat_get_tuples_hot_updated(p.oid)), 0) AS written
    FROM part AS p
) AS a
CROSS JOIN (  -- of less than an hour nothing is said per day
    SELECT CASE WHEN now() - w.since >= '1 hour' THEN extract(epoch FROM now() - w.since) / 86400 END AS days
    FROM advisor.statistics_window AS w) AS d
WHERE t.relkind IN ('r', 'm', 'p');
COMMENT ON VIEW advisor.table_activity IS
    'per table since the statistics began: its scans, the rows written that go into every index, and these per day';

-- Logical subscribers run no queries here.
CREATE OR REPLACE VIEW advisor.standbys AS
SELECT s.connected, s.slots, s.connected + s.slots > 0 AS there
FROM (SELECT (SELECT count(*) FROM pg_stat_get_wal_senders() AS w
              WHERE w.pid NOT IN (SELECT l.active_pid FROM pg_replication_slots AS l
                                  WHERE l.slot_type = 'logical' AND l.active_pid IS NOT NULL)) AS connected,
             (SELECT count(*) FROM pg_replication_slots AS l WHERE l.slot_type = 'physical') AS slots) AS s;
COMMENT ON VIEW advisor.standbys IS 'standbys that may read what this server does not count';

-- What to run on each standby before an index goes.
CREATE OR REPLACE FUNCTION advisor.standby_query(index text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL UNSAFE
RETURN format('SELECT i.idx_scan, d.stats_reset FROM pg_stat_all_indexes AS i, pg_stat_database AS d '
              'WHERE i.indexrelid = %L::regclass AND d.datname = current_database();', index);

-- The indexes without which a foreign key would have none on the referring side: deletes from the table that it refers to
-- need one, though none came so far. Of several that serve, one that is used or has to stay anyway does; else the oldest.
CREATE OR REPLACE VIEW advisor.foreign_key_index AS
WITH serving AS MATERIALIZED (
    SELECT c.oid AS key, i.oid, i.is_unique OR i.is_protected OR i.scans > 0 AS stays
    FROM pg_constraint AS c
    JOIN advisor.user_index AS i ON i.table_oid = c.conrelid AND i.is_usable
    WHERE c.contype = 'f' AND cardinality(c.conkey) <= cardinality(i.key_columns)
      AND c.conkey <@ i.key_columns[1:cardinality(c.conkey)] AND i.key_columns[1:cardinality(c.conkey)] <@ c.conkey
)
SELECT DISTINCT ON (s.key) s.key, s.oid FROM serving AS s ORDER BY s.key, s.stays DESC, s.oid;
COMMENT ON VIEW advisor.foreign_key_index IS 'per foreign key the index that has to stay for it';
