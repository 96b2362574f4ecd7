-- Indexes that a failed build left, and near misses. Building anew can't be undone: it fails again on new repeated rows instead.
SET client_min_messages = warning;
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id int PRIMARY KEY, code int, note text);
INSERT INTO shop.orders SELECT n, n / 2, 'note' FROM generate_series(1, 3000) AS n;
\set ON_ERROR_STOP off
\o /dev/null
\set VERBOSITY sqlstate
CREATE UNIQUE INDEX CONCURRENTLY "orders Code" ON shop.orders (code);
\set ON_ERROR_STOP on
\o
CREATE INDEX orders_note ON shop.orders (note);
CREATE INDEX orders_note_again ON shop.orders (note);
CREATE INDEX orders_id_note_ccnew1 ON shop.orders (id, note);
CREATE INDEX orders_dropped ON shop.orders (note, id);
CREATE TABLE shop.few (id int);
CREATE INDEX few_id ON shop.few (id);
CREATE TABLE shop.events (id int) PARTITION BY RANGE (id);
CREATE TABLE shop.events_1 PARTITION OF shop.events DEFAULT;
INSERT INTO shop.events SELECT n FROM generate_series(1, 2000) AS n;
CREATE INDEX events_id ON shop.events (id);
-- near misses: a partitioned table whose partitions lack theirs; a build under way (what it locks); a valid one
CREATE INDEX events_unfinished ON ONLY shop.events (id);
CREATE TABLE shop.building (id int);
CREATE INDEX building_id ON shop.building (id);
UPDATE pg_index SET indisvalid = false
WHERE indexrelid IN ('shop.orders_note_again'::regclass, 'shop.orders_id_note_ccnew1'::regclass, 'shop.orders_dropped'::regclass,
                     'shop.few_id'::regclass, 'shop.events_1_id_idx'::regclass, 'shop.building_id'::regclass);
UPDATE pg_index SET indislive = false, indisready = false WHERE indexrelid = 'shop.orders_dropped'::regclass;
ANALYZE;

CREATE TEMPORARY VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'index-invalid';

BEGIN;
LOCK TABLE shop.building IN SHARE UPDATE EXCLUSIVE MODE;
SELECT 'fires, but not on a build or on a partitioned table',
       (SELECT array_agg(object || ' ' || severity ORDER BY object COLLATE "C") = ARRAY['shop."orders Code" high', 'shop.events_1_id_idx high',
               'shop.few_id info', 'shop.orders_dropped medium', 'shop.orders_id_note_ccnew1 high', 'shop.orders_note_again high'] FROM found);
COMMIT;
SELECT 'later the build counts as failed', EXISTS (SELECT FROM found WHERE object = 'shop.building_id');
SELECT 'what is a rest is dropped, the rest built again',
       (SELECT array_agg(fix ORDER BY object COLLATE "C") = ARRAY['REINDEX INDEX CONCURRENTLY shop."orders Code";',
               'REINDEX INDEX CONCURRENTLY shop.building_id;', 'REINDEX INDEX CONCURRENTLY shop.events_1_id_idx;',
               'REINDEX INDEX CONCURRENTLY shop.few_id;', 'DROP INDEX CONCURRENTLY shop.orders_dropped;',
               'DROP INDEX CONCURRENTLY shop.orders_id_note_ccnew1;', 'DROP INDEX CONCURRENTLY shop.orders_note_again;'] FROM found);
SELECT 'says why', (SELECT detail ~ 'Rows that are alike' AND evidence ->> 'valid' = 'false' FROM found WHERE object = 'shop."orders Code"')
       AND (SELECT evidence ->> 'same_as' = 'shop.orders_note' FROM found WHERE object = 'shop.orders_note_again');
SELECT 'coverage counts', (SELECT state = 'ran' AND examined = 9 FROM advisor.coverage WHERE rule = 'index-invalid');

CREATE TABLE before AS SELECT id, object, fix, rollback FROM found;
DELETE FROM shop.orders WHERE id % 2 = 1;
SELECT fix FROM found \gexec
SELECT 'fixed', NOT EXISTS (SELECT FROM found)
       AND (SELECT indisvalid AND indisunique FROM pg_index WHERE indexrelid = 'shop."orders Code"'::regclass);
SELECT rollback FROM before \gexec
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'shop.orders_note_again'::regclass;
INSERT INTO shop.orders VALUES (-1, -1), (-2, -2);
DROP INDEX shop."orders Code";
UPDATE shop.orders SET code = 0 WHERE id < 0;
\set ON_ERROR_STOP off
CREATE UNIQUE INDEX CONCURRENTLY "orders Code" ON shop.orders (code);
\set ON_ERROR_STOP on
SELECT 'back with the same id', (SELECT count(*) = 2 FROM found WHERE id IN (SELECT id FROM before));
