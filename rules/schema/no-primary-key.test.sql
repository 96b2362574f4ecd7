-- Tables without a primary key, with and without something that can become it; those that have one or need none.
SET client_min_messages = error;
CREATE SCHEMA shop;
CREATE TABLE shop."Orders" (number int NOT NULL, id text, state text NOT NULL);
INSERT INTO shop."Orders" SELECT n, 'x', 'open' FROM generate_series(1, 2000) AS n;
CREATE TABLE shop.indexed (code int NOT NULL, region int NOT NULL, note text);
CREATE UNIQUE INDEX indexed_wide ON shop.indexed (region, code);
CREATE UNIQUE INDEX "indexed Code" ON shop.indexed (code) INCLUDE (note);
CREATE TABLE shop.constrained (code int NOT NULL UNIQUE);
CREATE TABLE shop.referring (id int PRIMARY KEY, code int REFERENCES shop.constrained (code));
CREATE TABLE shop.descending (code int NOT NULL);
CREATE UNIQUE INDEX descending_code ON shop.descending (code DESC);
CREATE TABLE shop.parted (region int, id int) PARTITION BY LIST (region);
CREATE TABLE shop.parted_1 PARTITION OF shop.parted FOR VALUES IN (1) PARTITION BY RANGE (id);
CREATE TABLE shop.parted_1_1 PARTITION OF shop.parted_1 DEFAULT;
INSERT INTO shop.parted SELECT 1, n FROM generate_series(1, 1500) AS n;
CREATE TABLE shop.parted_unique (region int NOT NULL, UNIQUE (region)) PARTITION BY LIST (region);
CREATE TABLE shop.by_expression (word text) PARTITION BY LIST (lower(word));
CREATE TABLE shop.parent (code int);
CREATE TABLE shop.child (PRIMARY KEY (code)) INHERITS (shop.parent);
CREATE UNLOGGED TABLE shop.fleeting (code int);
CREATE TABLE shop.published_log (code int);

-- what can't become the key: NULLs, a part of the rows, an expression, checked late
CREATE TABLE shop.nearly (code int, part int NOT NULL, expression int NOT NULL, late int NOT NULL UNIQUE DEFERRABLE);
CREATE UNIQUE INDEX ON shop.nearly (code);
CREATE UNIQUE INDEX ON shop.nearly (part) WHERE part > 0;
CREATE UNIQUE INDEX ON shop.nearly ((expression + 0));

-- near misses
CREATE TABLE shop.keyed (id int PRIMARY KEY);
CREATE TABLE shop.parted_keyed (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE shop.parted_keyed_1 PARTITION OF shop.parted_keyed DEFAULT;
CREATE TABLE shop.staging_orders (id int);
CREATE TABLE shop.access_log (line text);
CREATE TEMPORARY TABLE passing (id int);
CREATE MATERIALIZED VIEW shop.totals AS SELECT 1 AS one;
ANALYZE;

CREATE TEMPORARY VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'no-primary-key';

SELECT 'fires, on partitioned tables once',
       (SELECT array_agg(object ORDER BY object COLLATE "C") = ARRAY['shop."Orders"', 'shop.by_expression', 'shop.constrained', 'shop.descending',
               'shop.fleeting', 'shop.indexed', 'shop.nearly', 'shop.parent', 'shop.parted', 'shop.parted_unique'] FROM found);
SELECT 'severity by size and kind',
       (SELECT array_agg(severity ORDER BY object COLLATE "C") = '{high,medium,medium,medium,low,medium,medium,medium,high,medium}' FROM found);
SELECT 'a row says what and how sure',
       (SELECT evidence ->> 'unit' = 'rows' AND (evidence ->> 'rows')::int = 2000 AND evidence ->> 'distinct_in_statistics' = 'number'
               AND detail ~ 'own in each row: number;' AND storage_bytes > 0 AND confidence = 0.8
        FROM found WHERE object = 'shop."Orders"');
SELECT 'an index becomes the key', (SELECT fix ~ 'PRIMARY KEY USING INDEX "indexed Code"' FROM found WHERE object = 'shop.indexed');
SELECT 'what is nearly unique does not', (SELECT evidence ->> 'unique_columns' IS NULL FROM found WHERE object = 'shop.nearly');
SELECT 'a question where no key is possible', (SELECT fix ~ '^-- which columns' AND cardinality(fix_steps) = 0 FROM found WHERE object = 'shop.by_expression');
SELECT 'coverage counts', (SELECT state = 'ran' AND examined = 17 FROM advisor.coverage WHERE rule = 'no-primary-key');

CREATE PUBLICATION changes FOR TABLE shop.published_log;
SELECT 'a publication needs a key whatever the name',
       (SELECT severity = 'high' AND evidence ->> 'publications' = 'changes' AND detail ~ 'UPDATE and DELETE on it fails'
        FROM found WHERE object = 'shop.published_log');
ALTER TABLE shop.published_log REPLICA IDENTITY FULL;
SELECT 'not with another identity', NOT EXISTS (SELECT FROM found WHERE object = 'shop.published_log');

CREATE TABLE before AS SELECT id, object, rollback FROM found WHERE object <> 'shop.by_expression';
SELECT fix FROM found WHERE object <> 'shop.by_expression' \gexec
SELECT 'fixed', (SELECT array_agg(object) = '{shop.by_expression}' FROM found)
                AND (SELECT count(*) = 9 FROM pg_constraint AS c JOIN before AS b ON b.object::regclass = c.conrelid WHERE c.contype = 'p');
SELECT 'a column of that name is left alone', (SELECT count(id) = 2000 AND count(DISTINCT id1) = 2000 FROM shop."Orders");
SELECT rollback FROM before \gexec
SELECT 'rolled back', (SELECT count(*) = 9 FROM found WHERE id IN (SELECT id FROM before));
SELECT 'with the index as it was', pg_get_indexdef('shop."indexed Code"'::regclass) ~ 'UNIQUE INDEX "indexed Code" .*INCLUDE';

SELECT 'names are a threshold', count(*) = 1 FROM advisor.set_rule('no-primary-key', thresholds => '{"ignored_names": "^$"}');
SELECT 'then logs count', EXISTS (SELECT FROM found WHERE object = 'shop.access_log');
