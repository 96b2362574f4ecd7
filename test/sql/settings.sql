-- The recorded workload is planned as its role plans it: what the reader has set changes nothing.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE ROLE regress_application;
CREATE SCHEMA shop AUTHORIZATION regress_application;
CREATE TABLE shop.orders (id int PRIMARY KEY, customer int NOT NULL, day int NOT NULL);
INSERT INTO shop.orders SELECT n, (n * 7919) % 5000, (n * 7901) % 3000 FROM generate_series(1, 30000) AS n;
ALTER TABLE shop.orders OWNER TO regress_application;
VACUUM ANALYZE shop.orders;
-- The name alone means another table to the reader.
CREATE TABLE public.orders (id int, customer int, day int);
SELECT advisor.reset() IS NOT NULL AS reset;
SET ROLE regress_application;
SET search_path = shop;
CREATE PROCEDURE run_often(statement text) LANGUAGE plpgsql AS $$ BEGIN FOR n IN 1 .. 6 LOOP EXECUTE statement; END LOOP; END $$;
CALL run_often('SELECT count(*) FROM orders WHERE customer = 1');
CALL run_often('SELECT count(*) FROM orders WHERE day = 3 AND customer > 4000');
CALL run_often('SELECT count(*) FROM orders WHERE to_date(''03/04/2021'', ''DD/MM/YYYY'') = ''2021-04-03''::date AND day = 3');
RESET ROLE;
-- The workload stays as it is from here on.
ALTER DATABASE contrib_regression SET db_advisor.track = 'none';
\c -
SET client_min_messages = warning;

CREATE FUNCTION advice() RETURNS text LANGUAGE sql AS
    $$ SELECT coalesce(string_agg(format('%s %s %s', definition, size_bytes, relative_cost), '; ' ORDER BY rank), 'none')
       FROM advisor.recommend_indexes() WHERE definition ~ 'orders' $$;
CREATE TABLE advised (asked text, advice text);
INSERT INTO advised SELECT 'plainly', advice();
SELECT advice ~ 'ON shop.orders USING btree|ON shop.orders \(' AS right_table FROM advised;
SET enable_seqscan = off;
INSERT INTO advised SELECT 'without sequential scans', advice();
SET enable_indexscan = off;
SET enable_indexonlyscan = off;
SET enable_bitmapscan = off;
INSERT INTO advised SELECT 'without scans', advice();
RESET ALL;
SET client_min_messages = warning;
SET random_page_cost = 100000;
SET cpu_tuple_cost = 100;
SET effective_cache_size = '8kB';
INSERT INTO advised SELECT 'expensive', advice();
RESET ALL;
SET client_min_messages = warning;
SET search_path = '';
INSERT INTO public.advised SELECT 'without a search path', public.advice();
RESET search_path;
SET DateStyle = 'SQL, DMY';
SET plan_cache_mode = force_generic_plan;
SET default_statistics_target = 1;
SET max_parallel_workers_per_gather = 0;
INSERT INTO advised SELECT 'in another style', advice();
RESET ALL;
SET client_min_messages = warning;
SELECT count(*) AS ways, count(DISTINCT advice) AS advices, bool_and(advice <> 'none') AS helped FROM advised;
SELECT asked, a.advice FROM advised AS a WHERE a.advice <> (SELECT advice FROM advised WHERE asked = 'plainly');
SELECT count(*) > 0 AS recommended FROM advisor.recommendations WHERE object = 'shop.orders';

-- The role's own settings do matter.
ALTER ROLE regress_application SET enable_indexscan = off;
ALTER ROLE regress_application SET enable_bitmapscan = off;
SELECT advice() AS "role without index scans";
ALTER ROLE regress_application IN DATABASE contrib_regression SET enable_indexscan = on;
SELECT advice() <> 'none' AS "with index scans in this database";
ALTER ROLE regress_application RESET ALL;
ALTER ROLE regress_application IN DATABASE contrib_regression RESET ALL;
SELECT advice() = (SELECT advice FROM advised WHERE asked = 'plainly') AS "as before";
-- Nothing of it is left in the reader's session.
SELECT current_user = session_user AS same_user, current_setting('enable_indexscan') AS enable_indexscan, current_setting('search_path') AS search_path,
       current_setting('transaction_read_only') AS read_only, current_setting('lock_timeout') AS lock_timeout;
ALTER DATABASE contrib_regression RESET db_advisor.track;
DROP TABLE shop.orders;
DROP OWNED BY regress_application;
DROP ROLE regress_application;
