-- Planning runs code of users. Reading the advice must not run it with more rights than the role that recorded it, nor
-- run what a low role put under a statement of a mighty one. A session's advisory lock outlives the rollback of a
-- subtransaction: it shows what ran. Key 1: as the low role itself, 2: as anybody else.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE ROLE regress_low;
CREATE ROLE regress_other;
CREATE ROLE regress_creator CREATEROLE;
CREATE ROLE regress_reader IN ROLE pg_read_all_stats;
CREATE SCHEMA low AUTHORIZATION regress_low;
CREATE TABLE touched (who text, what text);
GRANT INSERT, SELECT ON touched TO PUBLIC;
GRANT USAGE ON SCHEMA low TO PUBLIC;

-- What each piece of the low role's code does.
SET ROLE regress_low;
CREATE FUNCTION low.touch(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_lock(7711, CASE WHEN current_user = 'regress_low' THEN 1 ELSE 2 END);
    BEGIN
        EXECUTE 'RESET ROLE';
        PERFORM pg_advisory_lock(7711, 2) WHERE current_user <> 'regress_low';
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
    BEGIN
        EXECUTE 'SET SESSION AUTHORIZATION DEFAULT';
        PERFORM pg_advisory_lock(7711, 2) WHERE current_user <> 'regress_low';
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
    BEGIN
        SET transaction_read_only = off;
        INSERT INTO public.touched VALUES (current_user, what);
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
    IF current_setting('low.loud', true) = 'on' THEN RAISE EXCEPTION 'loud'; END IF;
END $$;
CREATE FUNCTION low.folded(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM low.touch('function'); RETURN $1; END $$;
CREATE FUNCTION low.stable(int) RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN PERFORM low.touch('stable function'); RETURN $1; END $$;
CREATE FUNCTION low.inlined(int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT low.folded($1) + 0 $$;
CREATE FUNCTION low.body(int) RETURNS int LANGUAGE sql IMMUTABLE RETURN low.folded($1) + 0;
CREATE FUNCTION low.same(int, int) RETURNS boolean LANGUAGE plpgsql VOLATILE AS
    $$ BEGIN IF $1 = 7 THEN PERFORM low.touch('operator'); END IF; RETURN $1 = $2; END $$;
CREATE OPERATOR low.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = low.same, RESTRICT = eqsel, JOIN = eqjoinsel);
CREATE FUNCTION low.is_fine(int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM low.touch('domain'); RETURN true; END $$;
CREATE DOMAIN low.fine AS int CHECK (low.is_fine(VALUE));
CREATE TABLE low.orders (id int PRIMARY KEY, customer int NOT NULL, day int NOT NULL);
INSERT INTO low.orders SELECT n, n % 100, n FROM generate_series(1, 2000) AS n;
CREATE FUNCTION low.key(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN IF current_setting('low.keys', true) = 'on' THEN PERFORM low.touch('index expression'); END IF; RETURN $1; END $$;
CREATE TABLE low.indexed (id int, customer int NOT NULL, day int NOT NULL);
INSERT INTO low.indexed SELECT * FROM low.orders;
CREATE INDEX expression ON low.indexed (low.key(7)) WHERE low.key(day) > 5;
CREATE TABLE low.typed AS SELECT id, ARRAY[7]::low.fine[] AS day FROM low.orders;
CREATE TABLE low.parted (id int, customer int NOT NULL, day int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE low.parted_1 PARTITION OF low.parted FOR VALUES FROM (0) TO (50000);
INSERT INTO low.parted SELECT * FROM low.orders;
CREATE INDEX leaf_expression ON low.parted_1 (low.key(7)) WHERE low.key(day) > 5;
CREATE TABLE low.counted AS SELECT * FROM low.orders;
CREATE STATISTICS low.counts ON (low.key(7)), customer FROM low.counted;
GRANT SELECT ON ALL TABLES IN SCHEMA low TO PUBLIC;
RESET ROLE;
VACUUM ANALYZE low.orders, low.indexed, low.typed, low.parted, low.counted;
PREPARE with_domain(low.fine) AS SELECT count(*) FROM low.orders WHERE customer = $1;

-- Runs a statement as a role often enough to be evidence, then forgets what that touched.
CREATE PROCEDURE record(role text, statement text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('role', role, false);
    FOR n IN 1 .. 6 LOOP
        BEGIN
            EXECUTE statement;
        EXCEPTION WHEN OTHERS THEN RAISE WARNING 'recorded: %', SQLERRM;
        END;
    END LOOP;
    PERFORM set_config('role', 'none', false);
    DELETE FROM touched;
    PERFORM pg_advisory_unlock_all();
END $$;
-- Reads all there is to read as a role, and says what ran meanwhile.
CREATE FUNCTION read_as(role text, OUT read boolean, OUT ran_as_others bigint, OUT ran_as_low bigint, OUT written bigint, OUT skipped bigint)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('role', role, false);
    PERFORM count(*) FROM advisor.recommendations;
    PERFORM count(*) FROM advisor.recommendation_statements;
    PERFORM count(*) FROM advisor.index_candidates;
    PERFORM count(*) FROM advisor.recommend_indexes();
    PERFORM count(*) FROM advisor.statements;
    PERFORM length(string_agg(p.plan, '')) FROM advisor.plans AS p;
    PERFORM length(string_agg(n.condition, '')) FROM advisor.plan_nodes AS n;
    PERFORM count(*) FROM advisor.predicates;
    SELECT c.skipped INTO skipped FROM advisor.coverage AS c WHERE rule = 'missing-index-filter';
    PERFORM set_config('role', 'none', false);
    read := true;
    SELECT count(*) FILTER (WHERE objid = 2), count(*) FILTER (WHERE objid = 1) INTO ran_as_others, ran_as_low
    FROM pg_locks WHERE locktype = 'advisory' AND classid = 7711 AND pid = pg_backend_pid();
    SELECT count(*) INTO written FROM touched;
    PERFORM pg_advisory_unlock_all();
END $$;
CREATE TABLE attacks (n int GENERATED ALWAYS AS IDENTITY, attack text, statement text);
INSERT INTO attacks (attack, statement) VALUES
    ('function', 'SELECT count(*) FROM low.orders WHERE customer = low.folded(7)'),
    ('stable function', 'SELECT count(*) FROM low.orders WHERE id = low.stable(7)'),
    ('inlined function', 'SELECT count(*) FROM low.orders WHERE customer = low.inlined(7)'),
    ('function with a parsed body', 'SELECT count(*) FROM low.orders WHERE customer = low.body(7)'),
    ('operator', 'SELECT count(*) FROM low.orders WHERE customer OPERATOR(low.===) 7'),
    ('join operator', 'SELECT count(*) FROM (SELECT * FROM low.orders WHERE id < 9) AS o JOIN low.orders AS p ON o.customer OPERATOR(low.===) p.customer WHERE p.day = 5'),
    ('domain parameter', 'EXECUTE with_domain(7)'),
    ('domain literal in an array', 'SELECT count(*) FROM low.orders WHERE customer = ANY (''{7}''::low.fine[])'),
    ('domain in a column', 'SELECT count(*) FROM low.typed AS t JOIN low.orders AS o USING (id) WHERE t.day = ''{7}'' AND o.customer = 3'),
    ('statistics', 'SELECT count(*) FROM low.counted WHERE customer = 7');

-- The means of detection work: planning by hand runs each piece.
CREATE FUNCTION by_hand(statement text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'EXPLAIN ' || statement;
    RETURN EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 7711 AND objid = 2 AND pid = pg_backend_pid())
           AND pg_advisory_unlock_all() IS NOT NULL;
END $$;
SET low.keys = on;
SELECT attack, by_hand(statement) AS runs FROM attacks ORDER BY n;
DELETE FROM touched;

-- A low role records, a superuser and a monitoring role read.
CREATE FUNCTION attacked(recorder text, reader text, attack_statement text, prepare_it text DEFAULT 'SELECT',
                         OUT read boolean, OUT ran_as_others bigint, OUT ran_as_low text, OUT written bigint, OUT skipped bigint)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM advisor.reset();
    CALL record(recorder, attack_statement);
    EXECUTE prepare_it;
    SELECT r.read, r.ran_as_others, CASE WHEN r.ran_as_low > 0 THEN 'yes' ELSE 'no' END, r.written, r.skipped
    INTO read, ran_as_others, ran_as_low, written, skipped FROM read_as(reader) AS r;
END $$;
SELECT format('SELECT %L AS attack, r.read, r.ran_as_others, r.written FROM attacked(''regress_low'', ''postgres'', %L) AS r', attack, statement)
FROM attacks ORDER BY n \gexec
SELECT format('SELECT %L AS attack, r.read, r.ran_as_others, r.written FROM attacked(''regress_low'', ''regress_reader'', %L) AS r', attack, statement)
FROM attacks ORDER BY n \gexec
-- Errors of that code are no errors of the reader's.
SET low.loud = off;
SELECT format('SELECT %L AS attack, r.read, r.ran_as_others, r.written, r.skipped > 0 AS skipped FROM attacked(''regress_low'', ''postgres'', %L, ''SET low.loud = on'') AS r', attack, statement)
FROM attacks WHERE attack = 'function' ORDER BY n \gexec
SET low.loud = off;

-- A superuser, a role with CREATEROLE and another plain role record statements that use the low role's code. The low role
-- may have changed it since: it must not run at all, whoever reads.
SELECT format('SELECT %L AS attack, r.read, r.ran_as_others, r.ran_as_low, r.written, r.skipped > 0 AS skipped FROM attacked(''postgres'', ''regress_low'', %L) AS r', attack, statement)
FROM attacks ORDER BY n \gexec
SELECT format('SELECT %L AS attack, r.read, r.ran_as_others, r.ran_as_low, r.written, r.skipped > 0 AS skipped FROM attacked(''postgres'', ''postgres'', %L) AS r', attack, statement)
FROM attacks ORDER BY n \gexec
SELECT format('SELECT %L AS attack, r.read, r.ran_as_others, r.ran_as_low, r.written, r.skipped > 0 AS skipped FROM attacked(''regress_creator'', ''postgres'', %L) AS r', attack, statement)
FROM attacks ORDER BY n \gexec
SELECT format('SELECT %L AS attack, r.read, r.ran_as_others, r.ran_as_low, r.written, r.skipped > 0 AS skipped FROM attacked(''regress_other'', ''postgres'', %L) AS r', attack, statement)
FROM attacks ORDER BY n \gexec
-- Index expressions of a table and of a partition. A session folds them once: each reader is a new one.
\c -
SET client_min_messages = warning;
SET low.keys = on;
SELECT by_hand('SELECT count(*) FROM low.indexed WHERE customer = 7') AS "table", by_hand('SELECT count(*) FROM low.parted WHERE customer = 7') AS partition;
DELETE FROM touched;
SET low.keys = off;
SELECT advisor.reset() IS NOT NULL AS reset;
CALL record('regress_low', 'SELECT count(*) FROM low.indexed WHERE customer = 7');
CALL record('regress_low', 'SELECT count(*) FROM low.parted WHERE customer = 7');
\c -
SET low.keys = on;
SELECT read, ran_as_others, written FROM read_as('postgres');
SET low.keys = off;
SELECT advisor.reset() IS NOT NULL AS reset;
CALL record('postgres', 'SELECT count(*) FROM low.indexed WHERE customer = 7');
\c -
SET low.keys = on;
SELECT read, ran_as_others, ran_as_low, written, skipped > 0 AS skipped FROM read_as('postgres');
SET low.keys = off;
SELECT advisor.reset() IS NOT NULL AS reset;
CALL record('postgres', 'SELECT count(*) FROM low.parted WHERE customer = 7');
\c -
SET low.keys = on;
SELECT read, ran_as_others, ran_as_low, written, skipped > 0 AS skipped FROM read_as('postgres');
RESET low.keys;
SET client_min_messages = warning;

-- It was harmless when it was recorded.
SET ROLE regress_low;
CREATE FUNCTION low.harmless(int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT $1 + 0 $$;
RESET ROLE;
SELECT r.read, r.ran_as_others, r.ran_as_low, r.written, r.skipped > 0 AS skipped
FROM attacked('postgres', 'postgres', 'SELECT count(*) FROM low.orders WHERE customer = low.harmless(7)',
              'CREATE OR REPLACE FUNCTION low.harmless(int) RETURNS int LANGUAGE sql IMMUTABLE AS ''SELECT low.folded($1)''') AS r;
CREATE FUNCTION given_away(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM low.touch('given away'); RETURN $1; END $$;
SELECT r.read, r.ran_as_others, r.ran_as_low, r.written, r.skipped > 0 AS skipped
FROM attacked('postgres', 'postgres', 'SELECT count(*) FROM low.orders WHERE customer = given_away(7)',
              'ALTER FUNCTION given_away(int) OWNER TO regress_low') AS r;
-- What a superuser owns is planned.
CREATE FUNCTION trusted(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1; END $$;
SELECT r.read, r.skipped > 0 AS skipped FROM attacked('regress_other', 'postgres', 'SELECT count(*) FROM low.orders WHERE customer = trusted(7)') AS r;
SELECT count(*) > 0 AS advised FROM advisor.recommendations WHERE object = 'low.orders';

-- What a caller asks for as an index is not run on rows as the table's owner.
CREATE TABLE secrets (word int);
INSERT INTO secrets SELECT n FROM generate_series(1, 5000) AS n;
GRANT SELECT ON secrets TO regress_low;
CREATE TABLE hidden_secrets AS TABLE secrets;
ANALYZE secrets, hidden_secrets;
SET ROLE regress_low;
CREATE FUNCTION low.spy(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM low.touch('spy'); RETURN $1; END $$;
SELECT count(*) AS answers FROM advisor.what_if('SELECT 1', '{CREATE INDEX ON secrets (low.spy(word))}');
SELECT count(*) AS answers FROM advisor.what_if('SELECT 1', '{CREATE INDEX ON hidden_secrets (low.spy(word))}');
SELECT count(*) AS answers FROM advisor.what_if('SELECT 1', '{CREATE INDEX ON secrets (word) WHERE low.spy(word) = 7}');
SELECT count(*) AS answers FROM advisor.recommend_indexes('{SELECT * FROM secrets WHERE low.spy(word) = 7}');
RESET ROLE;
SELECT count(*) AS ran_as_others FROM pg_locks WHERE locktype = 'advisory' AND classid = 7711 AND objid = 2 AND pid = pg_backend_pid();
SELECT count(*) AS written FROM touched;
SELECT pg_advisory_unlock_all();

-- A function that takes longer than the time budget stops the search, not the reader.
SET ROLE regress_low;
CREATE FUNCTION low.naps(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN PERFORM pg_sleep(current_setting('low.nap')::float8); RETURN $1; END $$;
RESET ROLE;
SELECT advisor.reset() IS NOT NULL AS reset;
SET low.nap = 0;
CALL record('regress_low', 'SELECT count(*) FROM low.orders WHERE customer = low.naps(7)');
CALL record('regress_low', 'SELECT count(*) FROM low.orders WHERE day = low.naps(7)');
CALL record('regress_low', 'SELECT count(*) FROM low.orders WHERE day = low.naps(7) AND customer > 0');
SET low.nap = 1.5;
SET db_advisor.analysis_time_budget = '200ms';
SELECT state, skipped > 0 OR reason ~ 'time budget' AS says_so FROM advisor.coverage WHERE rule = 'missing-index-filter';
SET statement_timeout = '500ms';
SELECT advisor.reset() IS NOT NULL AS reset;
SET low.nap = 0;
CALL record('regress_low', 'SELECT count(*) FROM low.orders WHERE customer = low.naps(7)');
SET low.nap = 60;
SELECT count(*) FROM advisor.recommendations;
RESET statement_timeout;
RESET db_advisor.analysis_time_budget;
SELECT current_user = session_user AS same_user, current_setting('transaction_read_only') AS read_only;
DROP SCHEMA low CASCADE;
DROP OWNED BY regress_low, regress_other, regress_creator, regress_reader;
DROP ROLE regress_low, regress_other, regress_creator, regress_reader;
