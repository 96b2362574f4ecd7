-- A new index that holds all that an existing one does: the finding says that no plan needs the old one then. A constraint's
-- and a unique index stay out of it, and so does one that some statement's plan is cheaper with.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE TABLE bookings (id int PRIMARY KEY, room int, day date, guest int, code int, note text);
INSERT INTO bookings SELECT i, i % 300, date '2026-01-01' + i % 365, i % 5000, i, repeat('x', 60) FROM generate_series(1, 60000) AS i;
CREATE INDEX bookings_room ON bookings (room);
CREATE UNIQUE INDEX bookings_code ON bookings (code);
ANALYZE bookings;
CREATE VIEW said AS SELECT rule, evidence -> 'definition' AS definition, evidence -> 'replaces' AS replaces, (evidence ->> 'replaced_bytes')::int = pg_relation_size('bookings_room') AS its_size,
    detail ~ 'public.bookings_room begins the same, and no statement''s plan gets dearer without it once the new index is there' AS told
    FROM advisor.recommendations WHERE object = 'public.bookings' AND rule ~ '^missing';
SELECT advisor.reset() IS NOT NULL AS reset;
\o /dev/null
SELECT format('SELECT id, note FROM bookings WHERE room = %s ORDER BY day DESC LIMIT 3', n) FROM generate_series(1, 12) AS n \gexec
\o
SELECT * FROM said;
-- Follow it, in the order that the finding gives.
SELECT step FROM advisor.recommendations, unnest(fix_steps) WITH ORDINALITY AS s (step, place)
WHERE rule ~ '^missing' AND object = 'public.bookings' ORDER BY place \gexec
SELECT count(*) AS left_to_do FROM said;
SELECT rule, object FROM advisor.recommendations WHERE object ~ 'bookings_room' AND rule = 'redundant-index';
DROP VIEW said;
DROP TABLE bookings;
