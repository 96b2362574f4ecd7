-- The life of a finding, settings of rules, exemptions, the gate for build servers, and rules that go wrong.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE SCHEMA shop;
CREATE ROLE regress_clerk;
CREATE ROLE regress_reader;
CREATE TABLE shop.orders (id int PRIMARY KEY, customer int);
INSERT INTO shop.orders SELECT n, n % 100 FROM generate_series(1, 2000) AS n;
CREATE INDEX orders_customer ON shop.orders (customer);
CREATE INDEX orders_customer_again ON shop.orders (customer);
ANALYZE shop.orders;
CREATE VIEW found AS SELECT * FROM advisor.recommendations WHERE rule = 'duplicate-index';
GRANT SELECT ON found TO PUBLIC;

-- Before anything is written down.
SELECT object, status, first_seen = last_seen AS new FROM found;
SELECT value, state, note, fix FROM advisor.status WHERE name = 'findings';
SELECT count(*) AS kept FROM advisor.finding;
SELECT id AS first_id FROM found \gset

-- Written down: first seen stays.
SELECT findings > 0 AS found, complete FROM advisor.analyze();
SELECT status, first_seen <= last_seen AS ordered FROM advisor.finding WHERE id = :'first_id';
SELECT first_seen AS since FROM found \gset
SELECT pg_sleep(0.01) \g /dev/null
SELECT status, first_seen = :'since' AS first_seen_kept, last_seen > first_seen AS seen_again FROM found;
SELECT state FROM advisor.status WHERE name = 'findings';

-- Fixed: resolved by itself. Back again: open, and first seen as before.
DROP INDEX shop.orders_customer_again;
SELECT count(*) AS shown FROM found;
SELECT count(*) AS in_history_before_the_analysis FROM advisor.history WHERE id = :'first_id';
SELECT FROM advisor.analyze() \g /dev/null
SELECT status, closed_at >= first_seen AS closed, reason FROM advisor.history WHERE id = :'first_id';
CREATE INDEX orders_customer_again ON shop.orders (customer);
SELECT status, first_seen = :'since' AS first_seen_kept FROM found;
SELECT FROM advisor.analyze() \g /dev/null
SELECT status, closed_at FROM advisor.finding WHERE id = :'first_id';
SELECT count(*) AS in_history FROM advisor.history WHERE id = :'first_id';

-- Dismissed, for a time and for ever, and back.
SELECT advisor.dismiss(:'first_id', 'needed by the nightly job', now() + interval '1 hour');
SELECT count(*) AS shown FROM found;
SELECT status, reason FROM advisor.history WHERE id = :'first_id';
UPDATE advisor.dismissal SET until = now() - interval '1 second';
SELECT count(*) AS shown_after_the_end FROM found;
SELECT advisor.dismiss(:'first_id', 'for ever');
SELECT kind, rule, object, reason, until, created_by = current_user AS mine, unused FROM advisor.suppressions;
SELECT split_part(advisor.report(), 'What your last changes did', 1) ~ 'orders_customer_again' AS in_report;
SELECT advisor.undismiss(:'first_id');
SELECT count(*) AS shown FROM found;

-- Ended, it hides nothing, and is said to be of no use.
SELECT advisor.dismiss(:'first_id', 'soon over', now() + interval '1 hour');
UPDATE advisor.dismissal SET until = now() - interval '1 second';
SELECT FROM advisor.analyze() \g /dev/null
SELECT unused, matched_at IS NULL AS unmatched FROM advisor.suppressions;
SELECT title ~ '^the dismissal of duplicate-index on shop' AS named, detail ~ 'It ended on' AS ended FROM advisor.recommendations WHERE rule = 'unused-suppression';
SELECT advisor.undismiss(:'first_id');

-- Exempt by schema, by rule and object, by owner.
SELECT advisor.exempt('a sandbox', schema => 'shop') AS exemption \gset
SELECT count(*) AS shown FROM found;
SELECT status, reason FROM advisor.history WHERE id = :'first_id';
SELECT advisor.unexempt(:'exemption');
SELECT advisor.exempt('agreed', rule => 'duplicate-index', object => 'shop.orders_customer_again') AS exemption \gset
SELECT count(*) AS shown FROM found;
SELECT advisor.unexempt(:'exemption');
SELECT advisor.exempt('other', rule => 'unindexed-foreign-key', schema => 'shop') AS other \gset
SELECT count(*) AS shown_with_another_rule_exempt FROM found;
ALTER TABLE shop.orders OWNER TO regress_clerk;
SELECT advisor.exempt('theirs', role => 'regress_clerk') AS exemption \gset
SELECT count(*) AS shown FROM found;
SELECT advisor.unexempt(:'exemption');
-- an analysis later it is known which of them silence nothing
SELECT FROM advisor.analyze() \g /dev/null
SELECT id = :'other' AS the_other, unused FROM advisor.suppressions;
SELECT title FROM advisor.recommendations WHERE rule = 'unused-suppression';
-- of a rule that did not run nothing is known
SELECT advisor.set_rule('unindexed-foreign-key', enabled => false);
SELECT FROM advisor.analyze() \g /dev/null
SELECT unused FROM advisor.suppressions;
SELECT advisor.set_rule('unindexed-foreign-key', enabled => true);
SELECT advisor.unexempt(:'other');
-- what hides nothing is said at once
SET client_min_messages = notice;
SELECT advisor.exempt('misspelt', schema => 'shopp') AS exemption \gset
SELECT advisor.exempt('of another', role => 'regress_reader') AS of_role \gset
SELECT advisor.exempt('the table', rule => 'duplicate-index', object => 'shop.orders') AS of_object \gset
SELECT advisor.exempt('all of it', schema => 'shop') AS other \gset
SET client_min_messages = warning;
SELECT advisor.unexempt(:'exemption'), advisor.unexempt(:'other'), advisor.unexempt(:'of_role'), advisor.unexempt(:'of_object');

-- Who is granted it may dismiss, without a right on the tables. Others see what they may read.
GRANT EXECUTE ON FUNCTION advisor.dismiss(text, text, timestamptz) TO regress_clerk;
SET ROLE regress_clerk;
SELECT advisor.dismiss(:'first_id', 'as a clerk');
SELECT advisor.undismiss(:'first_id');
SELECT current_user;
SELECT count(*) AS own_table_in_history FROM advisor.history WHERE object LIKE 'shop.orders%';
RESET ROLE;
SELECT created_by FROM advisor.suppressions;
SET ROLE regress_reader;
SELECT count(*) AS shown FROM found;
SELECT count(*) AS in_history FROM advisor.history;
RESET ROLE;
SELECT advisor.undismiss(:'first_id');

-- Without a write: on a standby and in a read-only transaction all can be read, and analysed.
BEGIN READ ONLY;
SELECT status, first_seen = :'since' AS first_seen_kept FROM found;
SELECT findings > 0 AS found FROM advisor.analyze();
SAVEPOINT before;
SELECT advisor.dismiss(:'first_id', 'not now');
ROLLBACK TO before;
SELECT count(*) AS shown FROM found;
COMMIT;

-- Settings of a rule.
SELECT severity, engines, enabled, thresholds FROM advisor.rules WHERE rule = 'duplicate-index';
SELECT advisor.set_rule('duplicate-index', severity => 'critical');
SELECT severity FROM found;
SELECT advisor.set_rule('duplicate-index', severity => 'default');
SELECT severity FROM found;
SELECT advisor.set_rule('duplicate-index', enabled => false);
SELECT count(*) AS shown FROM found;
SELECT state, reason FROM advisor.coverage WHERE rule = 'duplicate-index';
SELECT FROM advisor.analyze() \g /dev/null
SELECT status AS not_resolved_by_looking_away FROM advisor.finding WHERE id = :'first_id';
SELECT advisor.set_rule('duplicate-index', enabled => true);

-- The gate, on one rule only.
INSERT INTO advisor.rule_setting (rule, enabled) SELECT rule, rule = 'duplicate-index' FROM advisor.rules
ON CONFLICT (rule) DO NOTHING;
SELECT advisor.set_rule('duplicate-index', severity => 'high');
\set VERBOSITY default
SELECT advisor.check('critical') ~ '^no finding of severity "critical" or above; \d+ of \d+ rules ran$' AS passes;
SELECT advisor.check();
\set VERBOSITY terse
SELECT advisor.set_rule('duplicate-index', severity => 'default');

DELETE FROM advisor.rule_setting;

-- Reports leave out what is dismissed.
SELECT jsonb_typeof(advisor.report('json')::jsonb) AS type,
       (SELECT count(*) FROM jsonb_array_elements(advisor.report('json')::jsonb) AS r
        WHERE r ->> 'object' = 'shop.orders_customer_again' AND r ->> 'status' = 'open') AS rows;

-- Rules that go wrong: each is a row of the coverage, and the others run.
INSERT INTO advisor.rule (rule, category, severity, title, why, min_version, examined, waits, privileges, thresholds, query)
SELECT r.rule, 'schema', 'low', 'x', 'x', coalesce(r.min_version, 15), coalesce(r.examined, 'SELECT 1'), r.waits,
       r.privileges, coalesce(r.thresholds::jsonb, '{}'),
       coalesce(r.query, 'SELECT ''it'' AS object, NULL AS subject, NULL AS severity, ''t'' AS title, NULL AS detail, '
                         'NULL::jsonb AS evidence, NULL AS benefit, NULL AS storage_bytes, NULL AS confidence, '
                         'NULL::text[] AS fix_steps, NULL AS fix, NULL AS rollback WHERE ' || r.holds)
FROM (VALUES ('z-syntax', NULL, NULL, NULL, NULL, NULL, NULL, 'SELEC 1', NULL),
             ('z-division', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '1 / (SELECT count(*) - count(*) FROM pg_class) = 1'),
             ('z-for-ever', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
              '(SELECT count(*) FROM generate_series(1, 1e15::bigint)) = 1'),
             ('z-sleeps', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'pg_sleep(3600) IS NULL'),
             ('z-newer', 99, NULL, NULL, NULL, NULL, NULL, NULL, 'no_such_function()'),
             ('z-columns', NULL, NULL, NULL, NULL, NULL, NULL, 'SELECT 1 AS object', NULL),
             ('z-examined', NULL, NULL, 'SELECT no_such_column', NULL, NULL, NULL, NULL, 'false'),
             ('z-skips', NULL, NULL, 'SELECT 7, 3, ''never analysed''', NULL, NULL, NULL, NULL, 'false'),
             ('z-writes', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'set_config(''x.y'', ''1'', false) = ''1'' AND nextval(''shop.numbers'') > 0'),
             ('z-waits', NULL, NULL, NULL, 'observation window', NULL, NULL, NULL, 'true'),
             ('z-privileges', NULL, NULL, NULL, NULL, 'pg_read_all_stats', NULL, NULL, 'true'),
             ('z-unknown-role', NULL, NULL, NULL, NULL, 'no_such_role', NULL, NULL, 'true'),
             ('z-severity', NULL, NULL, NULL, NULL, NULL, NULL, 'SELECT ''it'' AS object, NULL AS subject, ''grave'' AS severity, NULL AS title, '
              'NULL AS detail, NULL AS evidence, NULL AS benefit, NULL AS storage_bytes, 1 AS confidence, NULL::text[] AS fix_steps, NULL AS fix, NULL AS rollback', NULL),
             ('z-confidence', NULL, NULL, NULL, NULL, NULL, NULL, 'SELECT ''it'' AS object, NULL AS subject, ''low'' AS severity, NULL AS title, '
              'NULL AS detail, NULL AS evidence, NULL AS benefit, NULL AS storage_bytes, 5 AS confidence, NULL::text[] AS fix_steps, NULL AS fix, NULL AS rollback', NULL),
             ('z-threshold', NULL, NULL, NULL, NULL, NULL, '{"least": 10, "strict": true, "kind": "a''b"}', NULL,
              '(SELECT least > 20 AND strict AND kind = ''a''''b'' AND pg_typeof(least) = ''double precision''::regtype FROM threshold)'))
     AS r (rule, min_version, unused, examined, waits, privileges, thresholds, query, holds);
CREATE SEQUENCE shop.numbers;
SET db_advisor.rule_time_limit = '200ms';
SELECT rule, state, examined, skipped, regexp_replace(reason, 'cover [0-9.]+ of', 'cover … of') AS reason
FROM advisor.coverage WHERE rule ~ '^z-' OR rule = 'duplicate-index' ORDER BY rule;
SELECT rule FROM advisor.recommendations WHERE rule ~ '^z-|duplicate' ORDER BY rule;
SELECT last_value, is_called FROM shop.numbers;
SELECT advisor.check('critical') ~ '; z-syntax failed: syntax error at or near "1"' AS failures_named;
SET db_advisor.observation_window = 0;
SELECT state FROM advisor.coverage WHERE rule = 'z-waits';
SET ROLE regress_reader;
SELECT rule, state, reason FROM advisor.coverage WHERE rule = 'z-privileges';
RESET ROLE;
SELECT advisor.set_rule('z-threshold', thresholds => '{"least": 30}');
SELECT thresholds FROM advisor.rules WHERE rule = 'z-threshold';
SELECT count(*) AS above FROM advisor.recommendations WHERE rule = 'z-threshold';
SELECT advisor.set_rule('z-threshold', thresholds => '{"least": null}');
SELECT count(*) AS above FROM advisor.recommendations WHERE rule = 'z-threshold';
-- the user's own limits still hold
SET db_advisor.rule_time_limit = '1h';
SET statement_timeout = '300ms';
SELECT count(*) FROM advisor.coverage;
RESET statement_timeout;
SET db_advisor.rule_time_limit = '200ms';

-- Bad input changes nothing.
\set VERBOSITY default
SELECT advisor.set_rule('no-such-rule', enabled => false);
SELECT advisor.set_rule('z-threshold', thresholds => '{"leest": 1}');
SELECT advisor.set_rule('z-threshold', thresholds => '{"least": "many"}');
SELECT advisor.set_rule('z-threshold', thresholds => '[1]');
SELECT advisor.set_rule('duplicate-index', thresholds => '{"least": 1}');
SELECT advisor.set_rule('z-threshold', severity => 'grave');
SELECT advisor.set_rule(NULL);
SELECT advisor.set_rule('z-threshold');
SELECT advisor.set_rule('z-threshold', thresholds => '{"least": 1e400}');
SELECT advisor.check(NULL);
SELECT advisor.report(NULL);
SELECT advisor.dismiss('no such id', 'a reason');
SELECT advisor.dismiss(:'first_id', ' ');
SELECT advisor.dismiss(NULL, 'a reason');
SELECT advisor.dismiss(:'first_id', 'too late', now() - interval '1 day');
SELECT advisor.undismiss(:'first_id');
SELECT advisor.exempt('a reason');
SELECT advisor.exempt('a reason', rule => 'no-such-rule');
SELECT advisor.unexempt('no such id');
SELECT advisor.check('grave');
SELECT advisor.report('pdf');
\set VERBOSITY terse
SELECT count(*) AS shown FROM found;
SELECT count(*) AS settings FROM advisor.rule_setting WHERE NOT enabled OR severity IS NOT NULL OR thresholds <> '{}';

-- A rule that is gone.
DELETE FROM advisor.rule WHERE rule ~ '^z-';
DELETE FROM advisor.rule_setting WHERE rule ~ '^z-';
INSERT INTO advisor.finding (id, rule, category, severity, object, title, confidence, status, first_seen, last_seen)
VALUES ('gone', 'z-gone', 'schema', 'low', 'it', 't', 1, 'open', now(), now());
SELECT FROM advisor.analyze() \g /dev/null
SELECT status, reason FROM advisor.history WHERE id = 'gone';
DROP SCHEMA shop CASCADE;
DROP ROLE regress_reader;
DROP OWNED BY regress_clerk;
DROP ROLE regress_clerk;
