-- The planner folds immutable functions, which may run SQL of their own. The hypothetical indexes are those of one
-- planner call: what runs inside it is planned, and executed, with the indexes that exist.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL);
INSERT INTO orders SELECT n, (n * 7919) % 2000 FROM generate_series(1, 20000) AS n;
VACUUM ANALYZE orders;
CREATE TABLE nested_plans (n int GENERATED ALWAYS AS IDENTITY, asked text, index boolean);

-- Notes how a statement is planned at the moment. Volatile, so that it may write.
CREATE FUNCTION note_plan(statement text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    line text;
    found_index boolean := false;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN ' || statement LOOP
        found_index := found_index OR line ~ 'Index|<';
    END LOOP;
    INSERT INTO nested_plans (asked, index) VALUES (substring(statement FROM 'WHERE (\w+)'), found_index);
END $$;
CREATE FUNCTION in_plpgsql(wanted int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    found int;
BEGIN
    PERFORM note_plan('SELECT * FROM orders WHERE customer = ' || wanted);
    PERFORM note_plan('SELECT * FROM orders WHERE id = ' || wanted);
    SELECT count(*) INTO found FROM orders WHERE customer = wanted;
    SELECT found + count(*) INTO found FROM orders WHERE id = wanted;
    RETURN found;
END $$;
CREATE FUNCTION in_sql(wanted int) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    $$ SELECT (SELECT count(*) FROM orders WHERE customer = wanted) + (SELECT count(*) FROM orders WHERE id = wanted) $$;
CREATE FUNCTION catches(wanted int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    BEGIN
        PERFORM 1 / (count(*) - 10) FROM orders WHERE customer = 7;
        RETURN -1;
    EXCEPTION WHEN division_by_zero THEN
        RETURN in_plpgsql(wanted);
    END;
END $$;
CREATE FUNCTION fails(wanted int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN RETURN (SELECT 1 / (count(*) - 10) FROM orders WHERE customer = wanted); END $$;
CREATE FUNCTION asks(wanted int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    PERFORM advisor.what_if('SELECT * FROM orders WHERE customer = 8', '{}', '{}');
    RETURN in_plpgsql(wanted);
END $$;
CREATE FUNCTION answer(compared text, hidden text[] DEFAULT '{}', OUT used boolean, OUT cheaper boolean, OUT folded_to text, OUT nested text)
LANGUAGE plpgsql AS $$
DECLARE
    w record;
BEGIN
    DELETE FROM nested_plans;
    SELECT * INTO w FROM advisor.what_if('SELECT * FROM orders WHERE customer = ' || compared, '{CREATE INDEX ON orders (customer)}', hidden);
    used := (w.indexes -> 0 ->> 'used')::boolean;
    cheaper := w.cost_after < w.cost_before;
    folded_to := substring(w.plan_after FROM 'customer = ''?(\d+)');
    SELECT string_agg(DISTINCT asked || ' ' || index, ', ' ORDER BY asked || ' ' || index) INTO nested FROM nested_plans;
END $$;

-- The statement itself sees the added index; the nested ones see no index on customer, and the primary key.
SELECT * FROM answer('in_plpgsql(7)');
SELECT * FROM answer('in_sql(7)');
SELECT * FROM answer('catches(7)');
SELECT * FROM answer('asks(7)');
-- With the primary key hidden too: the nested statements still have it.
SELECT * FROM answer('in_plpgsql(7)', '{orders_pkey}');
SELECT * FROM answer('in_sql(7)', '{orders_pkey}');
SELECT * FROM answer('catches(7)', '{orders_pkey}');
SELECT * FROM answer('asks(7)', '{orders_pkey}');
SELECT cost_after > cost_before AS dearer FROM advisor.what_if('SELECT * FROM orders WHERE id = in_plpgsql(7)', '{}', '{orders_pkey}');
-- In a subquery that is planned after the outer query has begun.
SELECT count(*) AS answers FROM advisor.what_if('SELECT * FROM orders o WHERE customer = 3 AND id IN (SELECT customer FROM orders WHERE id > catches(7) OFFSET 0)',
                                     '{CREATE INDEX ON orders (customer)}', '{orders_pkey}');

-- A failing function fails the question, and leaves nothing behind. Versions word its context in other ways.
\set SHOW_CONTEXT never
SELECT * FROM answer('fails(7)', '{orders_pkey}');
DELETE FROM nested_plans;
SELECT in_plpgsql(7), in_sql(7), catches(7);
SELECT DISTINCT asked, index FROM nested_plans ORDER BY asked;
CREATE FUNCTION caught_outside() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        PERFORM answer('fails(7)', '{orders_pkey}');
    EXCEPTION WHEN division_by_zero THEN
        DELETE FROM nested_plans;
        PERFORM in_plpgsql(7);
        RETURN (SELECT string_agg(DISTINCT asked || ' ' || index, ', ' ORDER BY asked || ' ' || index) FROM nested_plans);
    END;
END $$;
SELECT caught_outside();
