-- Index advice that was followed: recognised by what the index does, measured by what was recorded before and after.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
SELECT advisor.reset() IS NOT NULL AS reset;
CREATE TABLE visits (id int PRIMARY KEY, customer int, note text);
INSERT INTO visits SELECT n, (n * 7919) % 5000, 'note ' || n FROM generate_series(1, 200000) AS n;
VACUUM ANALYZE visits;
CREATE PROCEDURE visit(times int) LANGUAGE plpgsql AS $$
BEGIN
    FOR n IN 1 .. times LOOP
        PERFORM count(*) FROM visits WHERE customer = 4711;
    END LOOP;
END $$;
CREATE VIEW kept AS
SELECT rule, status, closed_at IS NOT NULL AS closed,
       regexp_replace(reason, '\d+(\.\d+)? (ms|s)\M', '… \2', 'g') AS reason
FROM advisor.finding WHERE object = 'public.visits' AND rule LIKE 'missing-index%';
CREATE VIEW stories AS
SELECT (SELECT string_agg(s ->> 'status', ' > ' ORDER BY n) FROM jsonb_array_elements(h.story) WITH ORDINALITY AS e (s, n)) AS story
FROM advisor.history AS h WHERE h.object = 'public.visits' AND h.rule LIKE 'missing-index%';

CALL visit(20);
SELECT complete FROM advisor.analyze();
SELECT * FROM kept;
SELECT id, fix_steps[1] AS advised FROM advisor.recommendations WHERE object = 'public.visits' AND rule LIKE 'missing-index%' \gset

-- An index that is of no use for it changes nothing.
CREATE INDEX visits_note ON visits (note);
SELECT complete FROM advisor.analyze();
SELECT * FROM kept;

-- A wider one with another name, but nothing ran since: applied, and no longer shown.
CREATE INDEX "Ours" ON visits (customer, id);
SELECT complete FROM advisor.analyze();
SELECT * FROM kept;
SELECT count(*) AS shown FROM advisor.recommendations WHERE id = :'id';
SELECT status, action, index, findings = ARRAY[:'id'] AS of_the_finding, changed_at < measured_until AS measured
FROM advisor.index_changes WHERE index = 'public."Ours"';

-- Too few executions tell nothing; enough of them do.
CALL visit(2);
SELECT complete FROM advisor.analyze();
SELECT status FROM kept;
CALL visit(20);
SELECT complete FROM advisor.analyze();
SELECT * FROM kept;
SELECT effect, meant, writes, plan_changed, reads_index, calls_before, calls_after, mean_ms_after < mean_ms_before / 10 AS much_faster,
       p95_ms_after < p95_ms_before AS p95_too, blocks_after < blocks_before AS fewer_blocks, query ~ 'FROM visits' AS named
FROM advisor.index_change_statements WHERE index = 'public."Ours"' AND query ~ 'count';
SELECT rollback, v ->> 'index' AS index, (v ->> 'gained_ms')::float8 > 0 AS gained, v ? 'gained_ms_per_day' AS per_day_within_an_hour,
       v -> 'statements' -> 0 ->> 'effect' AS effect
FROM advisor.history AS h, LATERAL (SELECT h.evidence -> 'verification' AS v) AS e WHERE h.id = :'id';
SELECT * FROM stories;
SELECT advisor.report() ~ 'What your last changes did:.*verified +\d{4}-\d\d-\d\d  created public."Ours" on public.visits' AS in_report,
       advisor.report() ~ 'faster: 1, slower: 0; \S+ ms saved and \S+ ms lost in \S+ s( *\n|;\s+\d\S* ms saved per day)' AS no_figure_without_a_number,
       advisor.report('markdown') ~ '## What your last changes did.*\*\*verified\*\*' AS in_markdown;

-- An hour later it is known per day.
UPDATE advisor.index_change SET settled_at = settled_at - interval '2 hours', first_at = first_at - interval '2 hours';
SELECT saved_ms_per_day > 11 * saved_ms AND saved_ms_per_day < 12 * saved_ms AS per_day FROM advisor.index_changes WHERE index = 'public."Ours"';
UPDATE advisor.index_change SET settled_at = settled_at + interval '2 hours', first_at = first_at + interval '2 hours';

-- Another name is no other index; gone it is open again.
ALTER INDEX "Ours" RENAME TO ours;
SELECT complete FROM advisor.analyze();
SELECT status FROM kept;
SELECT count(*) AS changes FROM advisor.index_changes;
DROP INDEX ours;
SELECT complete FROM advisor.analyze();
SELECT * FROM kept;
SELECT action, index, undone_at IS NOT NULL AS undone FROM advisor.index_changes ORDER BY changed_at;
CALL visit(20);
SELECT complete FROM advisor.analyze();
SELECT status FROM advisor.recommendations WHERE id = :'id';

-- As advised this time. After the window it is resolved.
SELECT replace(:'advised', 'CONCURRENTLY ', '') AS apply \gset
:apply
CALL visit(20);
SELECT complete FROM advisor.analyze();
SELECT status FROM kept;
SET db_advisor.observation_window = 0;
SELECT complete FROM advisor.analyze();
SELECT status FROM kept;
RESET db_advisor.observation_window;
SELECT * FROM stories;
SELECT position, status, reason IS NOT NULL AS explained FROM advisor.finding_story WHERE id = :'id' ORDER BY position;

-- Without its statements an open one is resolved; a dismissed one tells of it too.
DROP INDEX visits_customer_idx;
CALL visit(20);
SELECT complete FROM advisor.analyze();
SELECT advisor.dismiss(:'id', 'tried');
SELECT count(*) AS shown FROM advisor.recommendations WHERE id = :'id';
SELECT advisor.undismiss(:'id');
SELECT advisor.reset() IS NOT NULL AS reset;
SELECT complete FROM advisor.analyze();
SELECT status, reason FROM kept;
SELECT * FROM stories;
DROP VIEW kept, stories;
DROP TABLE visits;
