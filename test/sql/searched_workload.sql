-- What a search for indexes tells of itself: planner calls, equal statements searched once, what time did not suffice
-- for. And that it leaves no lock behind in the caller's transaction.
CREATE EXTENSION db_advisor;
LOAD 'db_advisor';
\pset format unaligned
CREATE TABLE searched AS SELECT n AS id, n % 1000 AS customer, n % 7 AS kind, n AS amount FROM generate_series(1, 20000) AS n;
DO $$ BEGIN
    FOR i IN 1 .. 80 LOOP
        EXECUTE format('CREATE TABLE part_%s AS SELECT n AS id, n %% 500 AS v FROM generate_series(1, 1500) AS n', i);
    END LOOP;
END $$;
ANALYZE;
CREATE VIEW last_search AS SELECT value !~ '^(0|none)$' AS any_calls, state, regexp_replace(note, '\d+ ms', 'some ms', 'g') AS note
    FROM advisor.status WHERE name = 'planner_calls';
\c -
LOAD 'db_advisor';
SELECT * FROM last_search;
SELECT definition, positions FROM advisor.recommend_indexes('{SELECT * FROM searched WHERE customer = 1, SELECT * FROM searched WHERE amount = 4}');
SELECT * FROM last_search;

-- Equal texts are searched as one, and each of them counts.
SELECT definition, cardinality(positions), positions[1:3], round(benefit::numeric, 1) AS benefit FROM advisor.recommend_indexes(
    array_fill('SELECT * FROM searched WHERE customer = 1'::text, '{200}') || '{SELECT * FROM searched WHERE amount = 4}');
SELECT * FROM last_search;
-- Weights and repeated texts come to the same.
SELECT definition, round(benefit::numeric, 2) AS benefit FROM advisor.recommend_indexes(
    '{SELECT * FROM searched WHERE customer = 1, SELECT * FROM searched WHERE amount = 4}', '{3, 1}')
EXCEPT SELECT definition, round(benefit::numeric, 2) FROM advisor.recommend_indexes(
    '{SELECT * FROM searched WHERE customer = 1, SELECT * FROM searched WHERE amount = 4, SELECT * FROM searched WHERE customer = 1, SELECT * FROM searched WHERE customer = 1}');

-- No time at all: an answer all the same, and a word about it.
SELECT count(*) FROM advisor.recommend_indexes('{SELECT * FROM searched WHERE customer = 1, SELECT * FROM searched WHERE amount = 4}', time_budget => '0');
SELECT any_calls, state, note ~ '1 more with 50.0 % of the time or weight were not reached; it ran out of time$' AS told FROM last_search;

-- Many tables, one transaction.
BEGIN;
SELECT count(*) FROM advisor.recommend_indexes((SELECT array_agg(format('SELECT * FROM part_%s WHERE v = 1', i)) FROM generate_series(1, 80) AS i));
SELECT count(*) AS locks_left FROM pg_locks JOIN pg_class ON pg_class.oid = relation WHERE relname ~ '^part_' AND pid = pg_backend_pid();
COMMIT;
