-- Tables with many dead rows, and near misses. The test's server has no autovacuum, so VACUUM comes as a step of the fix.
SET client_min_messages = warning;
SELECT 'the statistics begin now', pg_stat_reset() IS NOT NULL;
CREATE SCHEMA shop;
CREATE TABLE shop."Orders" (id int, state text);
INSERT INTO shop."Orders" SELECT n, 'open' FROM generate_series(1, 5000) AS n;
CREATE TABLE shop.off (id int, state text) WITH (autovacuum_enabled = false, autovacuum_vacuum_scale_factor = 0.1);
INSERT INTO shop.off SELECT n, 'open' FROM generate_series(1, 5000) AS n;
CREATE TABLE shop.tuned (id int, state text) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 5);
INSERT INTO shop.tuned SELECT n, 'open' FROM generate_series(1, 5000) AS n;
CREATE TABLE shop.events (id int, at int) PARTITION BY RANGE (id);
CREATE TABLE shop.events_1 PARTITION OF shop.events FOR VALUES FROM (0) TO (3000) PARTITION BY RANGE (id);
CREATE TABLE shop.events_1_1 PARTITION OF shop.events_1 DEFAULT;
CREATE TABLE shop.events_2 PARTITION OF shop.events DEFAULT;
INSERT INTO shop.events SELECT n FROM generate_series(1, 6000) AS n;
-- near misses: below the factor, its own high threshold, few dead rows
CREATE TABLE shop.some (id int, state text);
INSERT INTO shop.some SELECT n, 'open' FROM generate_series(1, 5000) AS n;
CREATE TABLE shop.patient (id int, state text) WITH (autovacuum_vacuum_threshold = 100000);
INSERT INTO shop.patient SELECT n, 'open' FROM generate_series(1, 5000) AS n;
CREATE TABLE shop.few (id int, state text);
INSERT INTO shop.few SELECT n, 'open' FROM generate_series(1, 500) AS n;
SELECT 'counted', pg_stat_force_next_flush() IS NOT NULL;
ANALYZE;
UPDATE shop."Orders" SET state = 'paid';
UPDATE shop.off SET state = 'paid';
UPDATE shop.tuned SET state = 'paid' WHERE id <= 1200;
UPDATE shop.events SET at = 1;
UPDATE shop.some SET state = 'paid' WHERE id <= 1500;
UPDATE shop.patient SET state = 'paid';
UPDATE shop.few SET state = 'paid';
SELECT 'counted', pg_stat_force_next_flush() IS NOT NULL;

CREATE TEMPORARY VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'autovacuum-behind';

SELECT 'it has some minutes', NOT EXISTS (SELECT FROM found);
SELECT 'no time', count(*) = 1 FROM advisor.set_rule('autovacuum-behind', thresholds => '{"quiet_minutes": 0}');
SELECT 'fires, on partitioned tables once',
       (SELECT array_agg(object || ' ' || severity ORDER BY object COLLATE "C") = ARRAY['shop."Orders" high', 'shop.events high', 'shop.off high', 'shop.tuned medium'] FROM found);
SELECT 'a row says what and why',
       (SELECT title = '5000 dead rows in shop."Orders" wait for VACUUM' AND (evidence ->> 'autovacuum_at')::int = 1050
               AND evidence ->> 'unit' = 'rows' AND detail ~ 'off on the whole server'
        FROM found WHERE object = 'shop."Orders"')
       AND (SELECT detail ~ 'switched off for the table' FROM found WHERE object = 'shop.off');
SELECT 'each partition has a setting of its own', (SELECT cardinality(fix_steps) = 3 FROM found WHERE object = 'shop.events');
SELECT 'coverage counts', (SELECT state = 'ran' AND examined = 8 FROM advisor.coverage WHERE rule = 'autovacuum-behind');

CREATE TABLE before AS SELECT id, fix_steps, rollback FROM found;
SELECT fix FROM found \gexec
SELECT 'the settings are there',
       (SELECT array_agg(c.relname || ' ' || array_to_string(c.reloptions, ' ') ORDER BY c.relname COLLATE "C") =
               ARRAY['Orders autovacuum_vacuum_scale_factor=0.05', 'events_1_1 autovacuum_vacuum_scale_factor=0.05', 'events_2 autovacuum_vacuum_scale_factor=0.05',
                     'off autovacuum_vacuum_scale_factor=0.1 autovacuum_enabled=true', 'tuned autovacuum_vacuum_scale_factor=0.01 autovacuum_vacuum_cost_delay=0']
        FROM pg_class AS c WHERE c.relname IN ('Orders', 'events_1_1', 'events_2', 'off', 'tuned') AND c.relnamespace = 'shop'::regnamespace);
SELECT step FROM before CROSS JOIN LATERAL unnest(fix_steps) AS step \gexec
SELECT 'fixed', NOT EXISTS (SELECT FROM found);
SELECT rollback FROM before \gexec
SELECT 'the settings are as they were',
       (SELECT array_agg(c.relname || coalesce(' ' || array_to_string(c.reloptions, ' '), '') ORDER BY c.relname COLLATE "C") =
               ARRAY['Orders', 'off autovacuum_vacuum_scale_factor=0.1 autovacuum_enabled=false',
                     'tuned autovacuum_vacuum_scale_factor=0.01 autovacuum_vacuum_cost_delay=5']
        FROM pg_class AS c WHERE c.relname IN ('Orders', 'off', 'tuned') AND c.relnamespace = 'shop'::regnamespace);
UPDATE shop."Orders" SET state = 'sent';
SELECT 'counted', pg_stat_force_next_flush() IS NOT NULL;
SELECT 'back with the same id', (SELECT count(*) = 1 FROM found WHERE id IN (SELECT id FROM before));
