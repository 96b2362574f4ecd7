-- Ages above lowered thresholds, since no test can use up 200,000,000 transactions. Freezing can't be undone: transactions pass instead.
SET client_min_messages = warning;
CREATE PROCEDURE pass_transactions() LANGUAGE plpgsql AS $$
BEGIN
    FOR n IN 1..4000 LOOP
        PERFORM pg_current_xact_id();
        COMMIT;
    END LOOP;
END $$;
CREATE SCHEMA shop;
CREATE TABLE shop."Orders" (id int);
INSERT INTO shop."Orders" VALUES (1);
CALL pass_transactions();

CREATE TEMPORARY VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'transaction-id-wraparound';

SELECT 'silent as long as autovacuum has time', NOT EXISTS (SELECT FROM found);
SELECT 'coverage counts', (SELECT state = 'ran' AND examined >= 4 FROM advisor.coverage WHERE rule = 'transaction-id-wraparound');
-- 4,000 of 200,000,000 transactions
SELECT 'lowered', count(*) = 1 FROM advisor.set_rule('transaction-id-wraparound', thresholds => '{"late_share": 0.00001, "held_share": 0.00001}');
SELECT 'fires, here and on other databases',
       (SELECT severity = 'high' AND (evidence ->> 'age')::int >= 4000 AND fix ~ '^VACUUM \(FREEZE\)' AND detail ~ 'Autovacuum is off'
        FROM found WHERE object = 'rule_test')
       AND (SELECT fix ~ '^-- ALTER DATABASE template0 ALLOW_CONNECTIONS true;\n-- connected to database template0: VACUUM \(FREEZE\);$' FROM found WHERE object = 'template0');
SELECT 'critical by age', count(*) = 1 FROM advisor.set_rule('transaction-id-wraparound', thresholds => '{"critical_age": 4000}');
SELECT 'then critical', (SELECT severity = 'critical' FROM found WHERE object = 'rule_test');

SELECT id AS old_id FROM found WHERE object = 'rule_test' \gset
SELECT fix FROM found WHERE object = 'rule_test' \gexec
SELECT 'fixed', NOT EXISTS (SELECT FROM found WHERE object = 'rule_test') AND EXISTS (SELECT FROM found WHERE object = 'template0');
CALL pass_transactions();
SELECT 'back with the same id', (SELECT id = :'old_id' FROM found WHERE object = 'rule_test');

-- a session that still needs old rows: it is idle until its shell may read
\setenv GATE `mktemp -u /tmp/rule_test.XXXXXXXX`
\! mkfifo "$GATE"
\! psql -X -q -d rule_test -c "BEGIN ISOLATION LEVEL REPEATABLE READ" -c "SELECT 1" -c "\! cat '$GATE'" >/dev/null 2>&1 &
DO $$
BEGIN
    FOR n IN 1..1000 LOOP
        PERFORM pg_stat_clear_snapshot();
        EXIT WHEN EXISTS (SELECT FROM pg_stat_activity WHERE state = 'idle in transaction' AND backend_xmin IS NOT NULL);
        PERFORM pg_sleep(0.02);
    END LOOP;
END $$;
CALL pass_transactions();
SELECT 'who holds VACUUM back is named, and ended only as a comment',
       (SELECT evidence ->> 'held_by' ~ '^process \d+ of role' AND (evidence ->> 'held_age')::int >= 4000 AND detail ~ 'end that first'
               AND fix ~ '^-- SELECT pg_terminate_backend\(\d+\);\nVACUUM' FROM found WHERE object = 'rule_test');
SELECT substring(fix FROM '^-- (SELECT pg_terminate_backend.*?;)') FROM found WHERE object = 'rule_test' \gexec
\! : >"$GATE"; rm "$GATE"
DO $$
BEGIN
    FOR n IN 1..1000 LOOP
        PERFORM pg_stat_clear_snapshot();
        EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE state = 'idle in transaction');
        PERFORM pg_sleep(0.02);
    END LOOP;
END $$;
SELECT 'ended', (SELECT evidence ->> 'held_by' IS NULL FROM found WHERE object = 'rule_test');
