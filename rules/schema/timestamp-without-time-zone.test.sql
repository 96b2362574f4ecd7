-- Columns of type timestamp; clock readings that are meant as such; the fix keeps the moments, its rollback the readings.
SET client_min_messages = warning;
ALTER DATABASE rule_test SET timezone = 'Europe/Berlin';
\c
SET client_min_messages = warning;
CREATE SCHEMA shop;
CREATE TABLE shop."Orders" (id int, made timestamp DEFAULT now(), "Paid At" timestamp(0), in_utc timestamp DEFAULT (now() AT TIME ZONE 'utc'),
                            sent timestamptz, day date);
INSERT INTO shop."Orders" (id, made, "Paid At") SELECT n, '2026-07-01 12:00', '2026-01-01 12:00' FROM generate_series(1, 2000) AS n;
CREATE TABLE shop.events (at timestamp, seen timestamp) PARTITION BY RANGE (at);
CREATE TABLE shop.events_1 PARTITION OF shop.events DEFAULT;
INSERT INTO shop.events SELECT '2026-01-01', '2026-01-01' FROM generate_series(1, 1000);
CREATE TABLE shop.viewed (at timestamp);
INSERT INTO shop.viewed SELECT '2026-01-01' FROM generate_series(1, 1000);
CREATE VIEW shop.views AS SELECT at FROM shop.viewed;

-- near misses: with zone, a time zone beside it, a name that says so, few rows
CREATE TABLE shop.near (a timestamptz, opening_hours timestamp, local_start timestamp);
INSERT INTO shop.near SELECT now(), now(), now() FROM generate_series(1, 1000);
CREATE TABLE shop.meetings (starts timestamp, time_zone text);
INSERT INTO shop.meetings SELECT now(), 'UTC' FROM generate_series(1, 1000);
CREATE TABLE shop.few (at timestamp);
INSERT INTO shop.few VALUES (now());
ANALYZE;

CREATE TEMPORARY VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'timestamp-without-time-zone';

SELECT 'fires per table, on partitioned ones once',
       (SELECT array_agg(object ORDER BY object COLLATE "C") = ARRAY['shop."Orders"', 'shop.events', 'shop.viewed'] FROM found);
SELECT 'a row says which columns and in which zone',
       (SELECT title = 'made, "Paid At", in_utc of shop."Orders" have no time zone' AND (evidence ->> 'filled_with_now')::boolean
               AND evidence -> 'time_zones' = '["Europe/Berlin", "utc"]' AND (evidence ->> 'rows')::int = 2000
               AND detail ~ 'all have Europe/Berlin' AND severity = 'medium'
        FROM found WHERE object = 'shop."Orders"');
SELECT 'one zone everywhere is less grave', (SELECT severity = 'low' FROM found WHERE object = 'shop.viewed');
SELECT 'the partition key stays', (SELECT detail ~ ' at cannot change in place' AND fix !~ 'COLUMN at' AND fix ~ 'COLUMN seen' FROM found WHERE object = 'shop.events');
SELECT 'views are named', (SELECT evidence ->> 'views' = 'shop.views' FROM found WHERE object = 'shop.viewed');
SELECT 'coverage counts', (SELECT state = 'ran' AND examined = 10 FROM advisor.coverage WHERE rule = 'timestamp-without-time-zone');

SELECT rollback AS undo, id AS old_id FROM found WHERE object = 'shop."Orders"' \gset
SELECT fix FROM found WHERE object = 'shop."Orders"' \gexec
SELECT 'fixed', NOT EXISTS (SELECT FROM found WHERE object = 'shop."Orders"');
SELECT 'the moments are those of the zones', bool_and(made = '2026-07-01 10:00 UTC' AND "Paid At" = '2026-01-01 11:00 UTC'
       AND abs(extract(epoch FROM in_utc - now())) < 3600) FROM shop."Orders";
INSERT INTO shop."Orders" (id) VALUES (0);
SELECT 'and the default is now', abs(extract(epoch FROM in_utc - now())) < 3600 FROM shop."Orders" WHERE id = 0;
:undo
SELECT 'rolled back', (SELECT id = :'old_id' FROM found WHERE object = 'shop."Orders"')
       AND (SELECT bool_and(made = '2026-07-01 12:00' AND "Paid At" = '2026-01-01 12:00') FROM shop."Orders" WHERE id > 0);
DROP VIEW shop.views;
SELECT fix FROM found \gexec
SELECT 'fixed but for the partition key', (SELECT array_agg(object || ' ' || (evidence ->> 'columns')) = '{shop.events at}' FROM found);

CREATE ROLE rule_test_sailor;
ALTER ROLE rule_test_sailor SET timezone = 'Asia/Tokyo';
SELECT 'several zones are told', (SELECT severity = 'medium' AND evidence -> 'time_zones_set' = '["Asia/Tokyo", "Europe/Berlin"]' FROM found);
SELECT 'few rows on demand', count(*) = 1 FROM advisor.set_rule('timestamp-without-time-zone', thresholds => '{"min_rows": 1}');
SELECT 'then the small table is there', EXISTS (SELECT FROM found WHERE object = 'shop.few');
DROP ROLE rule_test_sailor;
