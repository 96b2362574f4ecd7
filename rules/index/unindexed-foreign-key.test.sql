-- A foreign key without an index; others that are served in some other way; the fix and its rollback.
SET client_min_messages = warning;
CREATE SCHEMA shop;
CREATE TABLE shop.customers (id int PRIMARY KEY, region int NOT NULL, number int NOT NULL, UNIQUE (region, number));
INSERT INTO shop.customers SELECT n, n % 10, n FROM generate_series(1, 2000) AS n;

CREATE TABLE shop.orders (id int PRIMARY KEY, customer_id int REFERENCES shop.customers,
                          "Ship To" int REFERENCES shop.customers ON DELETE CASCADE);
INSERT INTO shop.orders SELECT n, 1 + n % 1000, 1 + n % 1000 FROM generate_series(1, 5000) AS n;

-- served: a wider index, a permuted prefix, a unique one, a partial one over all that is not NULL, a hash index
CREATE TABLE shop.served (id int PRIMARY KEY, wider int REFERENCES shop.customers, u int REFERENCES shop.customers,
                          p int REFERENCES shop.customers, h int REFERENCES shop.customers, region int, number int,
                          FOREIGN KEY (region, number) REFERENCES shop.customers (region, number));
CREATE INDEX ON shop.served (wider, id);
CREATE UNIQUE INDEX ON shop.served (u, id);
CREATE INDEX ON shop.served (p) WHERE p IS NOT NULL;
CREATE INDEX ON shop.served USING hash (h);
CREATE INDEX ON shop.served (number, region, id) WHERE region IS NOT NULL AND number IS NOT NULL;
INSERT INTO shop.served SELECT n, 1, n % 1000 + 1, 1, 1 FROM generate_series(1, 5000) AS n;

-- not served: a later column, another predicate, an expression, a block range index, an invalid index
CREATE TABLE shop.near (id int PRIMARY KEY, later int REFERENCES shop.customers, other int REFERENCES shop.customers,
                        expression int REFERENCES shop.customers, blocks int REFERENCES shop.customers,
                        invalid int REFERENCES shop.customers);
CREATE INDEX ON shop.near (id, later);
CREATE INDEX ON shop.near (other) WHERE id > 10;
CREATE INDEX ON shop.near ((expression + 0));
CREATE INDEX ON shop.near USING brin (blocks);
CREATE INDEX near_invalid ON shop.near (invalid);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'shop.near_invalid'::regclass;
INSERT INTO shop.near SELECT n, 1, 1, 1, 1, 1 FROM generate_series(1, 5000) AS n;

CREATE TABLE shop.tiny (customer_id int REFERENCES shop.customers);
INSERT INTO shop.tiny VALUES (1);

CREATE TABLE shop.events (id int, customer_id int REFERENCES shop.customers) PARTITION BY RANGE (id);
CREATE TABLE shop.events_1 PARTITION OF shop.events FOR VALUES FROM (0) TO (3000);
CREATE TABLE shop.events_2 PARTITION OF shop.events FOR VALUES FROM (3000) TO (6000) PARTITION BY LIST (id);
CREATE TABLE shop.events_2_rest PARTITION OF shop.events_2 DEFAULT;
INSERT INTO shop.events SELECT n, 1 + n % 1000 FROM generate_series(1, 5000) AS n;

-- each partition has an index of its own
CREATE TABLE shop.visits (id int, customer_id int REFERENCES shop.customers) PARTITION BY RANGE (id);
CREATE TABLE shop.visits_1 PARTITION OF shop.visits FOR VALUES FROM (0) TO (3000);
CREATE INDEX ON shop.visits_1 (customer_id);

CREATE TEMPORARY TABLE passing (customer_id int);
ANALYZE;

CREATE TEMPORARY VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'unindexed-foreign-key';

SELECT 'both keys of orders', (SELECT count(*) = 2 FROM found WHERE object = 'shop.orders');
SELECT 'a row says what and how sure',
       (SELECT category = 'index' AND severity = 'low' AND title LIKE '%(customer_id)%no index'
               AND confidence = 0.5 AND storage_bytes > 0 AND evidence ->> 'unit' = 'rows'
               AND (evidence ->> 'rows')::int = 5000
        FROM found WHERE object = 'shop.orders' AND title LIKE '%(customer_id)%');
SELECT 'nothing on what is served', NOT EXISTS (SELECT FROM found WHERE object = 'shop.served');
SELECT 'all of what only looks served', (SELECT count(*) = 5 FROM found WHERE object = 'shop.near');
SELECT 'a tiny table is info', (SELECT severity = 'info' FROM found WHERE object = 'shop.tiny');
SELECT 'a partitioned table once', (SELECT count(*) = 1 FROM found WHERE object LIKE 'shop.events%');
SELECT 'own indexes of all partitions serve', NOT EXISTS (SELECT FROM found WHERE object LIKE 'shop.visits%');
SELECT 'coverage counts', (SELECT state = 'ran' AND examined = 15 FROM advisor.coverage WHERE rule = 'unindexed-foreign-key');

DELETE FROM shop.customers WHERE id = 2000;
SELECT pg_stat_force_next_flush() \g /dev/null
SELECT pg_stat_clear_snapshot() \g /dev/null
SELECT 'deletes from the parent raise it',
       (SELECT bool_and(severity = 'medium' AND confidence = 0.8) FROM found WHERE object = 'shop.orders');

-- the fix of a plain table
SELECT rollback AS undo, id AS old_id FROM found WHERE title LIKE '%Ship To%' \gset
SELECT fix FROM found WHERE title LIKE '%Ship To%' \gexec
SELECT 'fixed', NOT EXISTS (SELECT FROM found WHERE title LIKE '%Ship To%');
SELECT 'the other key is still reported', (SELECT count(*) = 1 FROM found WHERE object = 'shop.orders');
:undo
SELECT 'rolled back', (SELECT id = :'old_id' FROM found WHERE title LIKE '%Ship To%');

-- the fix of a partitioned one, step by step
SELECT rollback AS undo FROM found WHERE object = 'shop.events' \gset
SELECT 'parents alone, leaves concurrently, then attached',
       (SELECT cardinality(fix_steps) = 7 AND fix_steps[1] LIKE '%ON ONLY shop.events (%' AND fix ~ 'CONCURRENTLY'
        FROM found WHERE object = 'shop.events');
SELECT unnest(fix_steps) FROM found WHERE object = 'shop.events' \gexec
SELECT 'partitioned fixed', NOT EXISTS (SELECT FROM found WHERE object LIKE 'shop.events%');
SELECT 'the parent''s index is valid', (SELECT bool_and(i.indisvalid) FROM pg_index AS i WHERE i.indrelid = 'shop.events'::regclass);
:undo
SELECT 'partitioned rolled back', EXISTS (SELECT FROM found WHERE object = 'shop.events');

-- the proposed name gives way to one in use
CREATE TABLE shop.orders_customer_id_idx ();
SELECT fix FROM found WHERE title LIKE '%(customer_id) of shop.orders %' \gexec
SELECT 'another name', NOT EXISTS (SELECT FROM found WHERE title LIKE '%(customer_id) of shop.orders %');
