-- Each statement inside of functions, cursors and other statements is recorded with a text that can be planned
-- again, once it was seen twice: variables and arguments as $n, with their types and the values of an execution.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
-- The example of the second execution stays, none of a later one is picked.
SET db_advisor.sample_first = 0;
SET db_advisor.sample_rate = 0;
CREATE TABLE part (id int PRIMARY KEY, kind int, name text);
INSERT INTO part SELECT g, g % 10, 'part ' || g FROM generate_series(1, 100) AS g;
CREATE FUNCTION all_forms(wanted int) RETURNS SETOF int LANGUAGE plpgsql AS $$
<<body>>
DECLARE
    one record;
    whole part;
    n int;
    "Quoted" text := 'part 3';
    list int[] := ARRAY[1, 2];
    cursor_of CURSOR (low int) FOR SELECT p.id FROM part AS p WHERE p.id < low;
BEGIN
    SELECT count(*) INTO n FROM part WHERE kind = wanted;
    FOR one IN SELECT p.id, p.name FROM part AS p WHERE p.kind = wanted LIMIT n LOOP
        PERFORM 1 FROM part WHERE id = one.id AND name = one.name;
    END LOOP;
    SELECT * INTO whole FROM part WHERE id = all_forms.wanted;
    UPDATE part SET name = whole.name WHERE part.id = whole.id;
    IF EXISTS (SELECT 1 FROM part WHERE name = "Quoted" AND id = body.n) THEN
        n := 0;
    END IF;
    n := n + (SELECT max(id) FROM part WHERE kind = $1);
    n := (SELECT min(id) FROM part WHERE kind = wanted);
    n := (SELECT min(id) FROM part) + (SELECT max(kind) FROM part WHERE id = n);
    list[2] := (SELECT id FROM part WHERE id = list[1]);
    EXECUTE 'SELECT count(*) FROM part WHERE kind = $1 AND name <> $2' INTO n USING wanted, "Quoted";
    FOR one IN cursor_of(n) LOOP
        NULL;
    END LOOP;
    FOREACH n IN ARRAY ARRAY(SELECT id FROM part WHERE kind = wanted) LOOP
        NULL;
    END LOOP;
    DELETE FROM part WHERE id = -n;
    INSERT INTO part SELECT -w.id, 0, w.name FROM (SELECT (whole).*) AS w WHERE w.id < 0;
    RETURN QUERY SELECT id FROM part WHERE kind = wanted UNION ALL (SELECT id FROM part WHERE id = n);
    RETURN QUERY (SELECT id FROM part WHERE kind = wanted) EXCEPT SELECT id FROM part WHERE id = n;
    RETURN;
END $$;
CREATE FUNCTION named_arguments(wanted int, entry part) RETURNS SETOF int LANGUAGE sql VOLATILE AS $$
    UPDATE part SET kind = kind WHERE id = named_arguments.wanted;
    DELETE FROM part WHERE id = -wanted AND name = entry.name;
    SELECT id FROM part WHERE kind = $1 AND name <> named_arguments.entry.name;
$$;
CREATE FUNCTION parsed_body(wanted int) RETURNS int LANGUAGE sql VOLATILE
BEGIN ATOMIC
    UPDATE part SET kind = kind WHERE name = 'none' AND id = wanted;
    SELECT kind FROM part WHERE id = wanted;
END;
SELECT advisor.reset() IS NOT NULL AS reset;
DO $$
BEGIN
    FOR i IN 1..3 LOOP
        PERFORM count(*) FROM all_forms(4);
        PERFORM named_arguments(4, ROW(1, 2, 'x')::part);
        PERFORM parsed_body(4);
    END LOOP;
END $$;
BEGIN;
DECLARE c CURSOR WITH HOLD FOR SELECT name FROM part WHERE id < 3;
COMMIT;
CLOSE c;
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT name FROM part WHERE id < 4;
FETCH 1 FROM c;
COMMIT;
PREPARE typed(int, text) AS SELECT id FROM part WHERE kind = $1 AND name = $2;
SET plan_cache_mode = force_generic_plan;
EXECUTE typed(3, 'it''s');
EXECUTE typed(NULL, 'b');
RESET plan_cache_mode;
COPY (SELECT id, kind FROM part WHERE id < 2) TO STDOUT;
COPY (SELECT id, kind FROM part WHERE id < 1) TO STDOUT;
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT kind, id FROM part WHERE id = 5 \g /dev/null
EXPLAIN ANALYZE SELECT kind, id FROM part WHERE id = 6 \g /dev/null
CREATE TEMP TABLE made AS SELECT kind, name FROM part WHERE id = 5;
CREATE TEMP TABLE made_again AS SELECT kind, name FROM part WHERE id = 6;

SELECT query, parse_mode AS mode, parameter_types AS types, parameter_values AS values
FROM advisor.examples() WHERE query !~ 'examples|advisor' AND NOT slowest ORDER BY query COLLATE "C";

-- All of them plan again.
DO $$
DECLARE
    example record;
    planned int := 0;
BEGIN
    FOR example IN SELECT * FROM advisor.examples() AS e WHERE e.query ~ '\mpart\M' LOOP
        EXECUTE 'PREPARE again' || CASE WHEN example.parameter_types <> '' THEN '(' || example.parameter_types || ')' ELSE '' END
            || ' AS ' || CASE WHEN example.parse_mode = 2 THEN 'SELECT ' ELSE '' END || example.query;
        DEALLOCATE again;
        planned := planned + 1;
    END LOOP;
    RAISE WARNING 'planned again: %', planned;
END $$;
SELECT count(*) AS not_replannable FROM advisor.statements AS s
WHERE s.calls > 1 AND s.query ~ '\mpart\M' AND s.query !~ '^(EXPLAIN|COPY|CREATE|DECLARE|FETCH|DO)'
      AND NOT EXISTS (SELECT FROM advisor.examples() AS e WHERE e.queryid = s.queryid);
SELECT state FROM advisor.status WHERE name = 'observer_failures';

-- Values: long ones are not kept, nor are parts of a set of values.
PREPARE long_value(text, int) AS SELECT count(*) FROM part WHERE name = $1 OR id = $2;
EXECUTE long_value(repeat('x', 300), 1);
EXECUTE long_value(repeat('x', 300), 1);
SELECT parameter_types, parameter_values, has_values FROM advisor.examples() WHERE query ~ 'OR id = \$2' AND NOT slowest;
-- The surroundings are those of the execution.
CREATE SCHEMA other;
CREATE TABLE other.elsewhere (id int);
SET search_path = other, public;
SELECT count(*) FROM elsewhere;
SELECT count(*) FROM elsewhere;
RESET search_path;
SELECT query, search_path FROM advisor.examples() WHERE query ~ 'elsewhere' AND NOT slowest;
DROP SCHEMA other CASCADE;
DROP TABLE part CASCADE;
