-- On what recorded statements filter, join, order and group, and how much their filters leave.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE TABLE customers (id int PRIMARY KEY, email text, region text, active boolean) WITH (autovacuum_enabled = off);
CREATE TABLE orders (id int PRIMARY KEY, customer int, state text, total int) WITH (autovacuum_enabled = off);
INSERT INTO customers SELECT i, 'c' || i || '@example.org', 'r' || i % 4, i % 10 = 0 FROM generate_series(1, 1000) AS i;
INSERT INTO orders SELECT i, i % 1000 + 1, CASE WHEN i % 100 = 0 THEN 'open' ELSE 'done' END, i FROM generate_series(1, 10000) AS i;
CREATE INDEX orders_total ON orders (total);
ANALYZE customers, orders;
SET max_parallel_workers_per_gather = 0;
CREATE VIEW asked AS
SELECT left(s.query, 60) AS query, relation, kind, columns, operators, round(estimated_selectivity::numeric, 3) AS estimated,
       round(actual_selectivity::numeric, 3) AS actual
FROM advisor.predicates AS p JOIN advisor.statements AS s USING (queryid) WHERE s.query !~ 'asked|advisor|^(ANALYZE|CREATE)';
SELECT advisor.reset() IS NOT NULL AS reset;

-- One scan with several conditions; columns that correlate are estimated badly.
\o /dev/null
SELECT count(*) FROM orders WHERE state = 'open' AND total % 100 = 0;
SELECT count(*) FROM orders WHERE state = 'open' AND total % 100 = 0;
-- By an index: of all rows of the table.
SELECT count(*) FROM orders WHERE total BETWEEN 101 AND 300;
SELECT count(*) FROM orders WHERE total BETWEEN 101 AND 300;
-- All forms of conditions.
SELECT count(*) FROM customers WHERE lower(email) = 'x' OR region IN ('r1', 'r2') AND (NOT active OR email IS NULL) AND 5 < length(region) + id;
SELECT count(*) FROM customers WHERE lower(email) = 'x' OR region IN ('r1', 'r2') AND (NOT active OR email IS NULL) AND 5 < length(region) + id;
SELECT id FROM customers WHERE email LIKE '%7@%' AND active ORDER BY region DESC, email LIMIT 1;
SELECT id FROM customers WHERE email LIKE '%7@%' AND active ORDER BY region DESC, email LIMIT 1;
-- A join of a table with itself, outer and inner; what one execution gives can't be told per name.
SELECT a.state, count(*) FROM orders AS a JOIN orders AS b ON b.id = a.customer LEFT JOIN customers AS c ON c.id = b.total AND c.region <> a.state
WHERE a.total < 50 GROUP BY a.state;
SELECT a.state, count(*) FROM orders AS a JOIN orders AS b ON b.id = a.customer LEFT JOIN customers AS c ON c.id = b.total AND c.region <> a.state
WHERE a.total < 50 GROUP BY a.state;
-- The inner side of a nested loop gives what the join asks for.
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SELECT count(*) FROM orders AS o, customers AS c WHERE c.id = o.customer AND o.id < 5 AND c.region = 'r2';
SELECT count(*) FROM orders AS o, customers AS c WHERE c.id = o.customer AND o.id < 5 AND c.region = 'r2';
RESET enable_hashjoin;
RESET enable_mergejoin;
-- Stopped early.
SELECT id FROM orders WHERE state = 'done' LIMIT 2;
SELECT id FROM orders WHERE state = 'done' LIMIT 2;
UPDATE orders SET total = total WHERE state = 'none' AND id = 5;
UPDATE orders SET total = total WHERE state = 'none' AND id = 5;
\o
SELECT * FROM asked ORDER BY query COLLATE "C", relation, kind, columns;

-- A statement that can't be planned any more is left out, and that is said.
ALTER TABLE customers DROP COLUMN region;
SET client_min_messages = notice;
SELECT count(*) FROM asked WHERE query ~ 'region';
SET client_min_messages = warning;
DROP TABLE customers, orders CASCADE;
DROP VIEW asked;
