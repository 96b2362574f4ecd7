-- server: none
-- Without preload: questions are answered, and the views say what is missing instead of staying silent.
SET client_min_messages = warning;
CREATE EXTENSION db_advisor;
CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL REFERENCES orders);
INSERT INTO orders SELECT n, (n * 7919) % 5000 + 1 FROM generate_series(1, 20000) AS n;
CREATE INDEX orders_again ON orders (id);
VACUUM ANALYZE orders;
SELECT cost_after < cost_before AS cheaper, indexes -> 0 ->> 'used' AS used
FROM advisor.what_if('SELECT * FROM orders WHERE customer = 1', '{CREATE INDEX ON orders (customer)}');
SELECT rank, definition ~ 'customer' AS on_customer, positions, queryids, benefit > 0.5 AS half_saved
FROM advisor.recommend_indexes('{SELECT * FROM orders WHERE customer = 1,SELECT 1}');
SELECT count(*) AS of_no_workload FROM advisor.recommend_indexes();
SELECT name, state, fix ~ 'ALTER SYSTEM SET shared_preload_libraries = ''db_advisor''' AS exact_fix FROM advisor.status WHERE name = 'preloaded';
SELECT rule, severity, status, fix ~ 'shared_preload_libraries' AS exact_fix FROM advisor.recommendations WHERE rule = 'advisor-not-ready';
SELECT count(*) AS repeated FROM advisor.recommendations WHERE rule = 'index-covered-by-unique' AND object ~ 'orders_again';
SELECT rule, state, reason <> '' AS says_why FROM advisor.coverage WHERE rule ~ 'missing-index' ORDER BY rule COLLATE "C";
SELECT count(*) AS statements FROM advisor.recommendation_statements;
SELECT count(*) AS candidates FROM advisor.index_candidates;
SELECT advisor.report() ~ 'preload' AS report_says_so;
-- Recorded by itself, a session gets advice.
SELECT advisor.record_session();
SELECT count(*) FROM orders WHERE customer = 1;
SELECT count(*) FROM orders WHERE customer = 1;
SELECT count(*) FROM orders WHERE customer = 1;
SELECT count(*) FROM orders WHERE customer = 1;
SELECT count(*) FROM orders WHERE customer = 1;
SELECT count(*) FROM orders WHERE customer = 1;
SELECT count(*) > 0 AS advised FROM advisor.recommendations WHERE rule = 'missing-index-filter' AND object = 'public.orders';
SELECT count(*) AS not_ready FROM advisor.recommendations WHERE rule = 'advisor-not-ready';
