-- Indexes that are written much and read little: fires where what reads them has another good plan; the fix and its rollback.
SET client_min_messages = warning;
SET db_advisor.observation_window = 0;
CREATE SCHEMA shop;
CREATE TABLE shop.events (id int PRIMARY KEY, kind int, at int, code int UNIQUE, note text);
INSERT INTO shop.events SELECT n, n % 3, n, n, 'note' FROM generate_series(1, 20000) AS n;
CREATE INDEX "events Kind" ON shop.events (kind);
CREATE INDEX events_at ON shop.events (at);
CREATE INDEX events_note ON shop.events (note);
CREATE TABLE shop.few (id int);
INSERT INTO shop.few SELECT generate_series(1, 500);
CREATE INDEX few_id ON shop.few (id);
VACUUM ANALYZE;
CREATE PROCEDURE shop.times(number int, statement text) LANGUAGE plpgsql AS $$ BEGIN FOR n IN 1 .. number LOOP EXECUTE statement; END LOOP; END $$;
-- each index is scanned once or twice; only the one on "at" saves much
SET enable_seqscan = off;
SELECT 'scanned', count(*) >= 0 FROM shop.events WHERE kind >= 0;
SELECT 'scanned', count(*) >= 0 FROM shop.few WHERE id = 1;
RESET enable_seqscan;
CALL shop.times(3, 'SELECT count(*) FROM shop.events WHERE kind >= 0 AND note IS NOT NULL');
CALL shop.times(3, 'SELECT note FROM shop.events WHERE at = 77');
SELECT 'scanned', count(*) = 1 FROM shop.events WHERE code = 5;
-- an update of one column that only this index holds
CALL shop.times(3, 'UPDATE shop.events SET kind = 4 WHERE id = 9');
SELECT 'counted', pg_stat_force_next_flush() IS NOT NULL;
CREATE TEMPORARY VIEW found AS SELECT * FROM advisor.recommendations WHERE rule = 'rarely-used-index';

SELECT 'fires; not for what is unused, unique, small, or needed by a statement',
       (SELECT array_agg(object ORDER BY object COLLATE "C") = ARRAY['shop."events Kind"'] FROM found);
SELECT 'a row says what and how sure',
       (SELECT severity = 'low' AND confidence = 0.5 AND storage_bytes < 0 AND evidence ->> 'unit' = 'bytes' AND (evidence ->> 'scans')::int >= 1
               AND (evidence ->> 'rows_written')::int >= 20000 AND (evidence #>> '{proof,statements}')::int >= 3
               AND title ~ '^index shop."events Kind" of shop.events was read [1-9] times, while 2\d{4} rows were written into it$'
        FROM found);
SELECT 'updates that only this index keeps from being HOT', (SELECT (evidence #>> '{proof,hot_updates_regained}')::int = 3 FROM found);
SELECT 'what is needed stands in the coverage',
       (SELECT state = 'ran' AND skipped >= 1 AND reason ~ 'no good plan' FROM advisor.coverage WHERE rule = 'rarely-used-index');
SELECT 'threshold', count(*) = 1 FROM advisor.set_rule('rarely-used-index', thresholds => '{"writes_per_scan": 1000000}');
SELECT 'not that rarely', NOT EXISTS (SELECT FROM found);
SELECT 'threshold back', count(*) = 1 FROM advisor.set_rule('rarely-used-index', thresholds => '{"writes_per_scan": null}');
SELECT 'a standby is told', count(*) = 1 FROM pg_create_physical_replication_slot('rule_test_standby');
SELECT 'and the query to run there', (SELECT severity = 'info' AND confidence = 0.25 AND evidence ->> 'query_on_standbys' ~ 'pg_stat_all_indexes' FROM found);
SELECT 'slot dropped', pg_drop_replication_slot('rule_test_standby') IS NOT NULL;

SELECT rollback AS undo, id AS old_id FROM found \gset
SELECT fix FROM found \gexec
SELECT 'fixed', NOT EXISTS (SELECT FROM found) AND to_regclass('shop."events Kind"') IS NULL;
:undo
SET enable_seqscan = off;
SELECT 'scanned', count(*) >= 0 FROM shop.events WHERE kind >= 0;
RESET enable_seqscan;
SELECT 'counted', pg_stat_force_next_flush() IS NOT NULL;
SELECT 'rolled back', (SELECT id = :'old_id' FROM found);
