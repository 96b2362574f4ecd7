-- Fires on a change that was found to cost more than it gains; not on one that gained, is undone, or upholds uniqueness.
-- The verdict itself is tested with real executions in test/sql/regressed_advice.sql.
SET client_min_messages = warning;
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id int PRIMARY KEY, customer int, state int);
INSERT INTO shop.orders SELECT n, n % 100, n % 5 FROM generate_series(1, 2000) AS n;
CREATE INDEX "By State" ON shop.orders (state);
CREATE INDEX by_customer ON shop.orders (customer);
CREATE UNIQUE INDEX by_both ON shop.orders (customer, id);
CREATE TABLE shop.events (id int, at int) PARTITION BY RANGE (id);
CREATE TABLE shop.events_1 PARTITION OF shop.events DEFAULT;
CREATE INDEX events_at ON shop.events (at);
INSERT INTO advisor.index_change (id, action, index, relation, definition, changed_at, exact, noticed_at, first_at, settled_at,
                                  observed_until, undone_at, status, reason, saved_ms)
SELECT id, action, index, relation, definition, now(), true, now(), now(), now(), now() + interval '2 hours', undone, status, 'measured', saved
FROM (VALUES ('1', 'created', 'shop."By State"', 'shop.orders', 'CREATE INDEX "By State" ON shop.orders (state)', NULL::timestamptz, 'regressed', -7.5),
             ('2', 'created', 'shop.by_customer', 'shop.orders', 'CREATE INDEX by_customer ON shop.orders (customer)', NULL, 'verified', 7),
             ('3', 'created', 'shop.by_both', 'shop.orders', 'CREATE UNIQUE INDEX by_both ON shop.orders (customer, id)', NULL, 'regressed', -7),
             ('4', 'created', 'shop.gone', 'shop.orders', 'CREATE INDEX gone ON shop.orders (customer)', now(), 'regressed', -7),
             ('5', 'dropped', 'shop.missed', 'shop.orders', 'CREATE INDEX missed ON shop.orders USING btree (customer, state)', NULL, 'regressed', -70),
             ('6', 'dropped', 'shop.missed_too', 'shop.no_more', 'CREATE INDEX missed_too ON shop.no_more (id)', NULL, 'regressed', -7),
             ('7', 'created', 'shop.events_at', 'shop.events', 'CREATE INDEX events_at ON ONLY shop.events USING btree (at)', NULL, 'regressed', -1))
    AS c (id, action, index, relation, definition, undone, status, saved);
INSERT INTO advisor.index_change_period
SELECT '1', 4711, period, true, true, 100, ms, ms * ms / 50, ms / 50, 100, blocks, 1000, array_fill(0::bigint, ARRAY[bucket]) || 100::bigint || array_fill(0::bigint, ARRAY[63 - bucket]),
       '{1}', '{100}', 0, NULL
FROM (VALUES ('before', 10.0, 500, 17), ('after', 1000.0, 800, 29)) AS p (period, ms, blocks, bucket);
CREATE TEMPORARY VIEW found AS SELECT * FROM advisor.recommendations WHERE rule = 'index-regression';

SELECT 'fires on the harmful ones', (SELECT array_agg(object ORDER BY object COLLATE "C") = ARRAY['shop."By State"', 'shop.events_at', 'shop.missed'] FROM found);
SELECT 'names the statement', (SELECT evidence -> 'statements' @> '[{"queryid": 4711, "effect": "slower", "writes": true}]' AND detail ~ '4711' AND title ~ '1 of the statements'
                               FROM found WHERE object = 'shop."By State"');
SELECT 'is told per day', (SELECT (evidence ->> 'saved_ms_per_day')::float8 = -90 FROM found WHERE object = 'shop."By State"');
SELECT 'a dropped one comes back', (SELECT fix = 'CREATE INDEX CONCURRENTLY missed ON shop.orders USING btree (customer, state);' FROM found WHERE object = 'shop.missed');
SELECT 'not concurrently where that does not go', (SELECT fix = 'DROP INDEX shop.events_at;' FROM found WHERE object = 'shop.events_at');
SELECT 'coverage counts', (SELECT state = 'ran' AND examined = 6 FROM advisor.coverage WHERE rule = 'index-regression');
SELECT advisor.set_rule('index-regression', thresholds => '{"min_lost_ms": 50}') \g /dev/null
SELECT 'the threshold counts', (SELECT array_agg(object) = ARRAY['shop.missed'] FROM found);
SELECT advisor.set_rule('index-regression', thresholds => '{"min_lost_ms": null}') \g /dev/null

SELECT id AS old_id, rollback AS undo FROM found WHERE object = 'shop."By State"' \gset
SELECT fix FROM found \gexec
SELECT 'fixed', NOT EXISTS (SELECT FROM found);
:undo
SELECT 'rolled back, with the same id', (SELECT id = :'old_id' FROM found);

CREATE ROLE regress_reader;
CREATE ROLE regress_owner;
ALTER TABLE shop.orders OWNER TO regress_owner;
GRANT USAGE ON SCHEMA shop TO regress_reader, regress_owner;
GRANT SELECT ON found TO regress_reader, regress_owner;
SET ROLE regress_reader;
SELECT 'others see nothing', (SELECT count(*) = 0 FROM advisor.index_changes) AND (SELECT count(*) = 0 FROM advisor.index_change_statements);
RESET ROLE;
SET ROLE regress_owner;
SELECT 'the owner sees it without the text', (SELECT count(*) = 5 FROM advisor.index_changes) AND (SELECT query IS NULL FROM advisor.index_change_statements);
RESET ROLE;
