-- Index advice that did harm: the statement that it hurts is named, the way back is a recommendation of its own.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
SELECT advisor.reset() IS NOT NULL AS reset;
CREATE TABLE events (id int, kind int, created int, note text);
INSERT INTO events SELECT n, CASE WHEN n > 199000 THEN 2 ELSE 1 END, n, repeat('x', 40) FROM generate_series(1, 200000) AS n ORDER BY hashint4(n);
CREATE INDEX events_kind ON events (kind);
CREATE TABLE counted (id int PRIMARY KEY, state int, n int);
INSERT INTO counted SELECT n, n % 3, 0 FROM generate_series(1, 20000) AS n;
VACUUM ANALYZE;
CREATE PROCEDURE work(times int) LANGUAGE plpgsql AS $$
DECLARE
    found int;
BEGIN
    FOR i IN 1 .. times LOOP
        SELECT id INTO found FROM events WHERE kind = 2 AND id > 7 ORDER BY created LIMIT 5;
        SELECT sum(n) INTO found FROM counted WHERE state >= 1;
        INSERT INTO counted VALUES ((SELECT max(id) + 1 FROM counted), 1, 0);
    END LOOP;
END $$;
CREATE FUNCTION planted(new_id text, definition text, pattern text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO advisor.finding (id, rule, category, severity, object, title, evidence, confidence, fix, fix_steps, rollback, status,
                                 first_seen, last_seen, statements)
    SELECT new_id, 'missing-index-filter', 'query', 'high', 'public.planted', 'planted', jsonb_build_object('definition', definition), 0.9, 'fix',
           '{fix}', 'DROP INDEX planted;', 'open', now(), now(), jsonb_agg(jsonb_build_object('queryid', s.queryid, 'calls', s.calls, 'mean_ms', 1))
    FROM advisor.statements AS s WHERE s.query ~ pattern AND s.query !~ 'advisor|INSERT|PROCEDURE'
$$;
CREATE VIEW named AS
SELECT r.object, r.severity, r.fix, r.status,
       (SELECT string_agg(concat_ws(' ', CASE WHEN s.query ~ 'FROM events' THEN 'events' WHEN s.query ~ 'INSERT' THEN 'insert' ELSE 'sum' END,
                                    CASE WHEN e ->> 'effect' = 'slower' AND s.query ~ 'events' THEN 'slower' END), ', ' ORDER BY s.query)
        FROM jsonb_array_elements(r.evidence -> 'statements') AS e JOIN advisor.statements AS s ON s.queryid = (e ->> 'queryid')::bigint) AS statements
FROM advisor.recommendations AS r WHERE r.rule = 'index-regression';

CALL work(30);
SELECT complete FROM advisor.analyze();
SELECT planted('planted-1', 'CREATE INDEX ON public.events (created)', 'FROM events');
SELECT planted('planted-2', 'CREATE INDEX ON public.counted (state)', 'FROM counted WHERE state');
CREATE INDEX "By created" ON events (created);
CREATE INDEX by_state ON counted (state);
SELECT complete FROM advisor.analyze();
SELECT id, status FROM advisor.finding WHERE id ~ '^planted' ORDER BY id;
CALL work(30);
SELECT complete FROM advisor.analyze();
SELECT id, status FROM advisor.finding WHERE id ~ '^planted' ORDER BY id;
SELECT * FROM named ORDER BY object COLLATE "C";
SELECT severity, object, evidence ->> 'index' AS index, evidence ->> 'reads_index' AS reads_index, fix, detail ~ 'DROP INDEX CONCURRENTLY public."By created";' AS way_back
FROM advisor.recommendations WHERE rule = 'plan-regression';
-- what was advised is shown with its way back, which names the index that was built
SELECT id, status, fix FROM advisor.recommendations WHERE id ~ '^planted' ORDER BY id;
SELECT advisor.report() ~ 'regressed +\S+  created public."By created" on public.events.*to undo it: DROP INDEX CONCURRENTLY public."By created";' AS in_report;

-- The way back is gone: so are both findings. The story says what happened.
DROP INDEX "By created";
SELECT object FROM named;
SELECT count(*) AS flips FROM advisor.recommendations WHERE rule = 'plan-regression';
SELECT complete FROM advisor.analyze();
SELECT status, reason ~ '^undone: ' AS undone FROM advisor.finding WHERE id = 'planted-1';
SELECT string_agg(status, ' > ' ORDER BY position) AS story FROM advisor.finding_story WHERE id = 'planted-1';
SELECT advisor.report() ~ 'undone +\S+  created public."By created"' AS in_report;

-- An index of the user's own that is dropped: the statement that misses it is named, and the index comes back.
CREATE TABLE missed (id int, owner int);
INSERT INTO missed SELECT n, n FROM generate_series(1, 200000) AS n;
CREATE INDEX missed_owner ON missed (owner);
VACUUM ANALYZE missed;
CREATE PROCEDURE miss(times int) LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. times LOOP
        PERFORM id FROM missed WHERE owner = 4711;
    END LOOP;
END $$;
CALL miss(30);
SELECT complete FROM advisor.analyze();
DROP INDEX missed_owner;
CALL miss(30);
SELECT complete FROM advisor.analyze();
SELECT rule, severity, object, fix, rollback FROM advisor.recommendations WHERE rule ~ '^(index|plan)-regression$' AND evidence ->> 'index' = 'public.missed_owner' ORDER BY rule;
SELECT fix FROM advisor.recommendations WHERE rule = 'plan-regression' AND evidence ->> 'index' = 'public.missed_owner' \gexec
SELECT complete FROM advisor.analyze();
SELECT count(*) AS left FROM advisor.recommendations WHERE rule ~ '^(index|plan)-regression$' AND evidence ->> 'index' = 'public.missed_owner';
DROP VIEW named;
DROP TABLE events, counted, missed;
