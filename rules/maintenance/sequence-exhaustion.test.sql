-- Sequences that are nearly used up, by their own limit or their column's; near misses; the fix and its rollback.
SET client_min_messages = warning;
CREATE SCHEMA shop;
CREATE ROLE rule_test_reader;
CREATE TABLE shop.orders (id serial PRIMARY KEY, number int GENERATED ALWAYS AS IDENTITY, small smallserial);
CREATE TABLE shop.lines (order_id int REFERENCES shop.orders, item int);
CREATE SEQUENCE shop."Own Limit" MAXVALUE 1000;
CREATE SEQUENCE shop.shared;
CREATE TABLE shop.big (id bigint DEFAULT nextval('shop.shared'));
CREATE TABLE shop.little (id int DEFAULT nextval('shop.shared'));
CREATE SEQUENCE shop.down INCREMENT -1 MINVALUE -1000;
CREATE TABLE shop.parted (id int DEFAULT nextval('shop.down'), at date) PARTITION BY RANGE (at);
CREATE TABLE shop.parted_1 PARTITION OF shop.parted DEFAULT;
CREATE SEQUENCE shop.by_key;
CREATE TABLE shop.parted_by (id int DEFAULT nextval('shop.by_key')) PARTITION BY RANGE (id);
CREATE SEQUENCE shop.round_narrow AS int MAXVALUE 40000 CYCLE;
CREATE TABLE shop.narrow (id smallint DEFAULT nextval('shop.round_narrow'));
SELECT 'set', setval('shop.orders_id_seq', 2000000000) + setval('shop.orders_number_seq', 1700000000) > 0;
SELECT 'set', setval('shop."Own Limit"', 800) + setval('shop.shared', 2100000000) > 0;
SELECT 'set', setval('shop.by_key', 1900000000) > 0 AND setval('shop.down', -950) < 0 AND setval('shop.round_narrow', 30000) > 0;
-- near misses: halfway, beginning again, never used, far from its end
CREATE SEQUENCE shop.half MAXVALUE 1000;
CREATE SEQUENCE shop.round MAXVALUE 1000 CYCLE;
CREATE SEQUENCE shop.new MAXVALUE 10;
CREATE SEQUENCE shop.large;
CREATE TEMPORARY SEQUENCE passing MAXVALUE 10;
SELECT 'set', setval('shop.half', 500) + setval('shop.round', 990) + setval('shop.large', 3000000000) + setval('passing', 9) > 0;

CREATE TEMPORARY VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'sequence-exhaustion';

SELECT 'fires at the nearer limit of sequence and column',
       (SELECT array_agg(object || ' ' || severity ORDER BY object COLLATE "C") = ARRAY['shop."Own Limit" high', 'shop.by_key high', 'shop.down critical',
               'shop.orders_id_seq critical', 'shop.orders_number_seq high', 'shop.round_narrow critical', 'shop.shared critical'] FROM found);
SELECT 'a row says what',
       (SELECT title = 'sequence shop.orders_id_seq has used up 93 % of its numbers' AND (evidence ->> 'last_value')::int = 2000000000
               AND (evidence ->> 'limit')::int = 2147483647 AND evidence ->> 'referring' = 'shop.lines.order_id'
               AND detail ~ '147483647 inserts are left\.' AND detail ~ 'bigint too: shop.lines.order_id'
        FROM found WHERE object = 'shop.orders_id_seq')
       AND (SELECT detail ~ 'all that shop.little.id can hold' AND detail ~ '2 columns' FROM found WHERE object = 'shop.shared');
SELECT 'coverage counts', (SELECT state = 'ran' AND examined = 12 AND skipped = 0 FROM advisor.coverage WHERE rule = 'sequence-exhaustion');
GRANT USAGE ON SCHEMA shop TO rule_test_reader;
GRANT SELECT ON SEQUENCE shop.down TO rule_test_reader;
SET ROLE rule_test_reader;
SELECT 'who may read one sees one, and how many not',
       (SELECT array_agg(object) = '{shop.down}' FROM advisor.recommendations WHERE rule = 'sequence-exhaustion')
       AND (SELECT state = 'ran' AND examined = 1 AND skipped = 11 AND reason ~ 'no right' FROM advisor.coverage WHERE rule = 'sequence-exhaustion');
RESET ROLE;

SELECT 'what is partitioned by cannot change', (SELECT fix ~ '^-- shop.parted_by is partitioned' FROM found WHERE object = 'shop.by_key');
SELECT 'set', setval('shop.by_key', 1) = 1;
CREATE TABLE before AS SELECT id, rollback FROM found;
SELECT fix FROM found \gexec
SELECT 'fixed', NOT EXISTS (SELECT FROM found);
SELECT 'numbers go on', nextval('shop.orders_id_seq') = 2000000001 AND nextval('shop."Own Limit"') = 801 AND nextval('shop.down') = -951;
SELECT rollback FROM before \gexec
SELECT 'rolled back', (SELECT count(*) = 6 FROM found WHERE id IN (SELECT id FROM before))
       AND (SELECT count(*) = 3 FROM pg_attribute WHERE attrelid = 'shop.orders'::regclass AND attnum > 0 AND atttypid IN ('int4'::regtype, 'int2'::regtype));
SELECT 'shares are thresholds', count(*) = 1 FROM advisor.set_rule('sequence-exhaustion', thresholds => '{"high_share": 0.4, "critical_share": 0.5}');
SELECT 'then half is enough', (SELECT severity = 'critical' OR severity = 'high' FROM found WHERE object = 'shop.half');
DROP OWNED BY rule_test_reader;
DROP ROLE rule_test_reader;
