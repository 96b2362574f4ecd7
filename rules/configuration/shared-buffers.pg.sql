-- rule: shared-buffers
-- category: configuration
-- severity: medium
-- title: The server's buffer does not fit its memory and its work
-- why: With shared_buffers far too small, blocks that are needed all the time are fetched again and again; far too large, it takes memory from sorts, connections and the system's own cache, up to the server being killed.
-- references: https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-SHARED-BUFFERS
-- minimum version: 15
-- threshold: memory_mb = 0: the machine's memory in MB; 0: the advisor looks it up, where its reader may read the server's files
-- threshold: low_share = 0.15: share of the memory below which the buffer is small, if blocks are missed
-- threshold: high_share = 0.4: share of the memory above which the buffer is too large
-- threshold: miss_share = 0.02: share of the blocks wanted that were not in the buffer from which they are missed
-- threshold: min_blocks = 100000: with fewer blocks asked for since the statistics began nothing is said about misses
-- examined: SELECT 1, CASE WHEN h.memory_mb > 0 OR has_function_privilege('pg_read_file(text, bigint, bigint, boolean)', 'EXECUTE') AND pg_has_role('pg_read_server_files', 'USAGE') THEN 0 ELSE 1 END, 'the machine''s memory is not known: set the threshold memory_mb' FROM threshold AS h
WITH machine AS (  -- the smallest of what the system has and what control groups of either version allow
    SELECT CASE WHEN h.memory_mb > 0 THEN h.memory_mb * 1048576
                WHEN has_function_privilege('pg_read_file(text, bigint, bigint, boolean)', 'EXECUTE') AND pg_has_role('pg_read_server_files', 'USAGE')
                -- as a text of its own, since a right to call it is checked even where it is not called
                THEN substring(query_to_xml($q$SELECT least(
                         (regexp_match(pg_read_file('/proc/meminfo', 0, 4096, true), 'MemTotal: +(\d+) kB'))[1]::numeric * 1024,
                         (regexp_match(pg_read_file('/sys/fs/cgroup/memory.max', 0, 100, true), '^(\d+)'))[1]::numeric,
                         (regexp_match(pg_read_file('/sys/fs/cgroup/memory/memory.limit_in_bytes', 0, 100, true), '^(\d+)'))[1]::numeric) AS bytes$q$,
                     false, false, '')::text FROM '<bytes>(\d+)</bytes>')::float8
           END AS bytes
    FROM threshold AS h
), buffer AS (
    SELECT s.setting::float8 * current_setting('block_size')::float8 AS bytes, s.pending_restart, s.sourcefile,
           (SELECT sum(c.relpages)::float8 FROM pg_class AS c WHERE c.relkind IN ('r', 'm', 'i', 't'))
               * current_setting('block_size')::float8 AS data_bytes,
           (SELECT count(*) FROM pg_database AS d WHERE d.datallowconn AND NOT d.datistemplate AND d.datname NOT IN ('postgres', current_database())) AS others
    FROM pg_settings AS s WHERE s.name = 'shared_buffers'
), asked AS (  -- in all databases; what the buffer did not hold, the system's cache may have
    SELECT sum(pg_stat_get_db_blocks_fetched(d.oid)) AS blocks, sum(pg_stat_get_db_blocks_fetched(d.oid) - pg_stat_get_db_blocks_hit(d.oid)) AS missed
    FROM pg_database AS d
), judged AS (
    SELECT b.*, m.bytes AS memory, a.blocks, a.missed, a.missed::float8 / nullif(a.blocks, 0) AS miss_share,
           CASE WHEN b.bytes > h.high_share * m.bytes THEN 'large'
                WHEN a.blocks >= h.min_blocks AND a.missed >= h.miss_share * a.blocks AND b.data_bytes > b.bytes
                     AND (b.bytes < h.low_share * m.bytes OR m.bytes IS NULL AND b.bytes <= 134217728) THEN 'small' END AS problem,
           greatest(16, floor(m.bytes / 4 / 16777216) * 16)::bigint AS wanted_mb
    FROM buffer AS b CROSS JOIN machine AS m CROSS JOIN asked AS a CROSS JOIN threshold AS h
), recorded AS MATERIALIZED (
    SELECT s.queryid, sum(s.shared_blks_read) AS missed, sum(s.shared_blks_hit + s.shared_blks_read) AS blocks
    FROM advisor.statements AS s
    WHERE EXISTS (SELECT FROM judged AS j WHERE j.problem IS NOT NULL)
    GROUP BY s.queryid
)
SELECT 'shared_buffers' AS object,
       NULL AS subject,
       CASE WHEN j.problem = 'large' THEN CASE WHEN j.bytes > 0.6 * j.memory THEN 'high' ELSE 'medium' END
            WHEN j.miss_share >= 0.1 THEN 'medium' ELSE 'low' END AS severity,
       CASE WHEN j.problem = 'large' THEN format('shared_buffers takes %s %% of the memory', round(j.bytes / j.memory * 100))
            ELSE format('shared_buffers is small: %s %% of the blocks asked for were not in it', round((j.miss_share * 100)::numeric, 1)) END AS title,
       format('It is %s%s. Of %s blocks that were asked for since the statistics began, %s were not in it%s. This database has about %s%s. %s%s',
              pg_size_pretty(j.bytes::bigint), ', the machine has ' || pg_size_pretty(j.memory::bigint), j.blocks, j.missed,
              format(' (of recorded statements: %s of %s)', r.missed, nullif(r.blocks, 0)), pg_size_pretty(j.data_bytes::bigint),
              CASE WHEN j.others > 0 THEN format(', and there are %s others', j.others) END,
              CASE WHEN j.memory IS NULL THEN 'A quarter of the memory is the usual size, but the advisor cannot see how much there is.'
                   ELSE 'A quarter of the memory is the usual size; the change needs a restart.' END,
              CASE WHEN j.pending_restart THEN ' A new value is set already and waits for a restart.' END) AS detail,
       jsonb_build_object('unit', 'bytes', 'window_from', o.since, 'window_to', o.until, 'shared_buffers', j.bytes, 'memory', j.memory,
                          'data', j.data_bytes, 'other_databases', j.others, 'blocks_asked', j.blocks, 'blocks_missed', j.missed,
                          'recorded_blocks_missed', r.missed, 'statements', r.statements, 'pending_restart', j.pending_restart) AS evidence,
       NULL::float8 AS benefit,
       0::bigint AS storage_bytes,
       CASE WHEN j.memory IS NULL THEN 0.3 WHEN j.problem = 'large' THEN 0.8 ELSE 0.6 END::float8 AS confidence,
       CASE WHEN j.memory IS NULL THEN '{}' ELSE ARRAY[format('ALTER SYSTEM SET shared_buffers = ''%sMB'';', j.wanted_mb), '-- then restart the server'] END AS fix_steps,
       CASE WHEN j.memory IS NULL
            THEN '-- how much memory has the machine? ALTER SYSTEM SET shared_buffers to a quarter of it, then restart the server' END AS fix,
       CASE WHEN j.memory IS NULL THEN ''
            WHEN j.sourcefile ~ 'postgresql\.auto\.conf$' THEN format('ALTER SYSTEM SET shared_buffers = ''%sMB'';', (j.bytes / 1048576)::bigint)
            ELSE 'ALTER SYSTEM RESET shared_buffers;' END || CASE WHEN j.memory IS NOT NULL THEN E'\n-- then restart the server' ELSE '' END AS rollback
FROM judged AS j
CROSS JOIN observed AS o
CROSS JOIN LATERAL (
    SELECT sum(s.missed) AS missed, sum(s.blocks) AS blocks,
           (SELECT jsonb_agg(jsonb_build_object('queryid', t.queryid, 'blocks_missed', t.missed) ORDER BY t.missed DESC, t.queryid)
            FROM (SELECT w.queryid, w.missed FROM recorded AS w WHERE w.missed > 0 ORDER BY w.missed DESC, w.queryid LIMIT 3) AS t) AS statements
    FROM recorded AS s
) AS r
WHERE j.problem IS NOT NULL
