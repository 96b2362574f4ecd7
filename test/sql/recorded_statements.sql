-- What is recorded of statements of every kind: key, counters, nesting, plans.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE TABLE item (id int PRIMARY KEY, kind int, name text);
INSERT INTO item SELECT g, g % 10, 'item ' || g FROM generate_series(1, 1000) AS g;
ANALYZE item;
CREATE FUNCTION recorded(pattern text, OUT toplevel bool, OUT query text, OUT calls bigint, OUT rows bigint,
                         OUT plans bigint, OUT failed bigint, OUT cancelled bigint)
RETURNS SETOF record LANGUAGE sql AS $$
    SELECT s.toplevel, s.query, s.calls, s.rows, s.plans, s.failed, s.cancelled
    FROM advisor.statements AS s
    WHERE s.query ~ $1 AND s.query !~ 'recorded|advisor|CREATE (FUNCTION|PROCEDURE)' AND s.database = pg_catalog.current_database()
    ORDER BY s.query COLLATE "C", s.toplevel
$$;
SELECT advisor.reset() IS NOT NULL AS reset;

-- Statements that differ in constants are one; the first text stands for all.
SELECT count(*) FROM item WHERE kind = 1;
SELECT count(*) FROM item WHERE kind = 2;
SELECT  count(*)  FROM item WHERE kind = 3;
SELECT * FROM recorded('kind = 1');
SELECT username = current_user AS mine, server_queryid IS NOT NULL AS has_server_queryid, total_ms > 0 AS timed,
       min_ms <= mean_ms AND mean_ms <= max_ms AS ordered, self_ms = total_ms AS all_own, plan_ms > 0 AS planned,
       shared_blks_hit > 0 AS read_blocks, first_seen <= last_seen AS seen
FROM advisor.statements WHERE query ~ 'kind = 1' AND query !~ 'advisor|recorded';

-- Several statements in one message are told apart.
SELECT 1 AS first_part \; SELECT 2 AS second_part, 'x';
SELECT toplevel, query, calls FROM recorded('_part');

-- Prepared statements: custom and generic plans, the text without PREPARE.
PREPARE by_kind(int) AS SELECT count(*) FROM item WHERE kind = $1 AND id > 0;
SET plan_cache_mode = force_custom_plan;
EXECUTE by_kind(1);
EXECUTE by_kind(2);
SET plan_cache_mode = force_generic_plan;
EXECUTE by_kind(3);
RESET plan_cache_mode;
SELECT query, calls, custom_plans, generic_plans FROM advisor.statements WHERE query ~ 'id > 0' AND query !~ 'advisor';

-- Nested statements: their time is not their caller's own, and they say who called.
CREATE FUNCTION count_kinds(most int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    n int;
    sum int := 0;
BEGIN
    FOR k IN 1..most LOOP
        SELECT count(*) INTO n FROM item AS nested WHERE kind = k;
        sum := sum + n;
    END LOOP;
    RETURN sum;
END $$;
SELECT count_kinds(5);
SELECT * FROM recorded('nested WHERE|count_kinds.5');
SELECT outside.self_ms + inside.total_ms <= outside.total_ms AS exclusive, inside.self_ms = inside.total_ms AS leaf
FROM advisor.statements AS inside JOIN advisor.statements AS outside ON outside.queryid = inside.nested_in
WHERE inside.query ~ 'nested WHERE' AND NOT inside.toplevel AND outside.query ~ '^SELECT count_kinds';

-- Errors: at run time, caught, by cancel. What comes next is at its own level.
SELECT 1 / (kind - kind) FROM item WHERE id = 7;
DO $$
BEGIN
    PERFORM 2 / (kind - kind) FROM item WHERE id = 8;
EXCEPTION WHEN division_by_zero THEN
    PERFORM 3 FROM item WHERE id = 9;
END $$;
SET statement_timeout = '50ms';
SELECT pg_sleep(60) AS endless;
RESET statement_timeout;
SELECT 4 AS after_errors FROM item WHERE id = 10;
SELECT * FROM recorded('id = (7|8|9|10)|endless');

-- A cursor fetched in parts has one execution, and its rows are not taken for those of the whole plan.
BEGIN;
DECLARE part CURSOR FOR SELECT name FROM item WHERE kind >= 0 ORDER BY name;
FETCH 5 FROM part;
COMMIT;
SELECT toplevel, query, calls, rows FROM recorded('ORDER BY name$|FETCH 5');
SELECT p.calls, p.actual_rows, p.estimated_rows > 0 AS estimated
FROM advisor.plans AS p JOIN advisor.statements AS s USING (queryid)
WHERE s.query ~ '^SELECT name FROM item';

-- Utility statements; COPY and CREATE TABLE AS carry a statement of the client's.
CREATE TABLE copied AS SELECT * FROM item WHERE id <= 20;
COPY (SELECT id FROM item WHERE id <= 3) TO STDOUT;
COPY copied FROM STDIN;
21	1	item
\.
EXPLAIN (COSTS OFF, ANALYZE, TIMING OFF, SUMMARY OFF) SELECT id FROM item WHERE id = 11 \g /dev/null
SELECT toplevel, query, calls, rows FROM recorded('id <= |^COPY copied|id = 11');

-- Statements of a procedure stay nested across its own commits and rollbacks.
CREATE PROCEDURE steps() LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..3 LOOP
        INSERT INTO copied VALUES (1000 + i);
        COMMIT;
        DELETE FROM copied WHERE id = 1000 + i;
        ROLLBACK;
        UPDATE copied SET kind = 0 WHERE id = 1000 + i;
    END LOOP;
END $$;
CALL steps();
SELECT toplevel, query, calls, rows FROM recorded('1000 \+ i$|1000 \+ i\)$|CALL');
SELECT count(*) AS only_one FROM advisor.statements WHERE query ~ '^CALL steps';

-- One statement, two plans: the shape counts, not the constants.
SELECT name FROM item WHERE id = 12;
SELECT name FROM item WHERE id = 13;
SET enable_indexscan = off;
SET enable_bitmapscan = off;
SELECT name FROM item WHERE id = 14;
SELECT name FROM item WHERE id = 15;
RESET enable_indexscan;
RESET enable_bitmapscan;
SELECT p.calls, split_part(p.plan, '  (', 1) AS root, p.estimated_rows, p.actual_rows
FROM advisor.plans AS p JOIN advisor.statements AS s USING (queryid)
WHERE s.query ~ 'id = 12' ORDER BY root;

-- A parallel query is recorded once, by its leader.
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SELECT count(*) FROM item WHERE name > 'item 5';
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET max_parallel_workers_per_gather;
SELECT calls, workers_planned > 0 AS parallel, workers_launched <= workers_planned AS launched
FROM advisor.statements WHERE query ~ 'name > ' AND query !~ 'advisor';

-- Settings.
SET db_advisor.track = 'top';
SELECT count_kinds(6);
SET db_advisor.track = 'none';
SELECT 5 AS untracked;
RESET db_advisor.track;
SET db_advisor.enabled = off;
SELECT 6 AS disabled;
RESET db_advisor.enabled;
SET db_advisor.track_utility = off;
CREATE TABLE unseen ();
RESET db_advisor.track_utility;
SELECT query, calls FROM recorded('nested WHERE|count_kinds.5|untracked$|disabled$|^CREATE TABLE unseen');

-- Statements that the server gives no id.
SET compute_query_id = off;
SELECT 'a' AS textual, 1 FROM item WHERE id = 16;
select 'b' as TEXTUAL, 2 /* comment */ FROM item WHERE id = 17;
RESET compute_query_id;
SELECT query, calls FROM recorded('textual');
SELECT server_queryid FROM advisor.statements WHERE query ~ 'AS textual' AND query !~ 'advisor';

-- A statement of a megabyte is recorded with the front of its text.
SELECT 'SELECT length(' || quote_literal(repeat('y', 1000000)) || ') AS long_one' AS long \gset
:long;
:long;
SELECT length(query), calls FROM advisor.statements WHERE query ~ '^SELECT length\(''y';

-- Forgetting.
SELECT advisor.reset('all', queryid) IS NOT NULL AS reset FROM advisor.statements WHERE query ~ 'kind = 1' AND query !~ 'advisor|recorded';
SELECT query, calls FROM recorded('kind = 1|AS textual');
SELECT advisor.reset('everything');
SELECT advisor.reset() IS NOT NULL AS reset;
SELECT count(*) FROM advisor.statements WHERE query !~ 'advisor.reset';

-- The views have the columns that others build on.
SELECT table_name, string_agg(column_name || ' ' || data_type, ', ' ORDER BY ordinal_position) AS columns
FROM information_schema.columns
WHERE table_schema = 'advisor' AND table_name IN ('statements', 'plans', 'status')
GROUP BY table_name ORDER BY table_name;
SELECT name, state FROM advisor.status WHERE name IN ('preloaded', 'recording', 'observer_failures', 'lost');
DROP TABLE item, copied CASCADE;
