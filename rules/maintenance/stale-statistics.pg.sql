-- rule: stale-statistics
-- category: maintenance
-- severity: medium
-- title: The planner's statistics of a table are missing or old
-- why: The planner estimates rows from statistics that ANALYZE takes; where they are missing, or most rows have changed since, it chooses joins and scans by wrong numbers.
-- references: https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-STATISTICS
-- minimum version: 15
-- threshold: min_rows = 1000: tables with fewer rows are left out
-- threshold: changed_share = 0.2: rows changed since the last ANALYZE, as a share of all rows
-- examined: SELECT count(*), count(*) FILTER (WHERE pg_is_in_recovery()), CASE WHEN pg_is_in_recovery() THEN 'a standby does not count changed rows: only missing statistics are seen' END FROM advisor.user_table AS t WHERE NOT t.is_partition
WITH RECURSIVE tree AS (
    SELECT t.oid AS root, t.oid AS part FROM advisor.user_table AS t WHERE NOT t.is_partition
    UNION ALL
    SELECT t.root, i.inhrelid FROM tree AS t JOIN pg_inherits AS i ON i.inhparent = t.part
    JOIN pg_class AS c ON c.oid = i.inhrelid AND c.relispartition
), counted AS (
    SELECT t.root, sum(pg_stat_get_mod_since_analyze(t.part)) AS changed,
           sum(pg_stat_get_tuples_inserted(t.part) + pg_stat_get_tuples_updated(t.part) + pg_stat_get_tuples_deleted(t.part)) AS written,
           sum(pg_stat_get_tuples_inserted(t.part) - pg_stat_get_tuples_deleted(t.part)) AS added,
           max(greatest(pg_stat_get_last_analyze_time(t.part), pg_stat_get_last_autoanalyze_time(t.part))) AS last
    FROM tree AS t GROUP BY t.root
), stale AS (
    SELECT t.oid, t.identity, t.kind, t.rows, t.has_statistics, c.changed, c.last
    FROM advisor.user_table AS t
    JOIN counted AS c ON c.root = t.oid
    CROSS JOIN threshold AS h
    WHERE t.rows >= h.min_rows
      AND (NOT t.has_statistics AND EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped)
           OR c.changed > h.changed_share * t.rows AND NOT pg_is_in_recovery()
              -- a session reports its writes late: those of a load that was analysed at once look as if they came after it
              AND NOT (c.last IS NOT NULL AND c.changed >= c.written AND c.added BETWEEN 0.9 * t.rows AND 1.1 * t.rows))
), misestimated AS MATERIALIZED (  -- recorded plans with a node whose rows were wrong by ten times or more
    SELECT t.root, array_agg(DISTINCT n.queryid) AS queryids,
           max(greatest(n.estimated_rows, 1) / greatest(n.actual_rows, 1)) AS too_many,
           max(greatest(n.actual_rows, 1) / greatest(n.estimated_rows, 1)) AS too_few
    FROM advisor.plan_nodes AS n
    JOIN (SELECT c.oid, s.nspname || '.' || c.relname AS name
          FROM pg_class AS c JOIN pg_namespace AS s ON s.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'm')) AS c
        ON c.name = replace(n.relation, '"', '')
    JOIN tree AS t ON t.part = c.oid
    WHERE (n.actual_rows > 10 * greatest(n.estimated_rows, 1) OR n.estimated_rows > 10 * greatest(n.actual_rows, 1))
      AND greatest(n.actual_rows, n.estimated_rows) >= 1000
      AND n.queryid IN (SELECT q.queryid FROM advisor.statements AS q WHERE q.database = current_database())
      AND EXISTS (SELECT FROM stale)
    GROUP BY t.root
)
SELECT s.identity AS object,
       NULL AS subject,
       CASE WHEN m.queryids IS NOT NULL OR NOT s.has_statistics THEN 'medium' ELSE 'low' END AS severity,
       CASE WHEN NOT s.has_statistics THEN format('the planner has no statistics of %s', s.identity)
            ELSE format('%s of %s rows of %s have changed since its statistics were taken', s.changed, s.rows, s.identity) END AS title,
       format('%s%s%s',
              CASE WHEN NOT s.has_statistics AND s.kind = 'p'
                   THEN format('The table holds about %s rows in its partitions. Autovacuum takes statistics of these, never of the whole.', s.rows)
                   WHEN NOT s.has_statistics THEN format('The table holds about %s rows and was never analysed.', s.rows)
                   ELSE format('It was last analysed %s.', coalesce(to_char(s.last, '"on" YYYY-MM-DD "at" HH24:MI'), 'before the counters began')) END,
              CASE WHEN m.queryids IS NOT NULL
                   THEN format(' %s recorded statements read it with a row estimate that was wrong by up to %s times.',
                               cardinality(m.queryids), round(greatest(m.too_many, m.too_few))) END,
              CASE WHEN current_setting('autovacuum') = 'off' THEN ' Autovacuum is off, so nobody analyses tables by itself.'
                   WHEN s.kind = 'p' THEN ' Run it again from time to time.' END) AS detail,
       jsonb_build_object('unit', 'rows', 'window_from', s.last, 'window_to', now(), 'rows', s.rows, 'rows_changed', s.changed,
                          'last_analyze', s.last, 'never_analyzed', NOT s.has_statistics, 'misestimated_statements', m.queryids,
                          'worst_factor', greatest(m.too_many, m.too_few)) AS evidence,
       NULL::float8 AS benefit,
       0::bigint AS storage_bytes,
       CASE WHEN m.queryids IS NOT NULL THEN 0.9 ELSE 0.7 END::float8 AS confidence,
       ARRAY[CASE WHEN pg_is_in_recovery() THEN '-- on the primary: ' ELSE '' END || format('ANALYZE %s;', s.identity)] AS fix_steps,
       NULL::text AS fix,
       '-- nothing to undo: statistics are taken from the rows as they are' AS rollback
FROM stale AS s
LEFT JOIN misestimated AS m ON m.root = s.oid
ORDER BY s.identity
