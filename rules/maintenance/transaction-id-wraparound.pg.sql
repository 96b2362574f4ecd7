-- rule: transaction-id-wraparound
-- category: maintenance
-- severity: critical
-- title: Transaction ids are running out
-- why: VACUUM must freeze old rows before their transaction ids come round again; where it does not get that far the server at last refuses each write, and getting out takes hours without service.
-- references: https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND
-- minimum version: 15
-- threshold: late_share = 1.1: age as a share of autovacuum_freeze_max_age from which freezing is late
-- threshold: held_share = 0.5: the same where something keeps VACUUM from freezing younger rows
-- threshold: critical_age = 1000000000: transactions of age from which the finding is critical; at about 2,100,000,000 the server stops
-- examined: SELECT count(*) FROM pg_database
WITH holder AS (  -- whatever still needs old rows
    SELECT age(a.backend_xmin) AS age, a.datid AS database, format('process %s of role %s', a.pid, coalesce(quote_ident(a.usename), '?')) AS who,
           format('SELECT pg_terminate_backend(%s);', a.pid) AS ending
    FROM pg_stat_activity AS a WHERE a.backend_xmin IS NOT NULL AND a.pid <> pg_backend_pid()
    UNION ALL
    SELECT age(p.transaction), (SELECT d.oid FROM pg_database AS d WHERE d.datname = p.database), format('prepared transaction %L', p.gid),
           format('ROLLBACK PREPARED %L;', p.gid)
    FROM pg_prepared_xacts AS p
    UNION ALL
    SELECT greatest(age(s.xmin), age(s.catalog_xmin)), NULL, format('replication slot %I', s.slot_name),
           format('SELECT pg_drop_replication_slot(%L);', s.slot_name)
    FROM pg_replication_slots AS s WHERE s.xmin IS NOT NULL OR s.catalog_xmin IS NOT NULL
), limits AS (
    SELECT current_setting('autovacuum_freeze_max_age')::float8 AS most,
           current_setting('autovacuum_multixact_freeze_max_age')::float8 AS most_multixacts,
           (SELECT sum(pg_stat_get_db_xact_commit(d.oid) + pg_stat_get_db_xact_rollback(d.oid)) FROM pg_database AS d)
               / nullif(CASE WHEN o.until - o.since >= interval '1 hour' THEN extract(epoch FROM o.until - o.since) / 86400 END, 0) AS per_day
    FROM observed AS o
), aged AS (
    SELECT d.oid, d.datname, d.datallowconn, d.datname = current_database() AS here, age(d.datfrozenxid) AS age, mxid_age(d.datminmxid) AS multixact_age,
           greatest(age(d.datfrozenxid) / l.most, mxid_age(d.datminmxid) / l.most_multixacts) AS share, l.most, l.per_day
    FROM pg_database AS d CROSS JOIN limits AS l
), late AS (
    SELECT a.*, b.age AS held_age, b.who, b.ending
    FROM aged AS a
    CROSS JOIN threshold AS t
    LEFT JOIN LATERAL (SELECT h.* FROM holder AS h WHERE h.database IS NULL OR h.database = a.oid ORDER BY h.age DESC LIMIT 1) AS b
        ON b.age >= t.held_share * a.most
    WHERE a.share >= t.late_share OR a.share >= t.held_share AND b.age IS NOT NULL
), old_table AS (  -- here, the oldest first; VACUUM takes TOAST tables along
    SELECT format('%I.%I', n.nspname, c.relname) AS name, c.oid,
           greatest(age(c.relfrozenxid), age(t.relfrozenxid)) AS age,
           greatest(age(c.relfrozenxid) / l.most, age(t.relfrozenxid) / l.most, mxid_age(c.relminmxid) / l.most_multixacts,
                    mxid_age(t.relminmxid) / l.most_multixacts) AS share
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_class AS t ON t.oid = c.reltoastrelid
    CROSS JOIN limits AS l
    WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND EXISTS (SELECT FROM late AS f WHERE f.here)
), work AS (
    SELECT count(*) AS number, string_agg(o.name, ', ' ORDER BY o.share DESC, o.name) AS names,
           (jsonb_agg(jsonb_build_object('table', o.name, 'age', o.age) ORDER BY o.share DESC, o.name)) AS tables
    FROM (SELECT o.name, o.age, o.share FROM old_table AS o CROSS JOIN threshold AS t WHERE o.share >= least(t.late_share, t.held_share)
          ORDER BY o.share DESC, o.name LIMIT 51) AS o
)
SELECT quote_ident(f.datname) AS object,
       NULL AS subject,
       CASE WHEN greatest(f.age, f.multixact_age) >= t.critical_age
                 OR (2144483647 - f.age) / f.per_day < 30 THEN 'critical' ELSE 'high' END AS severity,
       format('the oldest rows of database %I are %s transactions old', f.datname, f.age) AS title,
       format('Autovacuum should have frozen them at %s; at about 2,144,000,000 the server refuses to write. %s%s%s', f.most::bigint,
              CASE WHEN f.multixact_age / current_setting('autovacuum_multixact_freeze_max_age')::float8 >= f.share
                   THEN format('Multixact ids are the older ones, with an age of %s. ', f.multixact_age) END,
              CASE WHEN f.per_day > 0
                   THEN format('With at most %s transactions a day, %s days are left at least. ', ceil(f.per_day), floor((2144483647 - f.age) / f.per_day)) END,
              CASE WHEN f.who IS NOT NULL
                   THEN format('VACUUM cannot freeze what %s may still need, which is %s transactions old: end that first.', f.who, f.held_age)
                   WHEN current_setting('autovacuum') = 'off' THEN 'Autovacuum is off.'
                   ELSE 'Nothing holds VACUUM back that can be seen here.' END) AS detail,
       jsonb_build_object('unit', 'rows', 'window_from', o.since, 'window_to', o.until, 'age', f.age, 'multixact_age', f.multixact_age,
                          'autovacuum_freeze_max_age', f.most, 'share', round(f.share::numeric, 6), 'transactions_per_day', ceil(f.per_day),
                          'held_by', f.who, 'held_age', f.held_age,
                          'tables', CASE WHEN f.here THEN w.tables END) AS evidence,
       NULL::float8 AS benefit,
       0::bigint AS storage_bytes,
       0.95::float8 AS confidence,
       (SELECT array_agg(CASE WHEN pg_is_in_recovery() THEN '-- on the primary: ' ELSE '' END || s)
        FROM unnest(ARRAY['-- ' || f.ending,
                          CASE WHEN NOT f.datallowconn THEN format('-- ALTER DATABASE %I ALLOW_CONNECTIONS true;', f.datname) END,
                          CASE WHEN NOT f.here THEN format('-- connected to database %I: VACUUM (FREEZE);', f.datname)
                               WHEN w.number BETWEEN 1 AND 50 THEN format('VACUUM (FREEZE) %s;', w.names)
                               ELSE 'VACUUM (FREEZE);' END]) AS s WHERE s IS NOT NULL) AS fix_steps,
       NULL::text AS fix,
       '-- nothing to undo: frozen rows read as before' AS rollback
FROM late AS f CROSS JOIN threshold AS t CROSS JOIN work AS w CROSS JOIN observed AS o
ORDER BY f.share DESC, f.datname
