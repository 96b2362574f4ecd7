-- server: only pg_stat_statements
-- Without preload, the statements of pg_stat_statements are the workload.
SET client_min_messages = warning;
CREATE EXTENSION db_advisor;
SELECT value, state, note <> '' AS says_why FROM advisor.status WHERE name = 'workload';
SELECT count(*) AS of_no_workload FROM advisor.recommend_indexes();
CREATE SCHEMA "Monitor it";
CREATE EXTENSION pg_stat_statements SCHEMA "Monitor it";
SELECT value, state, fix ~ 'ALTER SYSTEM SET shared_preload_libraries = ''pg_stat_statements'', ''db_advisor''' AS exact_fix
FROM advisor.status WHERE name = 'workload';
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id int PRIMARY KEY, customer int NOT NULL, placed date NOT NULL, note text);
INSERT INTO shop.orders SELECT n, (n * 7919) % 5000 + 1, date '2020-01-01' + n % 1000 FROM generate_series(1, 20000) AS n;
VACUUM ANALYZE shop.orders;
-- A role whose sessions find the table by its own search_path; its statements are planned as its own.
CREATE ROLE server_statements_user;
GRANT USAGE ON SCHEMA shop TO server_statements_user;
GRANT SELECT ON shop.orders TO server_statements_user;
ALTER ROLE server_statements_user SET search_path = shop;
-- What the role may not read any more is no advice.
CREATE TABLE shop.secret AS SELECT n AS id, n AS owner FROM generate_series(1, 20000) AS n;
ANALYZE shop.secret;
GRANT SELECT ON shop.secret TO server_statements_user;
SELECT "Monitor it".pg_stat_statements_reset() \g /dev/null
SET SESSION AUTHORIZATION server_statements_user;
SET search_path = shop;
\o /dev/null
SELECT format('SELECT count(*) FROM orders WHERE customer = %s', n) FROM generate_series(1, 10) AS n \gexec
SELECT format('SELECT /* by day */ id FROM orders WHERE placed = %L', date '2021-03-04' + n) FROM generate_series(1, 10) AS n \gexec
SELECT format('SELECT id FROM secret WHERE owner = %s', n) FROM generate_series(1, 10) AS n \gexec
SELECT format('SELECT note FROM orders WHERE placed = date %L', date '2021-03-04' + n) FROM generate_series(1, 10) AS n \gexec
SELECT 'CREATE TEMP TABLE scratch (); DROP TABLE scratch' FROM generate_series(1, 10) \gexec
\o
RESET search_path;
RESET SESSION AUTHORIZATION;
REVOKE SELECT ON shop.secret FROM server_statements_user;
-- What the reader's session has set does not count.
SET enable_indexscan = off;
SET enable_bitmapscan = off;
SET enable_indexonlyscan = off;
SELECT definition ~ 'customer' AS on_customer, definition ~ 'placed' AS on_day, positions, cardinality(queryids) AS statements
FROM advisor.recommend_indexes() ORDER BY definition COLLATE "C";
SELECT object, title FROM advisor.recommendations WHERE rule = 'missing-index-filter' ORDER BY title COLLATE "C";
SELECT query, calls, cost_after < cost_before AS cheaper FROM advisor.recommendation_statements ORDER BY query COLLATE "C";
SELECT severity, title, fix ~ 'shared_preload_libraries' AS exact_fix FROM advisor.recommendations WHERE rule = 'advisor-not-ready';
-- What could not be looked at, and why.
SELECT rule, state, examined > 0 AS examined, skipped > 2 AS skipped, reason <> '' AS says_why FROM advisor.coverage WHERE rule ~ 'missing-index' ORDER BY rule COLLATE "C";
SELECT statements > 0 AS statements, candidates > 0 AS candidates, findings > 0 AS findings, analysis_id FROM advisor.analyze();
SELECT count(*) AS of_our_own FROM "Monitor it".pg_stat_statements WHERE query ~ 'pg_depend';
-- Who may not read the statements of others gets advice on none of them.
CREATE ROLE server_statements_reader;
GRANT USAGE ON SCHEMA "Monitor it" TO server_statements_reader;
SET ROLE server_statements_reader;
SELECT count(*) AS advised FROM advisor.recommend_indexes();
SELECT count(*) AS advised FROM advisor.recommendations WHERE rule ~ 'missing-index';
SELECT state, examined, skipped > 0 AS skipped, reason FROM advisor.coverage WHERE rule = 'missing-index-filter';
RESET ROLE;
-- A view that cannot be read disturbs nobody.
REVOKE SELECT ON "Monitor it".pg_stat_statements FROM PUBLIC;
SET ROLE server_statements_reader;
SELECT value, state, note FROM advisor.status WHERE name = 'workload';
SELECT count(*) AS advised FROM advisor.recommendations WHERE rule ~ 'missing-index';
SELECT count(*) AS advised FROM advisor.recommend_indexes();
SELECT state, reason <> '' AS says_why FROM advisor.coverage WHERE rule = 'missing-index-filter';
RESET ROLE;
-- A session that is recorded is looked at instead.
SELECT advisor.record_session();
SELECT value, state FROM advisor.status WHERE name = 'workload';
SELECT count(*) AS advised FROM advisor.recommendations WHERE rule ~ 'missing-index';
DROP SCHEMA shop CASCADE;
DROP OWNED BY server_statements_user, server_statements_reader;
DROP ROLE server_statements_user, server_statements_reader;
