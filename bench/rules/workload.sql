-- Statements to be recorded: each table's three, twice, so that their plans are kept.
SELECT advisor.reset();
SELECT format(q, n % 10, n)
FROM generate_series(1, 2), generate_series(1, 700) AS n,
     unnest(ARRAY['SELECT * FROM area_%s.plain_%s WHERE code = ''c1''', 'SELECT count(*) FROM area_%s.plain_%s WHERE made > now() - interval ''1 day''',
                  'UPDATE area_%s.plain_%s SET amount = amount + 1 WHERE id = 3']) AS q \gexec
-- Most indexes are used, by statements that are not recorded.
SET db_advisor.enabled = off;
SET enable_seqscan = off;
SELECT format('SELECT count(*) FROM area_%s.plain_%s WHERE %s', n % 10, n, condition)
FROM generate_series(1, 780) AS n,
     unnest(ARRAY['code = ''c1''', 'state = ''open''', 'made > now()', 'made = now() AND state = ''open''', 'parent_id = 1', 'parent_id = 1 AND made > now()',
                  'amount = 1', 'lower(code) = ''c1''', 'code ~ ''^c1''', 'state = ''open'' AND made > now()', 'id = 1']) AS c (condition) \gexec
SELECT pg_stat_force_next_flush();
