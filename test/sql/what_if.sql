-- Planning with hypothetical indexes: every form of index, every kind of statement. Nothing is created, nothing stays.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, city int NOT NULL);
CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL, day int NOT NULL, state text NOT NULL, note text);
INSERT INTO customers SELECT n, 'Name ' || n, n % 50 FROM generate_series(1, 2000) AS n;
INSERT INTO orders
SELECT n, (n * 7919) % 2000 + 1, (n * 7901) % 1500, CASE WHEN n % 100 = 0 THEN 'open' ELSE 'done' END,
       CASE WHEN n % 20 = 0 THEN md5(n::text) END
FROM generate_series(1, 30000) AS n;
CREATE TABLE events (id int, at int, kind int) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (100);
CREATE TABLE events_2 (kind int, dropped text, at int, id int);
ALTER TABLE events_2 DROP COLUMN dropped;
ALTER TABLE events ATTACH PARTITION events_2 FOR VALUES FROM (100) TO (200);
CREATE INDEX events_id ON events (id);
INSERT INTO events SELECT n, n % 200, (n * 7919) % 5000 FROM generate_series(1, 20000) AS n;
CREATE TABLE log (id int, customer int);
CREATE VIEW open_orders AS SELECT id, customer, day FROM orders WHERE state = 'open';
VACUUM ANALYZE;
SELECT count(*) AS relations FROM pg_class \gset before_

-- Whether the plan uses each of the indexes, and what becomes of the cost.
CREATE FUNCTION uses(query text, VARIADIC definitions text[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(CASE i ->> 'used' WHEN 'true' THEN 'used' ELSE 'not used' END, ', ' ORDER BY n) ||
           CASE WHEN w.cost_after < w.cost_before THEN ', cheaper' WHEN w.cost_after = w.cost_before THEN ', as before'
                ELSE ', dearer' END
    FROM advisor.what_if(query, definitions) AS w, jsonb_array_elements(w.indexes) WITH ORDINALITY AS a (i, n)
    GROUP BY w.cost_before, w.cost_after
$$;
-- The same for indexes that are taken away.
CREATE FUNCTION without(query text, VARIADIC names text[]) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN w.cost_after > w.cost_before THEN 'dearer' WHEN w.cost_after = w.cost_before THEN 'as before'
           ELSE 'cheaper' END
    FROM advisor.what_if(query, '{}', names) AS w
$$;
CREATE FUNCTION cost_of(query text) RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
    RETURN plan -> 0 -> 'Plan' ->> 'Total Cost';
END $$;
CREATE FUNCTION reads_index(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN ' || query LOOP
        IF line ~ 'Index|<' THEN RETURN true; END IF;
    END LOOP;
    RETURN false;
END $$;

-- Forms of index.
SELECT uses('SELECT * FROM orders WHERE customer = 7', 'CREATE INDEX ON orders (customer)');
SELECT uses('SELECT * FROM orders WHERE customer = 7 AND day > 3', 'CREATE INDEX ON orders (customer, day)');
SELECT uses('SELECT day FROM orders WHERE customer = 7', 'CREATE INDEX ON orders (customer) INCLUDE (day)',
            'CREATE INDEX ON orders (customer)');
SELECT plan_after ~ 'Index Only Scan' AS index_only
FROM advisor.what_if('SELECT day FROM orders WHERE customer = 7', '{CREATE INDEX ON orders (customer) INCLUDE (day)}');
SELECT uses('SELECT * FROM orders WHERE lower(state) = ''open'' AND customer = 7',
            'CREATE INDEX ON orders (lower(state), customer)');
SELECT uses('SELECT * FROM orders WHERE customer + day = 77', 'CREATE INDEX ON orders ((customer + day))');
SELECT uses('SELECT * FROM orders ORDER BY day DESC NULLS LAST LIMIT 5', 'CREATE INDEX ON orders (day DESC NULLS LAST)',
            'CREATE INDEX ON orders (day)');
SELECT uses('SELECT * FROM orders ORDER BY day, customer DESC LIMIT 5', 'CREATE INDEX ON orders (day, customer)',
            'CREATE INDEX ON orders (day, customer DESC)');
SELECT uses('SELECT * FROM orders ORDER BY day, customer DESC LIMIT 5', 'CREATE INDEX ON orders (day DESC, customer)');
SELECT uses('SELECT * FROM orders WHERE note LIKE ''abc%''', 'CREATE INDEX ON orders (note text_pattern_ops)');

-- Partial: implied or not, of a table first and later in FROM.
SELECT uses('SELECT * FROM orders WHERE state = ''open'' AND customer < 50',
            'CREATE INDEX ON orders (customer) WHERE state = ''open''');
SELECT uses('SELECT * FROM orders WHERE customer < 2', 'CREATE INDEX ON orders (customer) WHERE state = ''open''');
SELECT uses('SELECT * FROM orders o, customers c WHERE c.id = o.customer AND o.state = ''open'' AND o.day = 3',
            'CREATE INDEX ON orders (day) WHERE state = ''open''');
SELECT uses('SELECT * FROM customers c, orders o WHERE c.id = o.customer AND o.state = ''open'' AND o.day = 3',
            'CREATE INDEX ON orders (day) WHERE state = ''open''');
SELECT uses('SELECT * FROM customers c, orders p, orders o WHERE c.id = o.customer AND p.id = c.id AND lower(o.state) = ''x'' AND o.day = 3',
            'CREATE INDEX ON orders (day) WHERE lower(state) = ''x''', 'CREATE INDEX ON orders (lower(state), day)');
SELECT uses('SELECT * FROM customers c JOIN orders o ON o.customer = c.id WHERE c.name = ''Name 5''',
            'CREATE INDEX ON orders (customer)', 'CREATE INDEX ON customers (name)');

-- UNIQUE is the caller's assertion: one row per outer row, so that the join need not be made distinct.
SELECT w.cost_after < v.cost_after AS unique_helps
FROM advisor.what_if('SELECT o.id FROM orders o LEFT JOIN customers c ON c.name = o.note', '{CREATE UNIQUE INDEX ON customers (name)}') AS w,
     advisor.what_if('SELECT o.id FROM orders o LEFT JOIN customers c ON c.name = o.note', '{CREATE INDEX ON customers (name)}') AS v;

-- Hidden, hidden and added at once.
SELECT without('SELECT * FROM orders WHERE id = 7', 'orders_pkey'), without('SELECT * FROM orders WHERE id = 7', 'public.orders_pkey'),
       without('SELECT * FROM orders WHERE id = 7', 'customers_pkey');
SELECT (indexes -> 0 ->> 'used')::boolean AS used, round(cost_after / cost_before) AS times
FROM advisor.what_if('SELECT * FROM orders WHERE id = 7', '{CREATE INDEX ON orders (id)}', '{orders_pkey}');
SELECT indexes -> 0 ->> 'definition' AS first, indexes -> 1 ->> 'definition' AS second, jsonb_array_length(indexes) AS indexes
FROM advisor.what_if('SELECT 1', '{CREATE INDEX y ON orders (id),create unique index concurrently if not exists x on public.orders(day)}');

-- Partitions: the parent's index stands for one per leaf, whose columns may lie elsewhere.
SELECT uses('SELECT * FROM events WHERE kind = 7', 'CREATE INDEX ON events (kind)');
SELECT uses('SELECT * FROM events WHERE kind = 7 AND at = 150', 'CREATE INDEX ON events (kind)');
SELECT uses('SELECT * FROM events WHERE kind = 7', 'CREATE INDEX ON events_2 (kind)');
SELECT uses('SELECT * FROM events WHERE kind + at = 300 AND at > 10', 'CREATE INDEX ON events ((kind + at)) WHERE at > 10');
SELECT without('SELECT * FROM events WHERE id = 7', 'events_id');
SELECT bool_and(plan ~ 'events_1' AND plan ~ 'events_2') AS both_leaves, count(DISTINCT regexp_count(plan, 'Index|Bitmap Heap')) AS kinds
FROM (SELECT plan_before AS plan FROM advisor.what_if('SELECT * FROM events WHERE id = 7', '{}', '{events_id}')
      UNION ALL
      SELECT plan_after FROM advisor.what_if('SELECT * FROM events WHERE id = 7', '{}', '{events_id}')) AS plans;

-- Kinds of statement.
SELECT uses('SELECT * FROM open_orders WHERE customer = 5', 'CREATE INDEX ON orders (customer)');
SELECT uses('WITH w AS MATERIALIZED (SELECT * FROM orders WHERE customer = 5) SELECT count(*) FROM w', 'CREATE INDEX ON orders (customer)');
SELECT uses('WITH d AS (DELETE FROM orders WHERE customer = 5 RETURNING id) SELECT count(*) FROM d', 'CREATE INDEX ON orders (customer)');
SELECT uses('SELECT name FROM customers c WHERE EXISTS (SELECT FROM orders o WHERE o.customer = c.id AND o.day = 1) AND c.id < 5',
            'CREATE INDEX ON orders (customer, day)');
SELECT uses('SELECT id FROM customers WHERE city = 1 AND id < 9 UNION ALL SELECT id FROM orders WHERE day = 1', 'CREATE INDEX ON orders (day)');
SELECT uses('UPDATE orders SET note = note WHERE customer = 5', 'CREATE INDEX ON orders (customer)');
SELECT uses('DELETE FROM orders WHERE customer = 5', 'CREATE INDEX ON orders (customer)');
SELECT uses('INSERT INTO customers SELECT id, state, day FROM orders WHERE customer = 5', 'CREATE INDEX ON orders (customer)');
SELECT uses('MERGE INTO orders o USING (SELECT id FROM customers WHERE id < 3) c ON o.customer = c.id WHEN MATCHED THEN DELETE',
            'CREATE INDEX ON orders (customer)');
SELECT uses('EXPLAIN ANALYZE DELETE FROM orders WHERE customer = 5', 'CREATE INDEX ON orders (customer)');
SELECT uses('DECLARE c CURSOR FOR SELECT * FROM orders WHERE customer = 5', 'CREATE INDEX ON orders (customer)');
SELECT uses('CREATE TABLE copied AS SELECT * FROM orders WHERE customer = 5', 'CREATE INDEX ON orders (customer)');
SELECT uses('SELECT * FROM orders WHERE customer = 5 FOR UPDATE;  -- the end', 'CREATE INDEX ON orders (customer)');
-- Several queries by a rule: both count.
CREATE RULE logged AS ON DELETE TO customers DO ALSO INSERT INTO log SELECT id, customer FROM orders WHERE customer = old.id;
SELECT uses('DELETE FROM customers WHERE name = ''Name 9''', 'CREATE INDEX ON customers (name)', 'CREATE INDEX ON orders (customer)');
DROP RULE logged ON customers;
SELECT count(*) AS orders, (SELECT count(*) FROM customers) AS customers, (SELECT count(*) FROM log) AS logged,
       to_regclass('copied') IS NULL AS not_copied
FROM orders;

-- Parameters: given, null, generic, in the wrong number or of the wrong type.
CREATE FUNCTION with_parameters(given text[], generic boolean DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    w record;
BEGIN
    SELECT * INTO w FROM advisor.what_if('SELECT * FROM orders WHERE customer = $1 AND day > $2', '{CREATE INDEX ON orders (customer)}',
                                         '{}', given, generic);
    RETURN CASE WHEN (w.indexes -> 0 ->> 'used')::boolean THEN 'used' ELSE 'not used' END ||
           CASE WHEN w.plan_after ~ '\$1' THEN ', generic' ELSE '' END ||
           CASE WHEN w.plan_before ~ 'One-Time Filter: false' THEN ', never true' ELSE '' END;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
SELECT with_parameters('{7,8}') AS given, with_parameters('{7,8}', false) AS not_generic, with_parameters('{7,8}', true) AS generic,
       with_parameters(NULL) AS none;
SELECT with_parameters('{NULL,8}') AS of_null, with_parameters('{7}') AS too_few, with_parameters('{7,8,9}') AS too_many,
       with_parameters('{}') AS empty, with_parameters('{seven,8}') AS no_number;

-- What is planned is also what comes of it: cost within 2 %, size within 15 % of the real index.
CREATE FUNCTION truth(query text, definition text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    w record;
    cost double precision;
    size bigint;
    guess bigint;
BEGIN
    SELECT * INTO w FROM advisor.what_if(query, ARRAY[definition]);
    EXECUTE replace(definition, 'INDEX ON', 'INDEX real_one ON');
    cost := cost_of(query);
    size := pg_relation_size('real_one');
    guess := w.indexes -> 0 ->> 'size_bytes';
    DROP INDEX real_one;
    RETURN CASE WHEN abs(w.cost_after / cost - 1) <= 0.02 THEN 'cost' ELSE format('cost %s for %s', w.cost_after, cost) END ||
           CASE WHEN abs(guess::float8 / size - 1) <= 0.15 THEN ', size' ELSE format(', size %s for %s', guess, size) END ||
           CASE WHEN (w.indexes -> 0 ->> 'used')::boolean THEN ', used' ELSE ', not used' END;
END $$;
SELECT truth('SELECT * FROM orders WHERE customer = 7', 'CREATE INDEX ON orders (customer)');
SELECT truth('SELECT * FROM orders WHERE customer = 7 AND day = 8', 'CREATE INDEX ON orders (customer, day DESC)');
SELECT truth('SELECT day FROM orders WHERE customer BETWEEN 900 AND 970', 'CREATE INDEX ON orders (customer) INCLUDE (day)');
SELECT truth('SELECT * FROM orders WHERE note = ''x''', 'CREATE INDEX ON orders (note)');
SELECT truth('SELECT * FROM orders WHERE state = ''open'' AND customer < 50', 'CREATE INDEX ON orders (customer) WHERE state = ''open''');
SELECT truth('SELECT * FROM orders ORDER BY state, id LIMIT 9', 'CREATE INDEX ON orders (state, id)');
SELECT truth('SELECT * FROM customers WHERE name = ''Name 7''', 'CREATE UNIQUE INDEX ON customers (name)');
SELECT truth('SELECT * FROM customers c JOIN orders o ON o.customer = c.id WHERE c.name = ''Name 5''', 'CREATE INDEX ON orders (customer)');

-- User statements in the same session, cached plans too, see the catalog as it is: after an answer and after an error.
PREPARE mine(int) AS SELECT * FROM orders WHERE customer = $1;
SELECT uses('SELECT * FROM orders WHERE customer = 7', 'CREATE INDEX ON orders (customer)'),
       reads_index('SELECT * FROM orders WHERE customer = 7'), reads_index('EXECUTE mine(7)');
SELECT without('SELECT * FROM orders WHERE id = 7', 'orders_pkey'), reads_index('SELECT * FROM orders WHERE id = 7');
CREATE FUNCTION fails(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RAISE EXCEPTION 'fails while planning'; END $$;
CREATE FUNCTION after_error() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    seen text;
BEGIN
    BEGIN
        PERFORM advisor.what_if('SELECT * FROM orders WHERE customer = fails(7)', '{CREATE INDEX ON orders (customer)}', '{orders_pkey}');
    EXCEPTION WHEN OTHERS THEN
        seen := SQLERRM;
    END;
    RETURN concat_ws(', ', seen, reads_index('SELECT * FROM orders WHERE customer = 7'), reads_index('SELECT * FROM orders WHERE id = 7'));
END $$;
SELECT after_error();
SELECT count(*) FROM advisor.what_if('SELECT * FROM orders WHERE customer = fails(7)', '{CREATE INDEX ON orders (customer)}', '{orders_pkey}');
SELECT reads_index('SELECT * FROM orders WHERE customer = 7') AS added, reads_index('SELECT * FROM orders WHERE id = 7') AS hidden;
EXECUTE mine(-1);

-- Works where nothing can be written, and leaves no relation behind.
BEGIN TRANSACTION READ ONLY;
SELECT uses('UPDATE orders SET note = note WHERE customer = 5', 'CREATE INDEX ON orders (customer)');
COMMIT;
SELECT count(*) - :before_relations AS more_relations FROM pg_class;
SELECT count(*) AS indexes FROM pg_index WHERE indrelid IN ('orders'::regclass, 'customers'::regclass);
