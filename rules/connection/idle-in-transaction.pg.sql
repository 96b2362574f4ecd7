-- rule: idle-in-transaction
-- category: connection
-- severity: high
-- title: A session leaves its transaction open and does nothing
-- why: An open transaction keeps its locks, so that others wait, and keeps VACUUM from removing rows that it might still read, so that tables grow.
-- references: https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-IDLE-IN-TRANSACTION-SESSION-TIMEOUT
-- minimum version: 15
-- privileges: pg_read_all_stats
-- threshold: seconds = 60: a session that has been idle for less is left out
-- threshold: long_seconds = 900: from here on it is grave even if it holds little
-- examined: SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = current_database() AND pid <> pg_backend_pid()
WITH idle AS (
    SELECT a.pid, a.usesysid, quote_ident(a.usename) AS role, coalesce(a.application_name, '') AS application, a.state, a.query_id, a.client_addr,
           a.backend_xid IS NOT NULL AS has_written, age(a.backend_xmin) AS holds,
           extract(epoch FROM now() - a.state_change) AS seconds, a.xact_start
    FROM pg_stat_activity AS a CROSS JOIN threshold AS h
    WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.usename IS NOT NULL
      AND a.state IN ('idle in transaction', 'idle in transaction (aborted)')
      AND a.state_change <= now() - make_interval(secs => h.seconds)
), locked AS (
    SELECT l.pid, count(*) AS locks FROM pg_locks AS l
    WHERE l.pid IN (SELECT i.pid FROM idle AS i) AND l.locktype = 'relation' AND l.granted AND l.mode <> 'AccessShareLock'
    GROUP BY l.pid
), waiting AS (  -- asked only for sessions that wait for a lock, and only while somebody is idle
    SELECT b.pid, count(*) AS sessions
    FROM pg_stat_activity AS a CROSS JOIN LATERAL unnest(pg_blocking_pids(a.pid)) AS b (pid)
    WHERE a.wait_event_type = 'Lock' AND EXISTS (SELECT FROM idle)
    GROUP BY b.pid
), finding AS (
    SELECT i.usesysid, i.role, i.application, count(*) AS number, max(i.seconds) AS seconds, bool_or(i.has_written) AS has_written,
           max(i.holds) AS holds, coalesce(sum(l.locks), 0) AS locks, coalesce(sum(w.sessions), 0) AS waiting,
           jsonb_agg(jsonb_build_object('pid', i.pid, 'state', i.state, 'idle_seconds', floor(i.seconds), 'transaction_began', i.xact_start,
                                        'client', i.client_addr, 'server_queryid', i.query_id, 'locks', coalesce(l.locks, 0),
                                        'waiting', coalesce(w.sessions, 0)) ORDER BY i.seconds DESC, i.pid) AS sessions,
           array_agg(format('-- SELECT pg_terminate_backend(%s);', i.pid) ORDER BY i.seconds DESC, i.pid) AS endings
    FROM idle AS i LEFT JOIN locked AS l ON l.pid = i.pid LEFT JOIN waiting AS w ON w.pid = i.pid
    GROUP BY i.usesysid, i.role, i.application
)
SELECT f.role AS object,
       f.application AS subject,
       CASE WHEN f.waiting > 0 THEN 'critical' WHEN f.has_written OR f.locks > 0 OR f.seconds >= h.long_seconds THEN 'high'
            ELSE 'medium' END AS severity,
       format('%s of role %s%s %s a transaction open for %s', CASE f.number WHEN 1 THEN 'a session' ELSE f.number || ' sessions' END, f.role,
              ' (' || nullif(f.application, '') || ')', CASE f.number WHEN 1 THEN 'leaves' ELSE 'leave' END,
              justify_interval(make_interval(secs => floor(f.seconds)))) AS title,
       format('Idle since then, %s: %s locks on tables%s%s. The application should commit or roll back before it does something else. The '
              'setting ends such sessions from their next connection on; those that are idle now can be ended by the statements below it. '
              'SELECT query FROM pg_stat_activity shows what they did last.',
              CASE WHEN f.number = 1 THEN 'it keeps' ELSE 'they keep' END, f.locks,
              CASE WHEN f.waiting > 0 THEN format(', for which %s sessions wait', f.waiting) END,
              CASE WHEN f.holds IS NOT NULL THEN format(', and rows that were deleted up to %s transactions ago cannot be removed', f.holds) END) AS detail,
       jsonb_build_object('unit', 'ms', 'window_to', now(), 'idle_ms', floor(f.seconds * 1000), 'sessions', f.sessions, 'locks', f.locks,
                          'waiting_sessions', f.waiting, 'held_transactions', f.holds) AS evidence,
       NULL::float8 AS benefit,
       0::bigint AS storage_bytes,
       0.9::float8 AS confidence,
       CASE WHEN pg_is_in_recovery() THEN f.endings
            ELSE format('ALTER ROLE %s IN DATABASE %I SET idle_in_transaction_session_timeout = ''5min'';', f.role, current_database()) || f.endings
       END AS fix_steps,
       NULL::text AS fix,
       CASE WHEN pg_is_in_recovery() THEN ''
            WHEN s.value IS NULL THEN format('ALTER ROLE %s IN DATABASE %I RESET idle_in_transaction_session_timeout;', f.role, current_database())
            ELSE format('ALTER ROLE %s IN DATABASE %I SET idle_in_transaction_session_timeout = %L;', f.role, current_database(), s.value)
       END AS rollback
FROM finding AS f
CROSS JOIN threshold AS h
LEFT JOIN LATERAL (
    SELECT substr(c.setting, 37) AS value
    FROM pg_db_role_setting AS r CROSS JOIN LATERAL unnest(r.setconfig) AS c (setting)
    WHERE r.setrole = f.usesysid AND r.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND c.setting LIKE 'idle\_in\_transaction\_session\_timeout=%'
) AS s ON true
ORDER BY f.role, f.application
