-- Fires on a statement that got another plan and slower by a change of an index; not on one that kept its plan, got faster, or hardly ran.
-- The comparison is tested with real executions in test/sql/regressed_advice.sql.
SET client_min_messages = warning;
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id int PRIMARY KEY, customer int, state int);
INSERT INTO shop.orders SELECT n, n % 100, n % 5 FROM generate_series(1, 2000) AS n;
CREATE INDEX by_state ON shop.orders (state);
INSERT INTO advisor.index_change (id, action, index, relation, definition, changed_at, exact, noticed_at, first_at, settled_at, observed_until, undone_at)
VALUES ('1', 'created', 'shop.by_state', 'shop.orders', 'CREATE INDEX by_state ON shop.orders (state)', now(), true, now(), now(), now(), now(), NULL),
       ('2', 'dropped', 'shop.missed', 'shop.orders', 'CREATE INDEX missed ON shop.orders USING btree (customer)', now(), true, now(), now(), now(), now(), NULL),
       ('3', 'created', 'shop.gone', 'shop.orders', 'CREATE INDEX gone ON shop.orders (id)', now(), true, now(), now(), now(), now(), now());
INSERT INTO advisor.index_change_period
SELECT change, statement, period, false, false, calls, calls * ms, calls * ms * ms, ms, calls, 10, 0,
       array_fill(0::bigint, ARRAY[bucket]) || calls::bigint || array_fill(0::bigint, ARRAY[63 - bucket]), ARRAY[plan]::bigint[], ARRAY[calls]::bigint[], reads, NULL
FROM (VALUES ('1', 1, 'before', 100, 0.1, 16, 1, 0), ('1', 1, 'after', 100, 10, 32, 2, 100),     -- slower
             ('1', 2, 'before', 100, 0.1, 16, 1, 0), ('1', 2, 'after', 100, 10, 32, 1, 0),       -- with the plan that it had
             ('1', 3, 'before', 100, 10, 32, 1, 0), ('1', 3, 'after', 100, 0.1, 16, 2, 100),     -- faster
             ('1', 4, 'before', 100, 0.1, 16, 1, 0), ('1', 4, 'after', 4, 10, 32, 2, 4),         -- hardly ran
             ('1', 5, 'before', 100, 0.1, 16, 1, 0), ('1', 5, 'after', 100, 0.1, 16, 2, 100),    -- no slower
             ('1', 6, 'before', 100, 0.1, 16, 1, 0), ('1', 6, 'after', 100, 10, 32, 2, 0),       -- does not read it
             ('1', 7, 'before', 100, 0.1, 16, 1, 0), ('1', 7, 'after', 100, 0.17, 17, 2, 100),   -- slower, by less
             ('2', 1, 'before', 100, 0.1, 16, 1, 100), ('2', 1, 'after', 100, 10, 32, 3, 0),
             ('3', 1, 'before', 100, 0.1, 16, 1, 0), ('3', 1, 'after', 100, 10, 32, 2, 100))
    AS p (change, statement, period, calls, ms, bucket, plan, reads);
CREATE TEMPORARY VIEW found AS SELECT * FROM advisor.recommendations WHERE rule = 'plan-regression';

SELECT 'fires on the slower ones', (SELECT array_agg(evidence ->> 'queryid' || ' ' || (evidence ->> 'index') ORDER BY 1) = ARRAY['1 shop.by_state', '1 shop.missed', '7 shop.by_state']
                                    FROM (SELECT * FROM found ORDER BY evidence ->> 'queryid', evidence ->> 'index') AS f);
SELECT 'severe from twice the time on', (SELECT severity = 'medium' FROM found WHERE evidence ->> 'queryid' = '7')
       AND (SELECT bool_and(severity = 'high') FROM found WHERE evidence ->> 'queryid' = '1');
SELECT 'tells before and after', (SELECT detail ~ 'Before: 100 executions of 0\.100 ms.*After: 100 executions of 10\.000 ms.*reads the index now'
                                  FROM found WHERE evidence ->> 'queryid' = '1' AND evidence ->> 'index' = 'shop.by_state');
SELECT 'statistics before the index', (SELECT fix = 'ANALYZE shop.orders;' AND detail ~ 'DROP INDEX CONCURRENTLY shop.by_state;'
                                       FROM found WHERE evidence ->> 'queryid' = '1' AND evidence ->> 'index' = 'shop.by_state');
SELECT 'what is missed comes back', (SELECT fix ~ '^CREATE INDEX CONCURRENTLY missed ' FROM found WHERE evidence ->> 'index' = 'shop.missed');
SELECT advisor.set_rule('plan-regression', thresholds => '{"harmless": true}') \g /dev/null
SELECT 'harmless ones on request', (SELECT array_agg(evidence ->> 'queryid' ORDER BY 1) = '{5}' FROM found WHERE severity = 'info');
SELECT advisor.set_rule('plan-regression', thresholds => '{"harmless": null}') \g /dev/null

SELECT id AS old_id FROM found WHERE evidence ->> 'index' = 'shop.missed' \gset
SELECT fix FROM found WHERE evidence ->> 'index' = 'shop.missed' \gexec
DROP INDEX shop.by_state;
SELECT 'fixed', NOT EXISTS (SELECT FROM found);
DROP INDEX shop.missed;
SELECT 'rolled back, with the same id', (SELECT id = :'old_id' FROM found);
