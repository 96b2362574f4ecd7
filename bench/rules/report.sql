-- The median of five reads per rule.
SET client_min_messages = warning;
\pset footer off
CREATE TEMPORARY TABLE reading (number int, rule text, state text, examined bigint, milliseconds double precision);
SELECT format('INSERT INTO reading SELECT %s, rule, state, examined, milliseconds FROM advisor.coverage WHERE rule !~ ''^missing-index''', n)
FROM generate_series(1, 5) AS n \gexec
SELECT (SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'area%')) AS tables,
       (SELECT count(*) FROM pg_class WHERE relkind IN ('i', 'I') AND relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'area%')) AS indexes,
       (SELECT count(*) FROM advisor.statements) AS recorded_statements;
SELECT r.rule, max(r.state) AS state, max(r.examined) AS examined, coalesce(max(f.findings), 0) AS findings,
       round(percentile_cont(0.5) WITHIN GROUP (ORDER BY r.milliseconds)::numeric, 1) AS milliseconds
FROM reading AS r
LEFT JOIN (SELECT rule, count(*) AS findings FROM advisor.recommendations GROUP BY rule) AS f USING (rule)
GROUP BY r.rule
UNION ALL
SELECT 'all rules', NULL, NULL, NULL, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY milliseconds)::numeric, 1)
FROM (SELECT sum(milliseconds) AS milliseconds FROM reading GROUP BY number) AS t
ORDER BY 5 DESC;
