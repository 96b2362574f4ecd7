-- Indexes that repeat another; those that differ in something; the fix and its rollback.
SET client_min_messages = warning;
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id int PRIMARY KEY, customer int NOT NULL, state text, note text, CHECK (id > 0));
INSERT INTO shop.orders SELECT n, n % 100, 'open', 'note ' || n FROM generate_series(1, 5000) AS n;
CREATE INDEX orders_customer ON shop.orders (customer) INCLUDE (state, note);
CREATE INDEX "orders Customer again" ON shop.orders (customer) INCLUDE (note, state);

-- a unique index repeats the primary key's; a plain one is index-covered-by-unique's
CREATE UNIQUE INDEX orders_id ON shop.orders (id);
CREATE INDEX orders_id_plain ON shop.orders (id);

-- each differs from the two above in one thing
CREATE INDEX orders_1 ON shop.orders (customer);
CREATE INDEX orders_2 ON shop.orders (customer DESC) INCLUDE (state, note);
CREATE INDEX orders_3 ON shop.orders (customer, state) INCLUDE (note);
CREATE INDEX orders_4 ON shop.orders (customer) INCLUDE (state, note) WHERE id > 10;
CREATE INDEX orders_5 ON shop.orders (customer) INCLUDE (state, note) WHERE id > 11;
CREATE INDEX orders_6 ON shop.orders (state);
CREATE INDEX orders_7 ON shop.orders (state text_pattern_ops);
CREATE INDEX orders_8 ON shop.orders (state COLLATE "C");
CREATE INDEX orders_9 ON shop.orders USING hash (state);
CREATE INDEX orders_10 ON shop.orders (lower(state));
CREATE INDEX orders_11 ON shop.orders (upper(state));
CREATE INDEX orders_12 ON shop.orders (customer NULLS FIRST);
CREATE INDEX orders_13 ON shop.orders USING brin (customer);

-- uniqueness is not given up
CREATE TABLE shop.codes (code int, CONSTRAINT codes_late UNIQUE (code) DEFERRABLE);
CREATE UNIQUE INDEX codes_at_once ON shop.codes (code);
CREATE TABLE shop.nulls (code int);
CREATE UNIQUE INDEX nulls_distinct ON shop.nulls (code);
CREATE UNIQUE INDEX nulls_alike ON shop.nulls (code) NULLS NOT DISTINCT;

-- neither is what something rests on
CREATE TABLE shop.kept (code int NOT NULL, other int NOT NULL);
CREATE INDEX kept_first ON shop.kept (other);
CREATE INDEX kept_clustered ON shop.kept (other);
CLUSTER shop.kept USING kept_clustered;
CREATE UNIQUE INDEX kept_referenced ON shop.kept (code);
CREATE TABLE shop.referring (code int REFERENCES shop.kept (code));
CREATE UNIQUE INDEX kept_identity ON shop.kept (code);
ALTER TABLE shop.kept REPLICA IDENTITY USING INDEX kept_identity;

CREATE TABLE shop.invalid (code int);
CREATE INDEX invalid_1 ON shop.invalid (code);
CREATE INDEX invalid_2 ON shop.invalid (code);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'shop.invalid_1'::regclass;

CREATE TABLE shop.events (id int, at int) PARTITION BY RANGE (id);
CREATE TABLE shop.events_1 PARTITION OF shop.events FOR VALUES FROM (0) TO (6000);
CREATE INDEX events_at ON shop.events (at);
CREATE INDEX events_at_again ON shop.events (at);
CREATE INDEX events_1_own ON shop.events_1 (at);
INSERT INTO shop.events SELECT n, n FROM generate_series(1, 5000) AS n;
VACUUM ANALYZE;

CREATE TEMPORARY VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'duplicate-index';

SELECT 'the younger one, whatever the order of included columns',
       (SELECT array_agg(object ORDER BY object) = ARRAY['shop."orders Customer again"', 'shop.orders_id']
        FROM found WHERE object ~ 'orders');
SELECT 'a row says what and how sure',
       (SELECT category = 'index' AND severity = 'medium' AND confidence > 0.9 AND storage_bytes < 0
               AND evidence ->> 'unit' = 'bytes' AND (evidence ->> 'bytes')::bigint = -storage_bytes
               AND title LIKE '%orders_customer'
        FROM found WHERE object = 'shop."orders Customer again"');
SELECT 'a constraint is named', (SELECT title LIKE '%constraint orders_pkey' FROM found WHERE object = 'shop.orders_id');
SELECT 'uniqueness stays as it is', NOT EXISTS (SELECT FROM found WHERE object ~ 'codes|nulls');
SELECT 'only the first goes, not what is clustered by', (SELECT array_agg(object) = ARRAY['shop.kept_first'] FROM found WHERE object ~ 'kept');
SELECT 'an invalid index is no other', NOT EXISTS (SELECT FROM found WHERE object ~ 'invalid');
SELECT 'partitioned at the parent, a leaf''s own too',
       (SELECT array_agg(object ORDER BY object) = ARRAY['shop.events_1_own', 'shop.events_at_again'] FROM found WHERE object ~ 'events');
SELECT 'no index of the server''s', NOT EXISTS (SELECT FROM found WHERE object !~ '^shop\.');
SELECT 'coverage counts', (SELECT state = 'ran' AND examined >= 30 FROM advisor.coverage WHERE rule = 'duplicate-index');

SELECT fix FROM found WHERE object = 'shop.orders_id' \gexec
SELECT 'dropped', NOT EXISTS (SELECT FROM found WHERE object = 'shop.orders_id')
                  AND to_regclass('shop.orders_id') IS NULL AND to_regclass('shop.orders_pkey') IS NOT NULL;

SELECT rollback AS undo, id AS old_id, evidence ->> 'definition' AS definition
FROM found WHERE object = 'shop."orders Customer again"' \gset
SELECT fix FROM found WHERE object = 'shop."orders Customer again"' \gexec
SELECT 'fixed', NOT EXISTS (SELECT FROM found WHERE object ~ 'Customer');
:undo
SELECT 'rolled back', pg_get_indexdef('shop."orders Customer again"'::regclass) = :'definition'
                      AND (SELECT id = :'old_id' FROM found WHERE object ~ 'Customer');

SELECT rollback AS undo FROM found WHERE object = 'shop.events_at_again' \gset
SELECT fix FROM found WHERE object = 'shop.events_at_again' \gexec
SELECT 'partitioned fixed', NOT EXISTS (SELECT FROM found WHERE object = 'shop.events_at_again');
:undo
SELECT 'partitioned rolled back', EXISTS (SELECT FROM found WHERE object = 'shop.events_at_again');
