-- Plain indexes that repeat a unique one; those that differ in something; the fix and its rollback.
SET client_min_messages = warning;
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id int PRIMARY KEY, number int, code text, region int, state text, CONSTRAINT numbered UNIQUE (number) INCLUDE (state));
INSERT INTO shop.orders SELECT n, n, n, n % 7, 'open' FROM generate_series(1, 5000) AS n;
CREATE UNIQUE INDEX orders_code ON shop.orders (lower(code), region) WHERE state = 'open';
CREATE INDEX "orders Id" ON shop.orders (id);
CREATE INDEX orders_id_back ON shop.orders (id DESC);
CREATE INDEX orders_number ON shop.orders (number);
CREATE INDEX orders_open ON shop.orders (lower(code), region) WHERE state = 'open';

-- each differs in one thing
CREATE INDEX orders_1 ON shop.orders (id, number);
CREATE INDEX orders_2 ON shop.orders (number) INCLUDE (code);
CREATE INDEX orders_3 ON shop.orders (lower(code), region DESC) WHERE state = 'open';
CREATE INDEX orders_4 ON shop.orders (lower(code), region);
CREATE INDEX orders_5 ON shop.orders (lower(code), region) WHERE state = 'paid';
CREATE INDEX orders_6 ON shop.orders (upper(code), region) WHERE state = 'open';
CREATE INDEX orders_7 ON shop.orders (region, lower(code)) WHERE state = 'open';
CREATE INDEX orders_8 ON shop.orders USING hash (id);
CREATE INDEX orders_9 ON shop.orders (id) WHERE state = 'open';

-- near misses: two plain ones (duplicate-index), two unique ones, one that something rests on, an invalid unique one
CREATE TABLE shop.others (a int, b int NOT NULL UNIQUE, c int, d int UNIQUE);
CREATE INDEX others_a ON shop.others (a);
CREATE INDEX others_a_again ON shop.others (a);
CREATE UNIQUE INDEX others_b ON shop.others (b);
CREATE INDEX others_d ON shop.others (d);
CLUSTER shop.others USING others_d;
CREATE UNIQUE INDEX others_c_unique ON shop.others (c);
CREATE INDEX others_c ON shop.others (c);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'shop.others_c_unique'::regclass;

CREATE TABLE shop.events (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE shop.events_1 PARTITION OF shop.events DEFAULT;
CREATE INDEX events_id ON shop.events (id);
CREATE INDEX events_1_own ON shop.events_1 (id);
ANALYZE;

CREATE TEMPORARY VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'index-covered-by-unique';

SELECT 'fires, on partitioned tables once, and on a partition''s own',
       (SELECT array_agg(object ORDER BY object COLLATE "C") = ARRAY['shop."orders Id"', 'shop.events_1_own', 'shop.events_id',
               'shop.orders_id_back', 'shop.orders_number', 'shop.orders_open'] FROM found);
SELECT 'a row says what and how sure',
       (SELECT severity = 'medium' AND confidence > 0.9 AND storage_bytes < 0 AND evidence ->> 'unit' = 'bytes'
               AND title = 'index shop."orders Id" of shop.orders repeats primary key orders_pkey'
        FROM found WHERE object = 'shop."orders Id"')
       AND (SELECT title ~ 'the index of unique constraint numbered$' FROM found WHERE object = 'shop.orders_number')
       AND (SELECT title ~ 'unique index shop.orders_code$' FROM found WHERE object = 'shop.orders_open');
SELECT 'less grave where rows are few', (SELECT severity = 'info' FROM found WHERE object = 'shop.events_id');
SELECT 'no other rule says the same',
       NOT EXISTS (SELECT FROM advisor.recommendations WHERE rule IN ('duplicate-index', 'redundant-index') AND object IN (SELECT object FROM found));
SELECT 'coverage counts', (SELECT state = 'ran' AND examined = 19 FROM advisor.coverage WHERE rule = 'index-covered-by-unique');

CREATE TABLE before AS SELECT id, object, rollback FROM found;
SELECT fix FROM found \gexec
SELECT 'fixed', NOT EXISTS (SELECT FROM found) AND NOT EXISTS (SELECT FROM before WHERE to_regclass(object) IS NOT NULL);
SELECT 'what is unique stays', count(*) = 3 FROM pg_constraint WHERE conname IN ('orders_pkey', 'numbered', 'events_pkey');
SELECT rollback FROM before ORDER BY object COLLATE "C" DESC \gexec
SELECT 'rolled back', (SELECT count(*) = 6 FROM found AS f JOIN before AS b ON b.id = f.id AND b.rollback = f.rollback);
