-- rule: autovacuum-behind
-- category: maintenance
-- severity: high
-- title: Dead rows are piling up in a table
-- why: Rows that were updated or deleted keep their space until VACUUM comes; where it does not keep up, the table and its indexes grow, scans read the dead rows too and index-only scans turn to the table.
-- references: https://www.postgresql.org/docs/current/routine-vacuuming.html#AUTOVACUUM
-- minimum version: 15
-- threshold: min_rows = 1000: tables with fewer dead rows are left out
-- threshold: factor = 2: dead rows as a multiple of the number at which autovacuum should come
-- threshold: quiet_minutes = 10: a table that was vacuumed within this time, or that is so new to the statistics, has time
-- examined: SELECT count(*) FILTER (WHERE NOT r.standby), count(*) FILTER (WHERE r.standby), 'a standby does not count dead rows: read this on the primary' FROM advisor.user_table AS t CROSS JOIN (SELECT pg_is_in_recovery() AS standby) AS r WHERE t.kind IN ('r', 'm')
WITH RECURSIVE setting AS (
    SELECT current_setting('autovacuum_vacuum_threshold')::float8 AS base,
           current_setting('autovacuum_vacuum_scale_factor')::float8 AS scale,
           coalesce(current_setting('autovacuum_vacuum_max_threshold', true), '-1')::float8 AS most,
           current_setting('autovacuum')::boolean AS is_on,
           (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker') AS workers,
           current_setting('autovacuum_max_workers')::int AS max_workers
), held AS (  -- rows that others may still need cannot go
    SELECT h.who, h.age FROM (
        SELECT format('process %s', a.pid) AS who, age(a.backend_xmin) AS age
        FROM pg_stat_activity AS a
        WHERE a.backend_xmin IS NOT NULL AND a.pid <> pg_backend_pid() AND a.datname = current_database()
        UNION ALL
        SELECT format('prepared transaction %L', p.gid), age(p.transaction) FROM pg_prepared_xacts AS p WHERE p.database = current_database()
        UNION ALL
        SELECT format('replication slot %I', s.slot_name), greatest(age(s.xmin), age(s.catalog_xmin))
        FROM pg_replication_slots AS s WHERE s.xmin IS NOT NULL OR s.catalog_xmin IS NOT NULL) AS h
    WHERE h.age >= 10000
    ORDER BY h.age DESC LIMIT 1
), stored AS (
    SELECT t.oid, t.identity, t.is_partition, t.bytes, c.reltuples, pg_stat_get_dead_tuples(t.oid) AS dead,
           pg_stat_get_live_tuples(t.oid) AS live,
           greatest(pg_stat_get_last_vacuum_time(t.oid), pg_stat_get_last_autovacuum_time(t.oid)) AS last,
           (SELECT jsonb_object_agg(o.option_name, o.option_value) FROM pg_options_to_table(c.reloptions) AS o
            WHERE o.option_name LIKE 'autovacuum%') AS options
    FROM advisor.user_table AS t
    JOIN pg_class AS c ON c.oid = t.oid
    WHERE t.kind IN ('r', 'm') AND NOT pg_is_in_recovery()
), due AS (
    SELECT s.*, coalesce((s.options ->> 'autovacuum_enabled')::boolean, true) AS enabled,
           coalesce((s.options ->> 'autovacuum_vacuum_scale_factor')::float8, g.scale) AS scale,
           least(coalesce((s.options ->> 'autovacuum_vacuum_threshold')::float8, g.base)
                     + coalesce((s.options ->> 'autovacuum_vacuum_scale_factor')::float8, g.scale) * greatest(s.reltuples, 0),
                 CASE WHEN g.most >= 0 THEN g.most END) AS trigger_rows
    FROM stored AS s CROSS JOIN setting AS g
), behind AS (
    SELECT d.*
    FROM due AS d CROSS JOIN threshold AS h CROSS JOIN observed AS o
    WHERE d.dead >= h.min_rows AND d.dead >= h.factor * d.trigger_rows
      AND coalesce(d.last, o.since) <= o.until - make_interval(mins => h.quiet_minutes::int)
      AND d.oid NOT IN (SELECT p.relid FROM pg_stat_progress_vacuum AS p WHERE p.relid IS NOT NULL)
), root AS (  -- partitions are told of together
    SELECT b.oid, b.oid AS root, b.is_partition FROM behind AS b
    UNION ALL
    SELECT r.oid, i.inhparent, c.relispartition
    FROM root AS r JOIN pg_inherits AS i ON i.inhrelid = r.root AND r.is_partition JOIN pg_class AS c ON c.oid = i.inhparent
), changed AS (
    SELECT b.oid, r.root, b.identity, b.dead, b.live, b.last, b.trigger_rows, b.enabled, b.bytes, b.options,
           CASE WHEN NOT b.enabled THEN 'autovacuum_enabled'
                WHEN b.scale > 0.05 THEN 'autovacuum_vacuum_scale_factor' ELSE 'autovacuum_vacuum_cost_delay' END AS option,
           CASE WHEN NOT b.enabled THEN 'true' WHEN b.scale > 0.05 THEN '0.05' ELSE '0' END AS value
    FROM behind AS b JOIN root AS r ON r.oid = b.oid AND NOT r.is_partition
), finding AS (
    SELECT c.root, sum(c.dead) AS dead, sum(c.live) AS live, sum(c.trigger_rows) AS trigger_rows, max(c.last) AS last, count(*) AS parts,
           bool_and(c.enabled) AS enabled, sum(c.bytes) AS bytes,
           array_agg(format('ALTER TABLE %s SET (%s = %s);', c.identity, c.option, c.value) ORDER BY c.identity) AS changes,
           string_agg(CASE WHEN c.options ? c.option THEN format('ALTER TABLE %s SET (%s = %s);', c.identity, c.option, c.options ->> c.option)
                           ELSE format('ALTER TABLE %s RESET (%s);', c.identity, c.option) END, E'\n' ORDER BY c.identity) AS changes_back,
           string_agg(c.identity, ', ' ORDER BY c.identity) AS names
    FROM changed AS c GROUP BY c.root
)
SELECT t.identity AS object,
       NULL AS subject,
       CASE WHEN f.dead >= 0.3 * (f.dead + f.live) THEN 'high' ELSE 'medium' END AS severity,
       format('%s dead rows in %s wait for VACUUM', f.dead, t.identity) AS title,
       format('Autovacuum should come at %s; the table has about %s live rows%s. It was last vacuumed %s. %s%s', ceil(f.trigger_rows), f.live,
              CASE WHEN f.parts > 1 THEN format(' in the %s partitions concerned', f.parts) END,
              coalesce(to_char(f.last, '"on" YYYY-MM-DD "at" HH24:MI'), 'before the statistics began, or never'),
              CASE WHEN NOT f.enabled THEN 'It is switched off for the table. '
                   WHEN NOT g.is_on THEN 'Autovacuum is off on the whole server, so that it will not come by itself: ALTER SYSTEM SET autovacuum = on. '
                   WHEN g.workers >= g.max_workers THEN format('All %s autovacuum workers are busy: there may have to be more of them, or they must not pause so long. ', g.workers)
                   ELSE 'The setting for the table makes it come earlier; if others lock the table it gives way to them each time. ' END,
              CASE WHEN h.who IS NOT NULL THEN format('Rows that %s may still need, which is %s transactions old, cannot go before it ends.', h.who, h.age) END) AS detail,
       jsonb_build_object('unit', 'rows', 'window_from', o.since, 'window_to', o.until, 'dead_rows', f.dead, 'live_rows', f.live,
                          'autovacuum_at', ceil(f.trigger_rows), 'last_vacuum', f.last, 'tables', f.names, 'workers', g.workers,
                          'max_workers', g.max_workers, 'autovacuum', g.is_on, 'enabled_for_table', f.enabled, 'held_by', h.who) AS evidence,
       NULL::float8 AS benefit,
       0::bigint AS storage_bytes,
       0.8::float8 AS confidence,
       f.changes || format('VACUUM (ANALYZE) %s;', f.names) AS fix_steps,
       -- VACUUM does not run among other statements
       array_to_string(f.changes, E'\n') || format(E'\n-- at once, instead of when autovacuum comes: VACUUM (ANALYZE) %s;', f.names) AS fix,
       f.changes_back AS rollback
FROM finding AS f
JOIN advisor.user_table AS t ON t.oid = f.root
CROSS JOIN setting AS g
CROSS JOIN observed AS o
LEFT JOIN held AS h ON true
ORDER BY t.identity
