-- Which existing index does what an advised one is for: whatever its name, also a wider one, and no other.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id int PRIMARY KEY, customer int, state text, placed date, note text, tags int[]);
CREATE TABLE shop.pairs (n int GENERATED ALWAYS AS IDENTITY, wanted text, built text, covered boolean);
INSERT INTO shop.pairs (wanted, built, covered) VALUES
    ('(customer)', '(customer)', true),
    ('(customer)', '(customer, state)', true),
    ('(customer)', '(state, customer)', false),
    ('(customer, state)', '(customer)', false),
    ('(customer, state)', '(state, customer)', false),
    ('(customer) INCLUDE (state)', '(customer, placed, state)', true),
    ('(customer) INCLUDE (state)', '(customer) INCLUDE (note, state)', true),
    ('(customer) INCLUDE (state)', '(customer) INCLUDE (note)', false),
    ('(customer)', '(customer DESC)', true),
    ('(customer, placed DESC)', '(customer, placed)', false),
    ('(customer, placed DESC)', '(customer DESC, placed)', true),
    ('(customer NULLS FIRST)', '(customer)', false),
    ('(state)', '(state text_pattern_ops)', false),
    ('(state text_pattern_ops)', '(state text_pattern_ops)', true),
    ('(state)', '(state COLLATE "C")', false),
    ('(state COLLATE "C")', '(state COLLATE "C")', true),
    ('(lower(state))', '(lower(state), customer)', true),
    ('(lower(state))', '(upper(state))', false),
    ('(lower(state))', '(state)', false),
    ('(customer, lower(state))', '(customer, lower(state)) INCLUDE (note)', true),
    ('(customer) WHERE state = ''open''', '(customer) WHERE state = ''open''', true),
    ('(customer) WHERE state = ''open''', '(customer)', true),
    ('(customer)', '(customer) WHERE state = ''open''', false),
    ('(customer) WHERE state = ''open''', '(customer) WHERE state = ''sent''', false),
    ('(customer) WHERE id > 100', '(customer) WHERE id > 10', true),
    ('(customer) WHERE id > 10', '(customer) WHERE id > 100', false),
    ('USING hash (customer)', 'USING hash (customer)', true),
    ('USING hash (customer)', '(customer)', false),
    ('(customer)', 'USING hash (customer)', false),
    ('USING gin (tags)', 'USING gin (tags)', true),
    ('USING brin (placed)', 'USING brin (placed, customer)', true),
    ('(id)', '(customer)', true);  -- the primary key's
CREATE FUNCTION shop.covered(wanted text, built text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE 'CREATE INDEX "Another Name" ON shop.orders ' || built;
    SELECT coalesce(index::regclass::text, 'none') || CASE WHEN looked THEN '' ELSE ', did not look' END INTO answer
    FROM advisor.covering_index('CREATE INDEX ON shop.orders ' || wanted);
    DROP INDEX shop."Another Name";
    RETURN answer;
END $$;
SELECT p.wanted, p.built, c.answer FROM shop.pairs AS p, LATERAL (SELECT shop.covered(p.wanted, p.built) AS answer OFFSET 0) AS c
WHERE (c.answer <> 'none') <> p.covered;
SELECT count(*) AS pairs FROM shop.pairs;

-- An invalid one is none; neither is there one on a table or column that is gone.
CREATE INDEX invalid ON shop.orders (customer);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'shop.invalid'::regclass;
SELECT index, looked FROM advisor.covering_index('CREATE INDEX ON shop.orders (customer)');
DROP INDEX shop.invalid;
SELECT index, looked FROM advisor.covering_index('CREATE INDEX ON shop.orders (gone)');
SELECT index, looked FROM advisor.covering_index('CREATE INDEX ON shop.gone (id)');
SELECT index, looked FROM advisor.covering_index('no index at all');

-- Of a partitioned table: its own index, or one on each partition.
CREATE TABLE shop.events (id int, at int) PARTITION BY RANGE (id);
CREATE TABLE shop.events_1 PARTITION OF shop.events FOR VALUES FROM (0) TO (10);
CREATE TABLE shop.events_2 (at int, id int);
ALTER TABLE shop.events ATTACH PARTITION shop.events_2 FOR VALUES FROM (10) TO (20);
SELECT index::regclass FROM advisor.covering_index('CREATE INDEX ON shop.events (at)');
CREATE INDEX on_first ON shop.events_1 (at);
SELECT index::regclass FROM advisor.covering_index('CREATE INDEX ON shop.events (at)');
CREATE INDEX on_parent ON ONLY shop.events (at);
SELECT index::regclass AS not_yet_valid FROM advisor.covering_index('CREATE INDEX ON shop.events (at)');
CREATE INDEX on_second ON shop.events_2 (at, id);
SELECT index::regclass FROM advisor.covering_index('CREATE INDEX ON shop.events (at)');
DROP INDEX shop.on_parent, shop.on_first, shop.on_second;
CREATE INDEX on_parent ON shop.events (at, id);
SELECT index::regclass FROM advisor.covering_index('CREATE INDEX ON shop.events (at)');
DROP SCHEMA shop CASCADE;
