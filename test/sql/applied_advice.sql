-- Index advice that was followed: applied, then verified or regressed by what the statements took before and after.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
SELECT advisor.reset() IS NOT NULL AS reset;
CREATE TABLE visits (id int PRIMARY KEY, customer int, note text);
INSERT INTO visits SELECT n, (n * 7919) % 5000, 'note ' || n FROM generate_series(1, 20000) AS n;
VACUUM ANALYZE visits;
CREATE PROCEDURE visit_six_times() LANGUAGE plpgsql AS $$
BEGIN
    FOR n IN 1 .. 6 LOOP
        PERFORM count(*) FROM visits WHERE customer = 4711;
    END LOOP;
END $$;
CREATE VIEW kept AS
SELECT rule, status, regexp_replace(reason, '\d+\.\d+ ms', '… ms', 'g') AS reason, closed_at IS NOT NULL AS closed
FROM advisor.finding WHERE object = 'public.visits' AND rule LIKE 'missing-index%';

CALL visit_six_times();
SELECT complete FROM advisor.analyze();
SELECT * FROM kept;
SELECT jsonb_array_length(statements) AS statements, cardinality(indexes) AS indexes FROM advisor.finding WHERE object = 'public.visits' AND rule LIKE 'missing-index%';

-- Followed, but nothing ran since: applied, and no longer shown.
SELECT replace(fix_steps[1], 'CONCURRENTLY ', '') AS apply, rollback AS undo, id
FROM advisor.recommendations WHERE object = 'public.visits' AND rule LIKE 'missing-index%' \gset
:apply
SELECT complete FROM advisor.analyze();
SELECT * FROM kept;
SELECT status, closed_at IS NOT NULL AS closed FROM advisor.history WHERE id = :'id';
SELECT count(*) AS shown FROM advisor.recommendations WHERE id = :'id';

-- Faster since (the means before are set, so that no clock decides): verified; after the window: resolved.
UPDATE advisor.finding SET statements = jsonb_set(statements, '{0,mean_ms}', '1000') WHERE id = :'id';
CALL visit_six_times();
SELECT complete FROM advisor.analyze();
SELECT * FROM kept;
SELECT status FROM advisor.history WHERE id = :'id';
SET db_advisor.observation_window = 0;
SELECT complete FROM advisor.analyze();
SELECT status FROM advisor.history WHERE id = :'id';
RESET db_advisor.observation_window;

-- Slower since: regressed, shown, and the way back is the fix.
UPDATE advisor.finding SET status = 'applied', statements = jsonb_set(statements, '{0,mean_ms}', '0.000001') WHERE id = :'id';
SELECT complete FROM advisor.analyze();
SELECT * FROM kept;
SELECT status, fix = :'undo' AS way_back, fix_steps = ARRAY[:'undo'] AS steps, detail ~ '^6 executions since took' AS measured
FROM advisor.recommendations WHERE id = :'id';
SELECT complete FROM advisor.analyze();
SELECT * FROM kept;
-- gone back: the advice is there again, with what is known of it
:undo
CALL visit_six_times();
SELECT complete FROM advisor.analyze();
SELECT status FROM advisor.recommendations WHERE id = :'id';
-- and dismissed it is gone for good, though the next advice should have a column more
SELECT advisor.dismiss(:'id', 'tried');
CALL visit_six_times();
SELECT count(*) AS shown FROM advisor.recommendations WHERE object = 'public.visits' AND rule LIKE 'missing-index%';
-- without its statements it is resolved
SELECT advisor.undismiss(:'id');
UPDATE advisor.finding SET status = 'open' WHERE id = :'id';
SELECT advisor.reset() IS NOT NULL AS reset;
SELECT complete FROM advisor.analyze();
SELECT * FROM kept;
DROP VIEW kept;
DROP TABLE visits;
