-- Indexes without a scan; those that something uses or needs; the fix and its rollback. The window is set to nothing, since no test can wait.
SET client_min_messages = warning;
SET db_advisor.observation_window = 0;
CREATE SCHEMA shop;
CREATE TABLE shop.customers (id int PRIMARY KEY);
CREATE TABLE shop.orders (id int PRIMARY KEY, customer int REFERENCES shop.customers, code int UNIQUE, state text, made date);
INSERT INTO shop.orders SELECT n, NULL, n, 'open', '2026-01-01' FROM generate_series(1, 3000) AS n;
CREATE INDEX "orders Made" ON shop.orders (made) INCLUDE (state);
-- near misses: scanned, for a foreign key, clustered by, an extension's, of a small table, of an unused table, invalid
CREATE INDEX orders_state ON shop.orders (id, state);
CREATE INDEX orders_customer ON shop.orders (customer);
CREATE INDEX orders_clustered ON shop.orders (state);
ALTER TABLE shop.orders CLUSTER ON orders_clustered;
CREATE INDEX orders_owned ON shop.orders (made, id);
ALTER INDEX shop.orders_owned DEPENDS ON EXTENSION db_advisor;
CREATE INDEX orders_invalid ON shop.orders (state);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'shop.orders_invalid'::regclass;
CREATE TABLE shop.few (id int);
INSERT INTO shop.few VALUES (1);
CREATE INDEX few_id ON shop.few (id);
CREATE TABLE shop.events (id int, at int) PARTITION BY RANGE (id);
CREATE TABLE shop.events_1 PARTITION OF shop.events FOR VALUES FROM (0) TO (1000);
CREATE TABLE shop.events_2 PARTITION OF shop.events DEFAULT;
INSERT INTO shop.events SELECT n, n FROM generate_series(1, 2000) AS n;
CREATE INDEX events_at ON shop.events (at);
CREATE INDEX events_id ON shop.events (id);
VACUUM ANALYZE;
SET enable_seqscan = off;
SELECT 'one partition''s index is used', count(*) = 1 FROM shop.events WHERE id = 1500;
SELECT 'used', count(*) = 1 FROM shop.orders WHERE id > 2999 AND state = 'open';
-- seen twice, so that their plans are recorded
SELECT 'one partition''s index is used', count(*) = 1 FROM shop.events WHERE id = 1500;
SELECT 'used', count(*) = 1 FROM shop.orders WHERE id > 2999 AND state = 'open';
RESET enable_seqscan;
SELECT 'counted', pg_stat_force_next_flush() IS NOT NULL;

CREATE TEMPORARY VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'unused-index';

SELECT 'fires, on partitioned tables once',
       (SELECT array_agg(object ORDER BY object COLLATE "C") = ARRAY['shop."orders Made"', 'shop.events_at'] FROM found);
SELECT 'a row says what, for how long and what is not seen',
       (SELECT severity = 'low' AND confidence = 0.5 AND storage_bytes < 0 AND evidence ->> 'unit' = 'bytes'
               AND evidence ->> 'window_from' IS NOT NULL AND (evidence ->> 'rows_written')::int = 3000
               AND detail ~ 'once a month' AND detail ~ 'If there are standbys'
        FROM found WHERE object = 'shop."orders Made"');
SELECT 'coverage counts', (SELECT state = 'ran' AND examined = 9 FROM advisor.coverage WHERE rule = 'unused-index');
SELECT 'a standby is told', count(*) = 1 FROM pg_create_physical_replication_slot('rule_test_standby');
SELECT 'then the finding is for information, less sure, with the query to run there',
       (SELECT severity = 'info' AND confidence = 0.25 AND detail ~ '0 connected, 1 slots' AND evidence ->> 'query_on_standbys' ~ '''shop.events_at''::regclass'
        FROM found WHERE object = 'shop.events_at');
SELECT evidence ->> 'query_on_standbys' AS on_standbys FROM found WHERE object = 'shop.events_at' \gset

SELECT 'slot dropped', pg_drop_replication_slot('rule_test_standby') IS NOT NULL;

SELECT 'an unused table is another matter', pg_stat_reset() IS NOT NULL;
SELECT 'nothing was read or written', NOT EXISTS (SELECT FROM found WHERE object ~ 'events');
INSERT INTO shop.events VALUES (5000, 1);
INSERT INTO shop.orders (id) VALUES (5000);
SELECT 'counted', pg_stat_force_next_flush() IS NOT NULL;
SELECT 'a recorded plan is a use though the counters begin anew',
       (SELECT array_agg(object ORDER BY object COLLATE "C") = ARRAY['shop."orders Made"', 'shop.events_at'] FROM found);

CREATE TABLE before AS SELECT id, object, rollback FROM found;
SELECT fix FROM found \gexec
SELECT 'fixed', NOT EXISTS (SELECT FROM found) AND to_regclass('shop."orders Made"') IS NULL AND to_regclass('shop.events_at') IS NULL;
SELECT rollback FROM before \gexec
INSERT INTO shop.events VALUES (5001, 1);
SELECT 'counted', pg_stat_force_next_flush() IS NOT NULL;
SELECT 'rolled back', (SELECT count(*) = 2 FROM found AS f JOIN before AS b ON b.id = f.id AND b.rollback = f.rollback);
SET db_advisor.observation_window = '7d';
SELECT 'it waits for the window', (SELECT state = 'waiting' FROM advisor.coverage WHERE rule = 'unused-index') AND NOT EXISTS (SELECT FROM found);
SET db_advisor.observation_window = 0;

-- The window begins when the index was made: known from the marks of the recorder, at the latest now.
SELECT 'the latest of reset, recovery, making and recording',
       (SELECT since = greatest(reset_at, recovered_at, made_at, recorded_since) AND made_at = now() AND recorded_since < now()
        FROM advisor.index_window WHERE oid = 'shop.events_at'::regclass)
       AND (SELECT made_at < now() FROM advisor.index_window WHERE oid = 'pg_class_oid_index'::regclass);
SET db_advisor.observation_window = 1;
SELECT pg_sleep(1.1) \g /dev/null
SELECT 'the statistics cover the window, the index does not', NOT EXISTS (SELECT FROM found)
       AND (SELECT state = 'ran' AND skipped > 0 AND reason ~ 'younger' FROM advisor.coverage WHERE rule = 'unused-index');
SET db_advisor.observation_window = 0;

-- The proof: what is never scanned may still give the planner its statistics.
CREATE TABLE shop.parcels (id int PRIMARY KEY, code int, state int);
INSERT INTO shop.parcels SELECT n, n, n % 10 FROM generate_series(1, 20000) AS n;
CREATE INDEX parcels_expression ON shop.parcels ((code % 1000 = 0));
CREATE INDEX parcels_state ON shop.parcels (state);
VACUUM ANALYZE shop.parcels;
CREATE PROCEDURE shop.three_times(statement text) LANGUAGE plpgsql AS $$ BEGIN FOR n IN 1 .. 3 LOOP EXECUTE statement; END LOOP; END $$;
SELECT 'counted', pg_stat_force_next_flush() IS NOT NULL;
SELECT 'both unused', (SELECT count(*) = 2 FROM found WHERE object ~ 'parcels');
CALL shop.three_times('SELECT count(*) FROM shop.parcels WHERE state = 3 AND id < 2000');
SELECT 'hidden, no plan changes: what was proven is said',
       (SELECT (evidence #>> '{proof,statements}')::int >= 1 AND evidence #>> '{proof,use}' = 'none that matters' AND detail ~ 'cost what they did'
        FROM found WHERE object = 'shop.parcels_expression');

-- An index that takes over from a redundant one stays, though nothing uses it so far.
CREATE TABLE shop.lines (id int, customer int);
INSERT INTO shop.lines SELECT n, NULL FROM generate_series(1, 2000) AS n;
CREATE INDEX lines_customer ON shop.lines (customer);
CREATE INDEX lines_customer_id ON shop.lines (customer, id);
-- Of two indexes that a foreign key could use, the older one stays.
CREATE TABLE shop.pairs (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE shop.uses (a int, b int, c int, FOREIGN KEY (a, b) REFERENCES shop.pairs);
INSERT INTO shop.uses SELECT NULL, NULL, n FROM generate_series(1, 2000) AS n;
CREATE INDEX uses_ab ON shop.uses (a, b, c);
CREATE INDEX uses_ba ON shop.uses (b, a);
SELECT 'counted', pg_stat_force_next_flush() IS NOT NULL;
SELECT 'what takes over stays', NOT EXISTS (SELECT FROM found WHERE object ~ 'lines')
       AND EXISTS (SELECT FROM advisor.recommendations WHERE rule = 'redundant-index' AND object = 'shop.lines_customer');
SELECT 'one index for the key stays', (SELECT array_agg(object) = ARRAY['shop.uses_ba'] FROM found WHERE object ~ 'uses');
