-- A second session that is idle in its transaction until its shell may read; near misses. The fix's commented statements end it.
SET client_min_messages = warning;
DROP ROLE IF EXISTS "rule_test App", rule_test_plain;
CREATE ROLE "rule_test App" LOGIN;
CREATE ROLE rule_test_plain;
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id int);
GRANT USAGE ON SCHEMA shop TO "rule_test App";
GRANT ALL ON shop.orders TO "rule_test App";
CREATE TEMPORARY VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'idle-in-transaction';
CREATE PROCEDURE await(wanted text, sessions int) LANGUAGE plpgsql AS $$
BEGIN
    FOR n IN 1..1000 LOOP
        PERFORM pg_stat_clear_snapshot();
        EXIT WHEN (SELECT count(*) FROM pg_stat_activity WHERE usename = 'rule_test App' AND state = wanted) = sessions;
        PERFORM pg_sleep(0.02);
    END LOOP;
END $$;
\setenv GATE `mktemp -u /tmp/rule_test.XXXXXXXX`
\! mkfifo "$GATE" "$GATE.2"
\! PGAPPNAME=shop psql -X -q -U "rule_test App" -d rule_test -c "BEGIN" -c "INSERT INTO shop.orders VALUES (1)" -c "\! cat '$GATE'" >/dev/null 2>&1 &
\! PGAPPNAME=shop psql -X -q -U "rule_test App" -d rule_test -c "SELECT 1" -c "\! cat '$GATE.2'" >/dev/null 2>&1 &
CALL await('idle in transaction', 1);
CALL await('idle', 1);

SELECT 'it has a minute', NOT EXISTS (SELECT FROM found);
SELECT 'no time', count(*) = 1 FROM advisor.set_rule('idle-in-transaction', thresholds => '{"seconds": 0}');
SELECT 'fires per role and application, not on a session without a transaction',
       (SELECT array_agg(object) = ARRAY['"rule_test App"'] FROM found);
SELECT 'a row says what it holds',
       (SELECT severity = 'high' AND title ~ '^a session of role "rule_test App" \(shop\) leaves' AND (evidence ->> 'locks')::int = 1
               AND evidence ->> 'unit' = 'ms' AND jsonb_array_length(evidence -> 'sessions') = 1 AND evidence::text !~ 'INSERT'
        FROM found);
SELECT 'ending it is a comment',
       (SELECT fix ~ '^ALTER ROLE "rule_test App" IN DATABASE rule_test SET .*;\n-- SELECT pg_terminate_backend\(\d+\);$' FROM found);
SELECT 'coverage counts', (SELECT state = 'ran' AND examined >= 2 FROM advisor.coverage WHERE rule = 'idle-in-transaction');
SET ROLE rule_test_plain;
SELECT 'who may not see others is told so', (SELECT state = 'skipped' AND reason ~ 'pg_read_all_stats' FROM advisor.coverage WHERE rule = 'idle-in-transaction')
       AND NOT EXISTS (SELECT FROM advisor.recommendations WHERE rule = 'idle-in-transaction');
RESET ROLE;

-- somebody waits for it
\! PGAPPNAME=waiting psql -X -q -d rule_test -c "BEGIN; LOCK TABLE shop.orders; COMMIT" >/dev/null 2>&1 &
DO $$
BEGIN
    FOR n IN 1..1000 LOOP
        PERFORM pg_stat_clear_snapshot();
        EXIT WHEN EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'waiting' AND wait_event_type = 'Lock');
        PERFORM pg_sleep(0.02);
    END LOOP;
END $$;
SELECT 'critical while others wait', (SELECT severity = 'critical' AND (evidence ->> 'waiting_sessions')::int = 1 FROM found);

SELECT rollback AS undo, id AS old_id FROM found \gset
SELECT fix FROM found \gexec
SELECT 'the setting is there', setconfig = '{idle_in_transaction_session_timeout=5min}' FROM pg_db_role_setting WHERE setrole = '"rule_test App"'::regrole;
SELECT regexp_replace(step, '^-- ', '') FROM found CROSS JOIN LATERAL unnest(fix_steps) AS step WHERE step ~ 'terminate' \gexec
CALL await('idle in transaction', 0);
SELECT 'fixed', NOT EXISTS (SELECT FROM found);
:undo
SELECT 'rolled back', NOT EXISTS (SELECT FROM pg_db_role_setting WHERE setrole = '"rule_test App"'::regrole);
\! : >"$GATE"
\! PGAPPNAME=shop psql -X -q -U "rule_test App" -d rule_test -c "BEGIN" -c "SELECT 1" -c "\! cat '$GATE'" >/dev/null 2>&1 &
CALL await('idle in transaction', 1);
SELECT 'back with the same id, less grave without a lock', (SELECT id = :'old_id' AND severity = 'medium' FROM found);
\! : >"$GATE"; : >"$GATE.2"; rm "$GATE" "$GATE.2"
CALL await('idle in transaction', 0);
CALL await('idle', 0);
DROP OWNED BY "rule_test App", rule_test_plain;
DROP ROLE "rule_test App", rule_test_plain;
