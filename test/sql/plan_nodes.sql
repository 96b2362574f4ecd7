-- What sampled executions show of each node of a plan, and what is said of plans.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE TABLE items (id int PRIMARY KEY, kind int, price int, note text) WITH (autovacuum_enabled = off);
CREATE TABLE sales (id int, item int, amount int) WITH (autovacuum_enabled = off);
INSERT INTO items SELECT i, i % 10, i, 'note ' || i FROM generate_series(1, 1000) AS i;
INSERT INTO sales SELECT i, i % 1000 + 1, 1 FROM generate_series(1, 20000) AS i;
ANALYZE items, sales;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
CREATE VIEW nodes AS
SELECT s.query, n.planid, node, parent, type, relation, index, condition, round(actual_rows::numeric, 2) AS actual_rows,
       round(loops::numeric, 2) AS loops, removed_rows, heap_fetches, spilled_bytes, samples
FROM advisor.plan_nodes AS n JOIN advisor.statements AS s USING (queryid) WHERE s.query !~ 'nodes|advisor';
SELECT advisor.reset() IS NOT NULL AS reset;

-- A filter; each of the first executions is counted.
SELECT count(*) FROM items WHERE kind = 3;
SELECT count(*) FROM items WHERE kind = 3;
SELECT count(*) FROM items WHERE kind = 3;
SELECT node, parent, type, relation, condition, actual_rows, loops, removed_rows, samples FROM nodes
WHERE query ~ 'kind = 3' ORDER BY node;

-- Rows are per loop, as in EXPLAIN.
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_memoize = off;
SET enable_material = off;
SELECT sum(price) FROM sales JOIN items ON items.id = sales.item WHERE sales.id <= 50 AND price % 2 = 0;
SELECT sum(price) FROM sales JOIN items ON items.id = sales.item WHERE sales.id <= 50 AND price % 2 = 0;
SELECT node, parent, type, relation, index, condition, actual_rows, loops, removed_rows FROM nodes
WHERE query ~ 'sales.id <= 50' ORDER BY node;
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_memoize;
RESET enable_material;

-- An index-only scan of a table that was never vacuumed looks at each row all the same.
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SELECT count(*) FROM items WHERE id BETWEEN 11 AND 20;
SELECT type, relation, index, actual_rows, heap_fetches FROM nodes WHERE query ~ 'id BETWEEN' AND heap_fetches IS NOT NULL;
RESET enable_seqscan;
RESET enable_bitmapscan;

-- Spills: of a sort, of a hash join in batches, of a hashed aggregate; none where the memory is enough.
SET work_mem = '64kB';
SET enable_mergejoin = off;
SELECT count(*) FROM (SELECT id FROM sales ORDER BY amount, id OFFSET 0) AS small_sort;
SELECT count(*) FROM sales AS a JOIN sales AS b USING (id) WHERE a.amount = 1 AND b.amount = 1;
SET enable_sort = off;
SELECT count(*) FROM (SELECT id, count(*) FROM sales GROUP BY id OFFSET 0) AS small_group;
RESET enable_sort;
SET work_mem = '64MB';
SELECT count(*) FROM (SELECT id FROM sales ORDER BY amount DESC, id OFFSET 0) AS big_sort;
SELECT left(query, 70) AS query, type, spilled_bytes > 100000 AS spilled FROM nodes
WHERE type IN ('Sort', 'Hash', 'HashAggregate') ORDER BY query COLLATE "C", node;
RESET work_mem;
RESET enable_mergejoin;

-- What is stopped early has not shown how many rows it would give; what was read to its end has.
SELECT id FROM items LIMIT 3;
SELECT id FROM items WHERE id < 4 LIMIT 3000;
SELECT id, price FROM items ORDER BY price DESC LIMIT 3;
SELECT count(*) FROM items WHERE EXISTS (SELECT FROM sales WHERE sales.amount = items.kind - 1 OFFSET 0);
BEGIN;
DECLARE c CURSOR FOR SELECT note FROM items WHERE kind = 5;
FETCH 2 FROM c;
CLOSE c;
DECLARE c CURSOR FOR SELECT note FROM items WHERE kind = 6;
\o /dev/null
FETCH 60 FROM c;
FETCH ALL FROM c;
\o
COMMIT;
SELECT left(query, 60) AS query, node, type, actual_rows, loops, samples FROM nodes
WHERE query ~ 'LIMIT|EXISTS|kind = [56]' ORDER BY query COLLATE "C", node;

-- Subplans hang at the node that uses them.
WITH total AS MATERIALIZED (SELECT kind, sum(price) AS price FROM items GROUP BY kind)
SELECT kind, (SELECT count(*) FROM items AS i WHERE i.kind = total.kind) AS items FROM total
WHERE price > (SELECT avg(price) FROM total) ORDER BY kind;
SELECT node, parent, type, relation, condition, actual_rows, loops FROM nodes WHERE query ~ 'MATERIALIZED' ORDER BY node;
SELECT regexp_replace(plan, '  \(cost=[^)]*\)| \(returns [^)]*\)|\.00(?= loops)', '', 'g') AS plan FROM advisor.plans JOIN advisor.statements USING (queryid)
WHERE query ~ '^WITH total';

-- Partitions: those that are left out at the start are in the plan, and never ran.
CREATE TABLE log (day int, message text) PARTITION BY RANGE (day);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (0) TO (10);
CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM (10) TO (20);
INSERT INTO log SELECT i % 20, 'message' FROM generate_series(1, 100) AS i;
ANALYZE log;
SET plan_cache_mode = force_generic_plan;
PREPARE days(int) AS SELECT count(*) FROM log WHERE day < $1;
EXECUTE days(5);
EXECUTE days(15);
SELECT node, parent, type, relation, condition, actual_rows, loops, removed_rows, samples FROM nodes
WHERE query ~ 'FROM log' ORDER BY node;
RESET plan_cache_mode;

-- A plan of very many nodes is counted, but neither kept nor printed; of one with many, the details come to an end.
CREATE TABLE wide (n int, word text) PARTITION BY RANGE (n);
DO $$
BEGIN
    FOR i IN 0..399 LOOP EXECUTE format('CREATE TABLE wide_%s PARTITION OF wide FOR VALUES FROM (%s) TO (%s)', i, i, i + 1); END LOOP;
END $$;
SELECT count(*) FROM wide WHERE word = 'x';
SELECT count(*) FROM wide WHERE word = 'x';
SELECT count(*) FROM wide WHERE word = 'y' AND n < 250;
SELECT count(*) FROM wide WHERE word = 'y' AND n < 250;
SELECT plan FROM advisor.plans JOIN advisor.statements USING (queryid) WHERE query ~ 'FROM wide WHERE word = .x';
SELECT type, relation, condition, samples FROM nodes WHERE query ~ 'n < 250' AND node IN (2, 3, 252) ORDER BY node;

-- Which columns an UPDATE assigns, and which of them an index has.
UPDATE items SET note = note, price = price + 1 WHERE id = 7;
UPDATE items SET note = note, price = price + 1 WHERE id = 7;
CREATE INDEX items_price ON items (price);
UPDATE items SET price = price - 1, note = note WHERE id = 7;
UPDATE items SET price = price - 1, note = note WHERE id = 7;
INSERT INTO items VALUES (1, 1, 1) ON CONFLICT (id) DO UPDATE SET note = EXCLUDED.note;
INSERT INTO items VALUES (1, 1, 1) ON CONFLICT (id) DO UPDATE SET note = EXCLUDED.note;
SELECT type, relation, condition, actual_rows FROM nodes WHERE type IN ('Update', 'Insert') AND condition <> '' ORDER BY condition COLLATE "C";

-- Rows of parallel workers count.
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT count(*) FROM sales WHERE item > 500;
SELECT type, relation, round(actual_rows * loops) AS rows_of_all FROM nodes
WHERE query ~ 'item > 500' AND type ~ 'Scan';
SET max_parallel_workers_per_gather = 0;

-- The estimate that was furthest off, and what changed when an index came.
CREATE TABLE orders (id int, state text, area text) WITH (autovacuum_enabled = off);
INSERT INTO orders SELECT i, CASE WHEN i <= 100 THEN 'new' ELSE 'old' END, CASE WHEN i <= 100 THEN 'north' ELSE 'south' END
FROM generate_series(1, 10000) AS i;
ANALYZE orders;
SELECT count(*) FROM orders AS o JOIN items AS i ON i.id = o.id WHERE state = 'new' AND area = 'north';
SELECT count(*) FROM orders AS o JOIN items AS i ON i.id = o.id WHERE state = 'new' AND area = 'north';
CREATE INDEX orders_state ON orders (state);
SELECT count(*) FROM orders AS o JOIN items AS i ON i.id = o.id WHERE state = 'new' AND area = 'north';
SELECT count(*) FROM orders AS o JOIN items AS i ON i.id = o.id WHERE state = 'new' AND area = 'north';
SELECT worst_node, change FROM advisor.plans JOIN advisor.statements AS s USING (queryid)
WHERE query ~ 'area' AND query !~ 'advisor|INSERT' ORDER BY advisor.plans.first_seen, change NULLS FIRST;

-- Names are known at the first sight; conditions come with the second.
SELECT max(price) FROM items WHERE kind > 7;
SELECT regexp_replace(plan, '  \(cost=[^)]*\)| \(returns [^)]*\)|\.00(?= loops)', '', 'g') AS plan FROM advisor.plans JOIN advisor.statements USING (queryid)
WHERE query ~ 'kind > 7';
SELECT max(price) FROM items WHERE kind > 7;
SELECT regexp_replace(plan, '  \(cost=[^)]*\)| \(returns [^)]*\)|\.00(?= loops)', '', 'g') AS plan FROM advisor.plans JOIN advisor.statements USING (queryid)
WHERE query ~ 'kind > 7';

-- Constants are hidden where they are not to be kept; one of a user's type is never printed.
CREATE TYPE pair AS (a int, b int);
CREATE TABLE pairs (p pair, t text);
SET db_advisor.capture_parameters = off;
SELECT count(*) FROM pairs WHERE t = 'word' AND length(t) < 4711 AND t IN ('a', 'b') AND NOT t ~ E'x\\y' AND CASE t WHEN 'c' THEN 1 END = 1;
SELECT count(*) FROM pairs WHERE t = 'word' AND length(t) < 4711 AND t IN ('a', 'b') AND NOT t ~ E'x\\y' AND CASE t WHEN 'c' THEN 1 END = 1;
SET db_advisor.capture_parameters = on;
SELECT count(*) FROM pairs WHERE p = '(1,2)'::pair AND t <> E'two\nlines\\' AND t <> 'it''s' AND length(t) > 2;
SELECT count(*) FROM pairs WHERE p = '(1,2)'::pair AND t <> E'two\nlines\\' AND t <> 'it''s' AND length(t) > 2;
RESET db_advisor.capture_parameters;
SELECT condition FROM nodes WHERE relation ~ 'pairs' ORDER BY condition COLLATE "C";
DROP TABLE items, sales, log, wide, orders, pairs CASCADE;
DROP TYPE pair;
