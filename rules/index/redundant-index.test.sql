-- Indexes that hold the first columns of another one; those that don't quite; the fix and its rollback.
SET client_min_messages = warning;
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id int PRIMARY KEY, customer int, state text, made date, note text);
INSERT INTO shop.orders SELECT n, n % 100, 'open', '2026-01-01', repeat('n', 100) FROM generate_series(1, 5000) AS n;
CREATE INDEX orders_wide ON shop.orders (customer, state, made) INCLUDE (note);
CREATE INDEX "orders Customer" ON shop.orders (customer);
CREATE INDEX orders_back ON shop.orders (customer DESC, state DESC);
CREATE INDEX orders_included ON shop.orders (customer) INCLUDE (made, note);
CREATE INDEX orders_lower_alone ON shop.orders (lower(state)) WHERE id > 5;
SET enable_seqscan = off;
SELECT 'scanned', count(*) > 0 FROM shop.orders WHERE lower(state) = 'open' AND id > 5;
RESET enable_seqscan;
SELECT 'and counted', pg_stat_force_next_flush() IS NOT NULL;
CREATE INDEX orders_lower ON shop.orders (lower(state), id) WHERE id > 5;

-- each differs in one thing
CREATE INDEX orders_1 ON shop.orders (state);
CREATE INDEX orders_2 ON shop.orders (customer, made);
CREATE INDEX orders_3 ON shop.orders (customer, state DESC);
CREATE INDEX orders_4 ON shop.orders (customer) WHERE id > 10;
CREATE INDEX orders_5 ON shop.orders (customer, state text_pattern_ops);
CREATE INDEX orders_6 ON shop.orders (customer, state COLLATE "C");
CREATE INDEX orders_7 ON shop.orders USING hash (customer);
CREATE INDEX orders_8 ON shop.orders (made) INCLUDE (id);
CREATE INDEX orders_8_wide ON shop.orders (made, state);
CREATE INDEX orders_9 ON shop.orders (upper(state)) WHERE id > 5;
CREATE UNIQUE INDEX orders_10 ON shop.orders (note, id);
CREATE UNIQUE INDEX orders_10_wide ON shop.orders (note, id, made);

-- near misses: what constraints and others rest on, what is said by other rules, an invalid one
CREATE TABLE shop.others (a int, b int, c int UNIQUE, d int);
CREATE INDEX others_a ON shop.others (a);
CREATE INDEX others_ab ON shop.others (a, b);
CLUSTER shop.others USING others_a;
CREATE INDEX others_cb ON shop.others (c, b);
CREATE INDEX others_c ON shop.others (c);
CREATE INDEX others_d ON shop.others (d);
CREATE INDEX others_db ON shop.others (d, b);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'shop.others_db'::regclass;

CREATE TABLE shop.events (id int, at int) PARTITION BY RANGE (id);
CREATE TABLE shop.events_1 PARTITION OF shop.events DEFAULT;
INSERT INTO shop.events SELECT n, n FROM generate_series(1, 2000) AS n;
CREATE INDEX events_at ON shop.events (at);
CREATE INDEX events_at_id ON shop.events (at, id);
ANALYZE;

CREATE TEMPORARY VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'redundant-index';

SELECT 'fires, on partitioned tables once',
       (SELECT array_agg(object ORDER BY object COLLATE "C") = ARRAY['shop."orders Customer"', 'shop.events_at', 'shop.orders_back',
               'shop.orders_included', 'shop.orders_lower_alone'] FROM found);
SELECT 'the widest stays', (SELECT bool_and(evidence ->> 'kept' = 'shop.orders_wide') FROM found WHERE object ~ 'Customer|back|included');
SELECT 'a row says what and how sure',
       (SELECT severity = 'low' AND confidence = 0.8 AND storage_bytes < 0 AND evidence ->> 'unit' = 'bytes'
               AND title = 'index shop."orders Customer" of shop.orders holds the first columns of index shop.orders_wide'
        FROM found WHERE object = 'shop."orders Customer"');
SELECT 'coverage counts', (SELECT state = 'ran' AND examined = 24 FROM advisor.coverage WHERE rule = 'redundant-index');

-- a small index that is used may be worth its space
SELECT 'less sure where it is used', (SELECT severity = 'low' AND confidence = 0.6 FROM found WHERE object = 'shop.orders_lower_alone');
SELECT 'threshold', count(*) = 1 FROM advisor.set_rule('redundant-index', thresholds => '{"size_ratio": 0.5}');
SELECT 'only where it was used',
       (SELECT array_agg(object ORDER BY object) = ARRAY['shop.orders_lower_alone'] FROM found WHERE severity = 'info' AND confidence = 0.3);

CREATE TABLE before AS SELECT id, object, rollback FROM found;
SELECT fix FROM found \gexec
SELECT 'fixed', NOT EXISTS (SELECT FROM found) AND NOT EXISTS (SELECT FROM before WHERE to_regclass(object) IS NOT NULL);
SELECT rollback FROM before \gexec
SELECT 'rolled back', (SELECT count(*) = 5 FROM found AS f JOIN before AS b ON b.id = f.id AND b.rollback = f.rollback);
