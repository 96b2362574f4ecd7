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
       (SELECT array_agg(object ORDER BY object COLLATE "C") = ARRAY['shop."orders Customer"', 'shop.events_at', 'shop.orders_3', 'shop.orders_back',
               'shop.orders_included', 'shop.orders_lower_alone'] FROM found);
SELECT 'one that differs in the order only is told apart',
       (SELECT severity = 'info' AND confidence = 0.4 AND evidence ->> 'kind' = 'except for ordering' AND detail ~ 'redundant except for its order'
               AND title = 'index shop.orders_3 of shop.orders differs from index shop.orders_wide in the order only'
        FROM found WHERE object = 'shop.orders_3')
       AND (SELECT bool_and(evidence ->> 'kind' = 'prefix') FROM found WHERE object <> 'shop.orders_3');
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
SELECT 'rolled back', (SELECT count(*) = 6 FROM found AS f JOIN before AS b ON b.id = f.id AND b.rollback = f.rollback);

-- The proof: a statement that needs the order, one that has another good plan, one that has none.
CREATE TABLE shop.visits (id int PRIMARY KEY, customer int, at int, note text);
INSERT INTO shop.visits SELECT n, n % 500, (n * 7919) % 30011, repeat('v', 200) FROM generate_series(1, 30000) AS n;
CREATE INDEX visits_order ON shop.visits (customer, at DESC);
CREATE INDEX visits_wide ON shop.visits (customer, at, id) INCLUDE (note);
VACUUM ANALYZE shop.visits;
SELECT 'nothing needs the order yet', (SELECT count(*) = 1 FROM found WHERE object = 'shop.visits_order');
CREATE PROCEDURE shop.three_times(statement text) LANGUAGE plpgsql AS $$ BEGIN FOR n IN 1 .. 3 LOOP EXECUTE statement; END LOOP; END $$;
CALL shop.three_times('SELECT customer, at FROM shop.visits ORDER BY customer, at DESC LIMIT 10');
SELECT 'a statement needs the order', NOT EXISTS (SELECT FROM found WHERE object = 'shop.visits_order')
       AND (SELECT skipped > 0 AND reason ~ 'no good plan' FROM advisor.coverage WHERE rule = 'redundant-index');
DROP INDEX shop.visits_order;
CREATE INDEX visits_customer ON shop.visits (customer) INCLUDE (at);
CALL shop.three_times('SELECT at FROM shop.visits WHERE customer < 50');
SELECT 'the least dearer plan is too dear', count(*) = 1 FROM advisor.set_rule('redundant-index', thresholds => '{"good_plan": 1}');
SELECT 'so the index stays', NOT EXISTS (SELECT FROM found WHERE object = 'shop.visits_customer');
SELECT 'a much dearer one is good enough', count(*) = 1 FROM advisor.set_rule('redundant-index', thresholds => '{"good_plan": 50}');
SELECT 'then it is used only by statements with another good plan, whose cost is told',
       (SELECT detail ~ 'have another good plan without it: the cost of one execution rises from' AND evidence #>> '{proof,use}' ~ 'another good plan'
               AND (evidence #>> '{proof,cost_after}')::float8 > (evidence #>> '{proof,cost_before}')::float8
               AND (evidence #>> '{proof,queryid}')::bigint = (SELECT queryid FROM advisor.statements WHERE query ~ '^SELECT at FROM shop.visits')
        FROM found WHERE object = 'shop.visits_customer');
SELECT 'threshold back', count(*) = 1 FROM advisor.set_rule('redundant-index', thresholds => '{"good_plan": null}');
SELECT 'nothing needs it any more', count(*) = 1 FROM advisor.reset();
SELECT 'a standby is told', count(*) = 1 FROM pg_create_physical_replication_slot('rule_test_standby');
SELECT 'and the query to run there', (SELECT severity = 'info' AND evidence ->> 'query_on_standbys' ~ 'visits_customer' FROM found WHERE object = 'shop.visits_customer');
SELECT 'slot dropped', pg_drop_replication_slot('rule_test_standby') IS NOT NULL;
