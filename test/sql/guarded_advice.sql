-- Plans that would change are costed again with the rows that recorded executions counted: an index that makes a
-- statement slower is refused, a gain that nothing backs up is not certain, and what was corrected says so.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
SET default_statistics_target = 1000; -- all rows: estimates that do not hang on a sample
CREATE ROLE guarded_owner;
CREATE ROLE guarded_reader;
-- Six columns that say the same: the planner expects a 4096th of the parcels, a quarter comes.
CREATE TABLE parcels (id int PRIMARY KEY, a int, b int, c int, d int, e int, f int);
INSERT INTO parcels SELECT i, i % 4, i % 4, i % 4, i % 4, i % 4, i % 4 FROM generate_series(1, 60000) AS i;
CREATE TABLE items (parcel int, price int, note text);
INSERT INTO items SELECT i * 7919 % 60000 + 1, i % 100, repeat('x', 120) FROM generate_series(1, 120000) AS i;
ALTER TABLE items OWNER TO guarded_owner;
GRANT SELECT ON items TO guarded_reader;
ANALYZE parcels, items;
SELECT advisor.reset() IS NOT NULL AS reset;
\o /dev/null
SELECT 'SELECT sum(i.price) FROM parcels AS p JOIN items AS i ON i.parcel = p.id WHERE p.a = 1 AND p.b = 1 AND p.c = 1 AND p.d = 1 AND p.e = 1 AND p.f = 1'
FROM generate_series(1, 6) \gexec
\o
-- The planner would take the index, at less than half the cost.
SELECT cost_after < cost_before / 2 AS planner_is_tempted, plan_after ~ 'Nested Loop' AS by_a_loop
FROM advisor.what_if('SELECT sum(i.price) FROM parcels AS p JOIN items AS i ON i.parcel = p.id WHERE p.a = 1 AND p.b = 1 AND p.c = 1 AND p.d = 1 AND p.e = 1 AND p.f = 1',
    '{CREATE INDEX ON items (parcel)}');
SELECT count(*) AS advised FROM advisor.recommendations WHERE rule ~ '^missing-index';
SELECT definition, verdict, regexp_replace(regexp_replace(regexp_replace(reason, 'statement -?\d+', 'statement N'), 'costs .*', 'costs …'), '\d+ rows', 'few rows') AS reason
FROM advisor.index_candidates WHERE definition ~ 'items \(parcel\)$';
SELECT count(*) AS by_recommend_indexes FROM advisor.recommend_indexes() WHERE definition ~ 'items';
-- Who owns the table sees the verdict, not what others' statements read.
SET ROLE guarded_owner;
SELECT definition, verdict, reason FROM advisor.index_candidates WHERE definition ~ 'items \(parcel\)$';
RESET ROLE;
SET ROLE guarded_reader;
SELECT count(*) AS seen FROM advisor.index_candidates;
RESET ROLE;
-- Statements that were never run have no records: the planner's word, and no more than doubt.
SELECT count(*) AS for_a_given_text FROM advisor.recommend_indexes(ARRAY['SELECT sum(i.price) FROM parcels AS p JOIN items AS i ON i.parcel = p.id WHERE p.a = 1 AND p.b = 1 AND p.c = 1 AND p.d = 1 AND p.e = 1 AND p.f = 1'])
WHERE definition ~ 'items';

-- Two columns that say the same, and an index that is good all the same: the gain is with the recorded rows.
CREATE TABLE visits (id int PRIMARY KEY, area int, zone int, page int);
INSERT INTO visits SELECT i, CASE WHEN i % 2000 < 3 THEN 7 ELSE i % 50 + 100 END, CASE WHEN i % 2000 < 3 THEN 7 ELSE i % 50 + 100 END, i
FROM generate_series(1, 60000) AS i;
ANALYZE visits;
SELECT advisor.reset() IS NOT NULL AS reset;
\o /dev/null
SELECT 'SELECT id, page FROM visits WHERE area = 7 AND zone = 7' FROM generate_series(1, 6) \gexec
\o
SELECT evidence -> 'corrected' AS corrected, (evidence ->> 'corrected_cost_after')::float > (evidence ->> 'cost_after')::float AS dearer_than_planned,
       (evidence ->> 'corrected_cost_after')::float < (evidence ->> 'corrected_cost_before')::float / 2 AS still_a_gain,
       detail ~ 'Recorded executions contradict the planner''s estimates' AS says_so, confidence
FROM advisor.recommendations WHERE object = 'public.visits' AND rule ~ '^missing-index';

-- Where the wanted rows lie is not recorded: here they are spread, but who knows.
CREATE TABLE events (id int, kind int, created int, note text);
INSERT INTO events SELECT i, CASE WHEN i % 200 = 7 THEN 2 ELSE 1 END, i::bigint * 7919 % 60000, repeat('x', 60) FROM generate_series(1, 60000) AS i;
ANALYZE events;
SET plan_cache_mode = force_generic_plan;
PREPARE first_event(int) AS SELECT id, note FROM events WHERE kind <> $1 ORDER BY created LIMIT 10;
SELECT advisor.reset() IS NOT NULL AS reset;
\o /dev/null
SELECT 'EXECUTE first_event(1)' FROM generate_series(1, 6) \gexec
\o
SELECT confidence, detail ~ 'The gain is not certain' AS says_so FROM advisor.recommendations
WHERE object = 'public.events' AND rule ~ '^missing-index';
SELECT verdict, regexp_replace(regexp_replace(reason, 'statement -?\d+', 'statement N'), 'costs .*', 'costs …') AS reason
FROM advisor.index_candidates WHERE definition ~ 'events \(created\)$';
RESET plan_cache_mode;

-- A function of which nothing is known: recorded rows back its estimate up, unless no execution was sampled.
CREATE FUNCTION class_of(int) RETURNS int LANGUAGE plpgsql STABLE COST 1 AS $$ BEGIN RETURN $1 % 200; END $$;
CREATE TABLE orders (id int PRIMARY KEY, code int);
INSERT INTO orders SELECT i, i FROM generate_series(1, 2000) AS i;
CREATE TABLE lines (order_id int, amount int, note text);
INSERT INTO lines SELECT i::bigint * 7919 % 100000 + 1, i, repeat('x', 120) FROM generate_series(1, 100000) AS i;
ANALYZE orders, lines;
SELECT advisor.reset() IS NOT NULL AS reset;
\o /dev/null
SELECT 'SELECT sum(l.amount) FROM orders AS o JOIN lines AS l ON l.order_id = o.id WHERE class_of(o.code) = 7' FROM generate_series(1, 6) \gexec
\o
SELECT confidence FROM advisor.recommendations WHERE object = 'public.lines' AND rule ~ '^missing-index';
SELECT advisor.reset() IS NOT NULL AS reset;
SET db_advisor.sample_first = 0;
SET db_advisor.sample_rate = 0;
\o /dev/null
SELECT 'SELECT max(l.amount) FROM orders AS o JOIN lines AS l ON l.order_id = o.id WHERE class_of(o.code) = 7' FROM generate_series(1, 6) \gexec
\o
RESET db_advisor.sample_first;
RESET db_advisor.sample_rate;
SELECT complete FROM advisor.analyze();
SELECT confidence <= 0.6 AS guessed FROM advisor.recommendations WHERE object = 'public.lines' AND rule ~ '^missing-index';

-- No recorded plan uses the index that another statement wants, but one with an estimate of half as much would: the
-- planner's word at that estimate, the recorded rows' verdict.
CREATE TABLE boxes (id int PRIMARY KEY, a int, b int, c int);
INSERT INTO boxes SELECT i, i % 4, i % 4, i % 4 FROM generate_series(1, 10000) AS i;
CREATE TABLE things (box int, price int, note text);
INSERT INTO things SELECT i * 7919 % 10000 + 1, i % 100, repeat('x', 120) FROM generate_series(1, 120000) AS i;
ANALYZE boxes, things;
SELECT plan_after ~ 'hypothetical' AS used_as_recorded
FROM advisor.what_if('SELECT sum(t.price) FROM boxes AS b JOIN things AS t ON t.box = b.id WHERE b.a = 1 AND b.b = 1 AND b.c = 1', '{CREATE INDEX ON things (box)}');
CREATE VIEW on_things AS SELECT definition, verdict, reason ~ '^it would make statement -?\d+ slower for other parameters: with the recorded rows \(b: \d+ rows estimated, 2,500 recorded\)' AS told
FROM advisor.index_candidates WHERE definition ~ 'things \(box\)$';
SELECT advisor.reset() IS NOT NULL AS reset;
\o /dev/null
SELECT format('SELECT price FROM things WHERE box = %s', n) FROM generate_series(1, 6) AS n \gexec
\o
SELECT complete FROM advisor.analyze();
SELECT definition, verdict FROM on_things;
\o /dev/null
SELECT 'SELECT sum(t.price) FROM boxes AS b JOIN things AS t ON t.box = b.id WHERE b.a = 1 AND b.b = 1 AND b.c = 1' FROM generate_series(1, 6) \gexec
\o
SELECT complete FROM advisor.analyze();
SELECT definition, verdict, told FROM on_things;
DROP VIEW on_things;
DROP TABLE parcels, items, visits, events, orders, lines, boxes, things;
DROP FUNCTION class_of;
DROP ROLE guarded_owner, guarded_reader;
