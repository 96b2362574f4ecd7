-- Tables with missing or old statistics, and near misses. ANALYZE can't be undone: instead of a rollback, rows change again.
SET client_min_messages = warning;
CREATE SCHEMA shop;
CREATE TABLE shop."Orders" (id int, state text);
INSERT INTO shop."Orders" SELECT n, 'open' FROM generate_series(1, 5000) AS n;
CREATE TABLE shop.changed (id int, state text);
INSERT INTO shop.changed SELECT n, 'open' FROM generate_series(1, 2000) AS n;
CREATE TABLE shop.events (id int) PARTITION BY RANGE (id);
CREATE TABLE shop.events_1 PARTITION OF shop.events FOR VALUES FROM (0) TO (2000);
CREATE TABLE shop.events_2 PARTITION OF shop.events DEFAULT;
INSERT INTO shop.events SELECT n FROM generate_series(1, 3000) AS n;
-- near misses: some rows changed, analysed in the transaction that loaded it, few rows, no rows, a temporary one
CREATE TABLE shop.touched (id int, state text);
INSERT INTO shop.touched SELECT n, 'open' FROM generate_series(1, 2000) AS n;
CREATE TABLE shop.few (id int);
INSERT INTO shop.few SELECT n FROM generate_series(1, 500) AS n;
CREATE TABLE shop.without (id int);
CREATE TABLE shop.loaded (id int);
BEGIN;
INSERT INTO shop.loaded SELECT n FROM generate_series(1, 2000) AS n;
ANALYZE shop.loaded;
COMMIT;
CREATE TEMPORARY TABLE passing AS SELECT generate_series(1, 5000) AS id;
SELECT 'counted', pg_stat_force_next_flush() IS NOT NULL;
ANALYZE shop.changed, shop.touched, shop.events_1, shop.events_2;
SELECT 'counted', pg_stat_force_next_flush() IS NOT NULL;
UPDATE shop.changed SET state = 'paid' WHERE id <= 1000;
UPDATE shop.touched SET state = 'paid' WHERE id <= 300;
SELECT 'counted', pg_stat_force_next_flush() IS NOT NULL;

CREATE TEMPORARY VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'stale-statistics';

SELECT 'fires, on partitioned tables once',
       (SELECT array_agg(object || ' ' || severity ORDER BY object COLLATE "C") = ARRAY['shop."Orders" medium', 'shop.changed low', 'shop.events medium'] FROM found);
SELECT 'a row says what',
       (SELECT title = '1000 of 2000 rows of shop.changed have changed since its statistics were taken' AND evidence ->> 'unit' = 'rows'
               AND (evidence ->> 'rows_changed')::int = 1000 AND detail ~ 'last analysed on 2'
        FROM found WHERE object = 'shop.changed')
       AND (SELECT detail ~ 'never of the whole' FROM found WHERE object = 'shop.events');
SELECT 'coverage counts', (SELECT state = 'ran' AND examined = 7 FROM advisor.coverage WHERE rule = 'stale-statistics');

-- recorded plans that were misled: the second execution records the plan with its rows
SELECT 'misled', count(*) = 1000 FROM shop.changed WHERE state = 'paid';
SELECT 'misled', count(*) = 1000 FROM shop.changed WHERE state = 'paid';
SELECT 'graver where recorded plans were misled',
       (SELECT severity = 'medium' AND jsonb_array_length(evidence -> 'misestimated_statements') = 1
               AND (evidence ->> 'worst_factor')::float8 >= 10 AND detail ~ '1 recorded statements'
        FROM found WHERE object = 'shop.changed');

CREATE TABLE before AS SELECT id FROM found;
SELECT fix FROM found \gexec
SELECT 'fixed', NOT EXISTS (SELECT FROM found);
UPDATE shop.changed SET state = 'sent';
SELECT 'counted', pg_stat_force_next_flush() IS NOT NULL;
SELECT 'back with the same id', (SELECT count(*) = 1 FROM found WHERE id IN (SELECT id FROM before));
SELECT 'the share is a threshold', count(*) = 1 FROM advisor.set_rule('stale-statistics', thresholds => '{"changed_share": 0.1, "min_rows": 100}');
SELECT 'then less is enough', (SELECT array_agg(object ORDER BY object) = ARRAY['shop.changed', 'shop.few', 'shop.touched'] FROM found);
