-- Foreign keys between different types; differences that do no harm; the fix and its rollback.
SET client_min_messages = warning;
CREATE SCHEMA shop;
CREATE DOMAIN shop.number AS bigint;
CREATE DOMAIN shop.positive AS shop.number CHECK (VALUE > 0);
CREATE TABLE shop.customers (id bigint PRIMARY KEY, code text UNIQUE, small int UNIQUE, price numeric UNIQUE, region int, place int,
                             UNIQUE (region, place));
INSERT INTO shop.customers SELECT n, 'c' || n, n, n, n % 7, n FROM generate_series(1, 100) AS n;
CREATE TABLE shop.orders (id int PRIMARY KEY, "Customer" int REFERENCES shop.customers,
                          wide bigint REFERENCES shop.customers (small), price int REFERENCES shop.customers (price),
                          fixed char(4) REFERENCES shop.customers (code), region bigint, place int,
                          FOREIGN KEY (region, place) REFERENCES shop.customers (region, place));
INSERT INTO shop.orders SELECT n, n, n, n, 'c' || n, n % 7, n FROM generate_series(1, 50) AS n;
CREATE TABLE shop.events (id int, customer_id int REFERENCES shop.customers) PARTITION BY RANGE (id);
CREATE TABLE shop.events_1 PARTITION OF shop.events DEFAULT;
CREATE TABLE shop.parts (id int, customer_id int) PARTITION BY RANGE (id);
CREATE TABLE shop.parts_1 PARTITION OF shop.parts DEFAULT;
ALTER TABLE shop.parts_1 ADD FOREIGN KEY (customer_id) REFERENCES shop.customers;
CREATE TABLE shop.by_customer (customer_id int REFERENCES shop.customers) PARTITION BY LIST (customer_id);
CREATE VIEW shop.customers_of_events AS SELECT customer_id FROM shop.events;

-- near misses: the same below a domain, varchar and text, lengths, the same type
CREATE TABLE shop.near (a shop.positive REFERENCES shop.customers, b varchar(20) REFERENCES shop.customers (code),
                        c bigint REFERENCES shop.customers, d numeric(9, 2) REFERENCES shop.customers (price));

CREATE TEMPORARY VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'fk-type-mismatch';

SELECT 'fires per column',
       (SELECT array_agg(object || ' ' || (evidence ->> 'column') || ' ' || severity ORDER BY object, evidence ->> 'column' COLLATE "C") =
               ARRAY['shop.by_customer customer_id medium', 'shop.events customer_id medium', 'shop.orders Customer medium',
                     'shop.orders fixed medium', 'shop.orders price medium', 'shop.orders region low', 'shop.orders wide low',
                     'shop.parts_1 customer_id medium'] FROM found);
SELECT 'a row says what',
       (SELECT title = 'shop.orders."Customer" is integer but refers to shop.customers.id, which is bigint'
               AND detail ~ 'integer cannot hold each value of bigint' AND (evidence ->> 'may_overflow')::boolean
        FROM found WHERE title ~ 'Customer');
SELECT 'conversions are told', (SELECT (evidence ->> 'converts')::boolean FROM found WHERE evidence ->> 'column' = 'price')
       AND (SELECT NOT (evidence ->> 'converts')::boolean FROM found WHERE evidence ->> 'column' = 'Customer');
SELECT 'what is partitioned by cannot change', (SELECT fix ~ '^-- shop.by_customer is partitioned by' FROM found WHERE object = 'shop.by_customer');
SELECT 'views are named', (SELECT evidence ->> 'views' = 'shop.customers_of_events' FROM found WHERE object = 'shop.events');
SELECT 'coverage counts', (SELECT state = 'ran' AND examined = 12 FROM advisor.coverage WHERE rule = 'fk-type-mismatch');

DROP VIEW shop.customers_of_events;
CREATE TABLE before AS SELECT id, rollback FROM found WHERE object <> 'shop.by_customer';
SELECT fix FROM found WHERE object <> 'shop.by_customer' \gexec
SELECT 'fixed', (SELECT array_agg(object) = '{shop.by_customer}' FROM found);
SELECT 'rows and constraints are still there', (SELECT count(*) = 50 FROM shop.orders)
       AND (SELECT count(*) = 5 FROM pg_constraint WHERE conrelid = 'shop.orders'::regclass AND contype = 'f' AND convalidated);
SELECT rollback FROM before \gexec
SELECT 'rolled back', (SELECT count(*) = 7 FROM found WHERE id IN (SELECT id FROM before));
