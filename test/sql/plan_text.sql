-- The text of a recorded plan is what EXPLAIN prints of the same statement, but for the figures.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE TABLE customers (id int PRIMARY KEY, name varchar(40), region text, since date);
CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers, total numeric(10,2), status text, placed timestamptz, note text);
CREATE TABLE lines (order_id int, line int, product text, amount int, price float8, PRIMARY KEY (order_id, line));
INSERT INTO customers SELECT i, 'name '||i, 'r'||i%7, date '2020-01-01' + i FROM generate_series(1,1000) i;
INSERT INTO orders SELECT i, i%1000+1, i%977, CASE i%10 WHEN 0 THEN 'open' ELSE 'done' END, timestamptz '2024-01-01 00:00:00+00' + i * interval '1 minute', NULL FROM generate_series(1,20000) i;
INSERT INTO lines SELECT i, l, 'p'||(i*l)%100, l, i FROM generate_series(1,20000) i, generate_series(1,3) l;
CREATE INDEX orders_customer ON orders(customer);
CREATE INDEX orders_placed ON orders(placed);
CREATE TABLE parts (k int, v text, w int) PARTITION BY RANGE (k);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (1000);
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (1000) TO (2000);
CREATE TABLE parts_3 PARTITION OF parts FOR VALUES FROM (2000) TO (3000);
INSERT INTO parts SELECT i, 'v'||i, i%5 FROM generate_series(0,2999) i;
CREATE INDEX ON parts(k);
CREATE TABLE "Weird ""Table" ("weird name" text, "select" int);
ANALYZE;
SET jit = off;
CREATE TABLE compared (id int GENERATED ALWAYS AS IDENTITY, settings text, statement text, expected text, recorded text);
INSERT INTO compared (settings, statement) VALUES
(NULL, 'SELECT * FROM orders WHERE id = 17'),
(NULL, 'SELECT * FROM orders o WHERE o.id = 17 AND status <> ''open'' AND total > 12.5 AND note IS NULL'),
(NULL, 'SELECT id FROM orders WHERE id BETWEEN 5 AND 9 ORDER BY id DESC LIMIT 3'),
(NULL, 'SELECT * FROM orders WHERE customer IN (1, 2, -3) OR placed < ''2024-01-01 10:00+00'''),
(NULL, 'SELECT * FROM orders WHERE customer = 5 AND placed > ''2024-01-02 10:00+00'' AND NOT (status = ''x'' OR total < -1)'),
(NULL, 'SELECT c.name, count(*) FROM customers c JOIN orders o ON o.customer = c.id WHERE o.status = ''open'' GROUP BY c.name HAVING count(*) > 3 ORDER BY 2 DESC LIMIT 2'),
('enable_hashjoin=off,enable_mergejoin=off', 'SELECT c.name, o.total FROM customers c JOIN orders o ON o.customer = c.id AND o.total > c.id WHERE c.region = ''r1'' AND c.since > ''2020-05-01'''),
('enable_hashjoin=off,enable_nestloop=off', 'SELECT c.name, o.total FROM customers c LEFT JOIN orders o ON o.customer = c.id WHERE coalesce(o.total, 0) < 5'),
(NULL, 'SELECT a.id, b.id, l.product FROM orders a JOIN orders b ON a.customer = b.customer AND a.id < b.id JOIN lines l ON l.order_id = b.id WHERE a.id < 50 AND l.price > 1e3'),
(NULL, 'SELECT * FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id AND o.status = ''open'')'),
(NULL, 'SELECT * FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id AND o.status = ''open'')'),
(NULL, 'SELECT * FROM orders WHERE customer = (SELECT max(id) FROM customers) AND id > (SELECT 5)'),
(NULL, 'SELECT id, (SELECT count(*) FROM orders o WHERE o.customer = c.id AND o.total > c.id) FROM customers c WHERE c.id < 10'),
(NULL, 'SELECT * FROM customers WHERE id NOT IN (SELECT customer FROM orders WHERE status = ''open'')'),
(NULL, 'WITH x AS MATERIALIZED (SELECT customer, sum(total) AS s FROM orders GROUP BY customer) SELECT * FROM x JOIN x y USING (customer) WHERE x.s > 100'),
(NULL, 'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 10) SELECT sum(n) FROM t WHERE n > 3'),
(NULL, 'SELECT * FROM parts WHERE k = 1500'),
(NULL, 'SELECT w, count(*) FROM parts p WHERE k > 900 GROUP BY w ORDER BY w'),
(NULL, 'SELECT * FROM parts ORDER BY k LIMIT 5'),
(NULL, 'SELECT * FROM parts p JOIN customers c ON c.id = p.w WHERE p.v LIKE ''v1%'''),
(NULL, 'SELECT region, status, count(*) FROM customers JOIN orders ON customer = customers.id GROUP BY GROUPING SETS ((region, status), (region), ())'),
(NULL, 'SELECT region, since, rank() OVER (PARTITION BY region ORDER BY since DESC) FROM customers ORDER BY region NULLS FIRST, 3'),
(NULL, 'SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY customer ORDER BY placed) AS n FROM orders) AS s WHERE n <= 2 AND status = ''open'''),
(NULL, 'SELECT DISTINCT region FROM customers WHERE name LIKE ''name 1%'' OR upper(name) = ''X'''),
(NULL, 'SELECT region FROM customers UNION SELECT status FROM orders ORDER BY 1'),
(NULL, 'SELECT id FROM customers INTERSECT SELECT customer FROM orders'),
(NULL, 'SELECT id FROM customers EXCEPT ALL SELECT customer FROM orders'),
(NULL, 'SELECT * FROM generate_series(1, 10) AS g WHERE g > 5'),
(NULL, 'SELECT * FROM (VALUES (1, ''a''), (2, ''b'')) AS v(n, t) WHERE n > 1'),
(NULL, 'SELECT * FROM orders WHERE ctid = ''(0,1)'' OR ctid = ''(0,2)'''),
(NULL, 'SELECT * FROM orders WHERE ctid > ''(100,1)'''),
(NULL, 'SELECT 1 WHERE false'),
(NULL, 'SELECT * FROM orders WHERE now() < ''2020-01-01'''),
(NULL, 'UPDATE orders SET status = ''sent'', customer = customer WHERE id < 10 AND status = ''none'''),
(NULL, 'DELETE FROM lines USING orders o WHERE o.id = lines.order_id AND o.status = ''none'''),
(NULL, 'INSERT INTO customers SELECT -1, ''x'', ''y'', NULL WHERE false ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name WHERE customers.region <> ''r1'''),
(NULL, 'INSERT INTO customers VALUES (5) ON CONFLICT DO NOTHING'),
('parallel_setup_cost=0,parallel_tuple_cost=0,min_parallel_table_scan_size=0', 'SELECT status, count(*), avg(total) FROM orders WHERE total > 3 GROUP BY status HAVING count(*) > 1 ORDER BY status'),
('parallel_setup_cost=0,parallel_tuple_cost=0,min_parallel_table_scan_size=0', 'SELECT c.id, sum(o.total) FROM customers c JOIN orders o ON o.customer = c.id WHERE c.since > ''2021-01-01'' GROUP BY c.id ORDER BY c.id'),
(NULL, 'SELECT c.id, l.product FROM customers c, LATERAL (SELECT * FROM orders o WHERE o.customer = c.id ORDER BY placed DESC LIMIT 1) o, lines l WHERE l.order_id = o.id AND c.id < 20'),
(NULL, 'SELECT since::text, name::text COLLATE "C" FROM customers WHERE since::text LIKE ''2020%'' ORDER BY 2, since DESC NULLS LAST'),
(NULL, 'SELECT id FROM orders WHERE date_trunc(''day'', placed AT TIME ZONE ''UTC'') = ''2024-01-03'' AND extract(hour FROM placed) = 3'),
(NULL, 'SELECT CASE WHEN total > 5 THEN ''a'' ELSE ''b'' END, count(*) FROM orders GROUP BY 1 ORDER BY 1'),
('enable_hashagg=off', 'SELECT customer, count(DISTINCT status) FROM orders GROUP BY customer HAVING count(DISTINCT status) > 1'),
(NULL, 'SELECT * FROM orders o, customers c WHERE (o.customer, o.id) = (c.id, 7) AND ROW(o.id, c.id) < ROW(5, 6)'),
(NULL, 'SELECT o.id FROM orders o ORDER BY customer, placed LIMIT 10'),
('enable_seqscan=off,enable_hashjoin=off,enable_mergejoin=off', 'SELECT count(*) FROM orders a JOIN orders b ON b.id = a.customer WHERE a.id < 100'),
(NULL, 'SELECT * FROM orders WHERE (customer = 1 AND status = ''open'') IS NOT TRUE AND id < 5 AND (note = ''x'') IS DISTINCT FROM true FOR UPDATE'),
(NULL, 'SELECT x.id FROM orders x WHERE x.customer = ANY (ARRAY(SELECT id FROM customers WHERE region = ''r3''))'),
(NULL, 'SELECT * FROM lines WHERE (order_id, line) IN (SELECT id, customer FROM orders WHERE id < 5)'),
(NULL, 'SELECT * FROM orders TABLESAMPLE system (10) REPEATABLE (3) WHERE id > 5'),
(NULL, 'SELECT count(*) FILTER (WHERE status = ''open'') AS o FROM orders GROUP BY customer HAVING count(*) FILTER (WHERE status = ''open'') > 1'),
(NULL, 'SELECT * FROM (SELECT k, w FROM parts UNION ALL SELECT id, customer FROM orders) u WHERE k < 10 ORDER BY k'),
(NULL, 'SELECT (SELECT name FROM customers c WHERE c.id = o.customer AND c.id > (SELECT min(i.id) FROM orders i WHERE i.customer = c.id)) FROM orders o WHERE o.id < 3'),
(NULL, 'SELECT * FROM customers c LEFT JOIN LATERAL (SELECT count(*) AS n FROM orders o WHERE o.customer = c.id AND o.total > length(c.name)) x ON true WHERE x.n > 1 AND c.id < 50'),
(NULL, 'SELECT * FROM orders WHERE placed::date = current_date AND note SIMILAR TO ''a%'' AND status || ''x'' = ''y'' AND nullif(total, 0) IS NOT NULL AND greatest(id, 5) > 3'),
(NULL, 'SELECT * FROM orders o WHERE total > ALL (SELECT price FROM lines l WHERE l.order_id = o.id) AND id < 9'),
(NULL, 'MERGE INTO customers c USING (SELECT id, status FROM orders WHERE id < 0) o ON o.id = c.id WHEN MATCHED THEN UPDATE SET name = o.status WHEN NOT MATCHED THEN INSERT VALUES (o.id, ''n'')'),
(NULL, 'SELECT w."weird name" FROM "Weird ""Table" AS "W x" JOIN "Weird ""Table" w ON w."select" = "W x"."select" WHERE "W x"."weird name" = ''it''''s'''),
(NULL, 'SELECT max(id), min(placed) FROM orders'),
(NULL, 'SELECT customer, count(*) FROM orders o GROUP BY customer, o.status HAVING count(*) > 1000'),
(NULL, 'SELECT g.n, c.name FROM (SELECT customer, count(*) AS n FROM orders GROUP BY customer HAVING count(*) > 1000) AS g JOIN customers c ON c.id = g.customer'),
(NULL, 'SELECT sum(total) OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM orders WHERE id < 9'),
(NULL, 'SELECT avg(o.total) OVER w, count(*) OVER (PARTITION BY status) FROM orders o JOIN customers c ON c.id = customer WHERE o.id < 9 WINDOW w AS (PARTITION BY c.region, o.status ORDER BY o.id RANGE BETWEEN 5 FOLLOWING AND UNBOUNDED FOLLOWING)'),
(NULL, 'SELECT first_value(id) OVER ("Some window" GROUPS UNBOUNDED PRECEDING) FROM orders WHERE id < 9 WINDOW "Some window" AS (ORDER BY placed::date)'),
(NULL, 'SELECT * FROM (SELECT id, row_number() OVER (ORDER BY id) AS a, rank() OVER (ORDER BY customer) AS b FROM orders WHERE id < 9) AS s WHERE a <= 2 AND b <= 2'),
('enable_seqscan=off', 'SELECT region FROM customers WHERE region > ''r5'' AND name = ''none'''),
('enable_nestloop=off,enable_sort=off,enable_indexscan=off,enable_indexonlyscan=off,enable_bitmapscan=off', 'SELECT c.id FROM customers c JOIN orders o ON o.id < c.id AND o.total = 0 AND c.id < 5 ORDER BY c.since');
CREATE FUNCTION explained(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; result text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || statement LOOP
        result := concat_ws(E'\n', result, line);
    END LOOP;
    RETURN result;
END $$;
DO $$
DECLARE c record;
BEGIN
    FOR c IN SELECT * FROM compared ORDER BY id LOOP
        PERFORM set_config(split_part(x, '=', 1), split_part(x, '=', 2), false) FROM regexp_split_to_table(c.settings, ',') AS x;
        PERFORM advisor.reset();
        EXECUTE c.statement;
        EXECUTE c.statement;
        UPDATE compared SET expected = explained(c.statement), recorded =
            (SELECT string_agg(plan, E'\n\n') FROM advisor.plans JOIN advisor.statements AS s USING (queryid) WHERE s.query = c.statement)
        WHERE id = c.id;
        PERFORM set_config(split_part(x, '=', 1), p.reset_val, false)
        FROM regexp_split_to_table(c.settings, ',') AS x JOIN pg_settings AS p ON p.name = split_part(x, '=', 1);
    END LOOP;
END $$;
SELECT count(*) AS statements, count(recorded) AS recorded FROM compared;
-- Counts, and the columns that are assigned, are ours.
WITH expected AS (
    SELECT id, n, line FROM compared, regexp_split_to_table(expected, '\n') WITH ORDINALITY AS x(line, n)),
recorded AS (
    SELECT id, row_number() OVER (PARTITION BY id ORDER BY n) AS n, line
    FROM compared, regexp_split_to_table(regexp_replace(recorded, '  \(cost=[^\n]*', '', 'g'), '\n') WITH ORDINALITY AS x(line, n)
    WHERE line !~ '^ *(Rows Removed|Heap Fetches|Disk|Assigned Columns)')
SELECT id, n, expected.line AS expected, recorded.line AS recorded FROM expected FULL JOIN recorded USING (id, n)
WHERE expected.line IS DISTINCT FROM recorded.line ORDER BY id, n;

-- With constants hidden no condition holds one.
SET db_advisor.capture_parameters = off;
DO $$
DECLARE c record;
BEGIN
    FOR c IN SELECT * FROM compared WHERE settings IS NULL ORDER BY id LOOP
        PERFORM advisor.reset();
        EXECUTE c.statement;
        EXECUTE c.statement;
        UPDATE compared SET recorded = (SELECT string_agg(plan, E'\n\n') FROM advisor.plans WHERE plan !~ 'compared')
        WHERE id = c.id;
    END LOOP;
END $$;
RESET db_advisor.capture_parameters;
SELECT count(*) AS statements, count(recorded) AS recorded FROM compared WHERE settings IS NULL;
SELECT id, line FROM compared, regexp_split_to_table(regexp_replace(recorded, '  \(cost=[^\n]*', '', 'g'), '\n') AS line
WHERE settings IS NULL AND line !~ '^ *(Rows Removed|Heap Fetches|Disk|Workers Planned|InitPlan|SubPlan)' AND line !~ 'SubPlan [0-9]|"[*]SELECT' AND line ~ $$'|[^$a-z_0-9][0-9]$$
ORDER BY id, line COLLATE "C";
DROP TABLE compared, customers, orders, lines, parts, "Weird ""Table";
DROP FUNCTION explained;
