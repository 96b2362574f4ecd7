-- Which statements are one: what counts are words and relations, not constants, lengths of lists, OIDs.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE TABLE item (id int PRIMARY KEY, kind int, name text, sold bool);
INSERT INTO item SELECT g, g % 10, 'item ' || g, true FROM generate_series(1, 1000) AS g;
ANALYZE item;
-- What was recorded since the last look, each statement with its calls.
CREATE FUNCTION sights(OUT query text, OUT calls bigint, OUT plans bigint) RETURNS SETOF record LANGUAGE sql AS $$
    SELECT s.query, s.calls, s.plans FROM advisor.statements AS s
    WHERE s.query !~ 'advisor|sights|CREATE' AND s.toplevel AND s.plans > 0 AND s.database = pg_catalog.current_database()
    ORDER BY s.query COLLATE "C"
$$;
CREATE FUNCTION seen(pattern text, OUT queryid bigint, OUT planid bigint) LANGUAGE sql AS $$
    SELECT s.queryid, p.planid FROM advisor.statements AS s JOIN advisor.plans AS p USING (queryid)
    WHERE s.query ~ $1 AND s.query !~ 'advisor|seen|kept' AND s.database = pg_catalog.current_database()
$$;
CREATE TABLE kept (what text, queryid bigint, planid bigint);
SELECT advisor.reset() IS NOT NULL AS reset \g /dev/null

-- Lists of any length are one: constants, signs, casts, NULL, parameters, rows, or alike but for constants.
\o /dev/null
SET db_advisor.capture_parameters = redacted;
SELECT 1 FROM item WHERE id IN (1);
SELECT 1 FROM item WHERE id IN (1, -2, +3, NULL);
select 1 /* comment */ from ITEM where id in(7,8);
SELECT id, kind FROM item WHERE id IN ('1'::int, '2'::pg_catalog.int4, 3);
SELECT id, kind FROM item WHERE id IN ('4'::int);
SELECT 3 AS rows FROM item WHERE (id, name) IN ((1, 'a'));
SELECT 3 AS rows FROM item WHERE (id, name) IN ((1, 'a'), (2, NULL), (-3, 'c'::text));
SELECT 4 AS any FROM item WHERE id = ANY (ARRAY[1]) AND name <> ALL (ARRAY['a', 'b', NULL]);
SELECT 4 AS any FROM item WHERE id = ANY (ARRAY[1, 2, 3]) AND name <> ALL (ARRAY['c']);
SELECT ARRAY[[1, 2], [3, 4]] AS nested FROM item WHERE id = 1;
SELECT ARRAY[[1, 2, 3]] AS nested FROM item WHERE id = 1;
SELECT 5 AS alike FROM item WHERE id IN (kind + 1, kind + 2);
SELECT 5 AS alike FROM item WHERE id IN (kind + 1, kind + 2, kind + 3);
SELECT 5 AS other FROM item WHERE id IN (kind + 1, kind * 2);
SELECT 5 AS other FROM item WHERE id IN (kind + 1, kind * 2, 3);
SELECT 6 AS sub FROM item WHERE id IN (SELECT 1 UNION SELECT 2);
SELECT 7 AS called, substr(name, 1), left(name, 2) FROM item WHERE id = 1;
SELECT 7 AS called, substr(name, 1, 2), left(name, 2) FROM item WHERE id = 1;
PREPARE two(int, int, int) AS SELECT 8 AS prepared FROM item WHERE id IN ($1, $2) AND kind = $3;
PREPARE three(int, int, int, int) AS SELECT 8 AS prepared FROM item WHERE id IN ($1, $2, $3) AND kind = $4;
PREPARE same(int, int) AS SELECT 8 AS prepared FROM item WHERE id IN ($1, $1, $1) AND kind = $2;
PREPARE shared(int, int) AS SELECT 8 AS prepared FROM item WHERE id IN ($1, $2) AND kind = $1;
EXECUTE two(1, 2, 3);
EXECUTE three(1, 2, 3, 4);
EXECUTE same(1, 2);
EXECUTE shared(1, 2);
\o
SELECT * FROM sights();
SELECT advisor.reset() IS NOT NULL AS reset \g /dev/null

-- Rows of VALUES: their number does not count, their width does.
INSERT INTO item VALUES (2001, 1, 'a', true);
INSERT INTO item VALUES (2002, 1, 'b', false), (2003, -1, NULL, NULL), (2004, 2, 'c'::text, true) ON CONFLICT (id) DO NOTHING;
INSERT INTO item VALUES (2005, 1, 'b', false), (2006, 1, 'b', true) ON CONFLICT (id) DO NOTHING;
INSERT INTO item VALUES (2007, 1), (2008, 2);
INSERT INTO item VALUES (2009, 1);
INSERT INTO item VALUES (2010, 1, upper('x')), (2011, 1, upper('y'));
INSERT INTO item VALUES (2012, 1, upper('x'));
INSERT INTO item VALUES (2013, 1, upper('x')), (2014, 1, lower('y'));
SELECT * FROM sights();
SELECT advisor.reset() IS NOT NULL AS reset \g /dev/null

-- Signs and truth values are part of constants; operators, IS and the numbers of columns are not.
\o /dev/null
SELECT 1 FROM item WHERE kind > -1 AND sold = true;
SELECT 1 FROM item WHERE kind > 1.5 AND sold = FALSE;
SELECT 2 FROM item WHERE sold IS TRUE;
SELECT 2 FROM item WHERE sold IS NULL;
SELECT 2 FROM item WHERE sold IS NOT NULL;
SELECT kind - 1 FROM item;
SELECT kind -2 FROM item;
SELECT kind + 1 FROM item;
SELECT kind, id FROM item ORDER BY 1, 2 LIMIT 3;
SELECT kind, id FROM item ORDER BY 1, 2 LIMIT 30;
SELECT kind, id FROM item ORDER BY 2, 1 LIMIT 3;
SELECT kind, count(*) FROM item GROUP BY 1 UNION SELECT 5, 6;
SELECT kind, count(*) FROM item GROUP BY 1 UNION SELECT 7, 8;
SELECT $$dollar$$, 'quoted', E'\'', U&'x' FROM item;
SELECT $q$other$q$, '', E'', '' FROM item;
SELECT "id" FROM item;
SELECT "ID" FROM (SELECT id AS "ID" FROM item) AS i;
\o
SELECT * FROM sights();
RESET db_advisor.capture_parameters;
SELECT advisor.reset() IS NOT NULL AS reset \g /dev/null

-- What is shown instead of a list can be parsed; what is kept for planning has the whole list.
SET db_advisor.capture_parameters = off;
SELECT name FROM item WHERE id IN (11, 12, 13) AND kind IN (1, 2);
SELECT name FROM item WHERE id IN (11, 12, 13) AND kind IN (1, 2);
SELECT query AS shown FROM advisor.statements WHERE query ~ 'SELECT name' AND query !~ 'advisor' \gset
PREPARE again AS :shown;
SELECT statement FROM pg_prepared_statements WHERE name = 'again';
SELECT query FROM advisor.examples() WHERE query ~ 'SELECT name' AND query !~ 'advisor' AND NOT slowest;
RESET db_advisor.capture_parameters;

-- A table that was dropped and made again, with its index, is the same; so is one of another session or database.
CREATE TABLE made (id int PRIMARY KEY, name text);
INSERT INTO made SELECT g, 'made ' || g FROM generate_series(1, 1000) AS g;
CREATE INDEX made_name ON made (name);
ANALYZE made;
SELECT id FROM made WHERE name = 'made 7';
INSERT INTO kept SELECT 'first', queryid, planid FROM seen('FROM made');
SELECT advisor.reset() IS NOT NULL AS reset \g /dev/null
DROP TABLE made;
CREATE TABLE made (id int PRIMARY KEY, name text);
INSERT INTO made SELECT g, 'made ' || g FROM generate_series(1, 1000) AS g;
CREATE INDEX made_name ON made (name);
ANALYZE made;
SELECT id FROM made WHERE name = 'made 8';
INSERT INTO kept SELECT 'made again', queryid, planid FROM seen('FROM made');
SELECT advisor.reset() IS NOT NULL AS reset \g /dev/null
ALTER INDEX made_name RENAME TO made_by_name;
SELECT id FROM made WHERE name = 'made 8';
INSERT INTO kept SELECT 'index renamed', queryid, planid FROM seen('FROM made');
ALTER INDEX made_by_name RENAME TO made_name;
SELECT advisor.reset() IS NOT NULL AS reset \g /dev/null
CREATE DATABASE regress_restored;
\c regress_restored
SET client_min_messages = warning;
CREATE TABLE unrelated ();
CREATE TABLE made (id int PRIMARY KEY, name text);
INSERT INTO made SELECT g, 'made ' || g FROM generate_series(1, 1000) AS g;
CREATE INDEX made_name ON made (name);
ANALYZE made;
SELECT id FROM made WHERE name = 'made 9';
\c contrib_regression
SET client_min_messages = warning;
INSERT INTO kept SELECT 'other database', s.queryid, p.planid
FROM advisor.statements AS s JOIN advisor.plans AS p USING (queryid)
WHERE s.database = 'regress_restored' AND s.query ~ '^SELECT id FROM made';
DROP DATABASE regress_restored;
SELECT k.what, k.queryid = f.queryid AS same_statement, k.planid = f.planid AS same_plan
FROM kept AS k, kept AS f WHERE f.what = 'first' AND k.what <> 'first' ORDER BY k.what COLLATE "C";
SELECT advisor.reset() IS NOT NULL AS reset \g /dev/null

-- Temporary tables of two sessions; a view, whose tables do not count; functions.
CREATE VIEW dear AS SELECT * FROM item WHERE kind > 5;
CREATE FUNCTION count_in(list int[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    SELECT count(*) INTO n FROM item WHERE id = ANY (list) AND kind IN (1, 2, 3);
    RETURN n;
END $$;
CREATE TEMP TABLE scratch (id int PRIMARY KEY);
SELECT id FROM scratch WHERE id = 1;
SELECT count(*) FROM dear WHERE id = 1;
SELECT count_in('{1,2}');
\c -
SET client_min_messages = warning;
CREATE TEMP TABLE scratch (id int PRIMARY KEY);
SELECT id FROM scratch WHERE id = 2;
CREATE OR REPLACE VIEW dear AS SELECT * FROM item WHERE kind > 6;
SELECT count(*) FROM dear WHERE id = 2;
CREATE OR REPLACE FUNCTION count_in(list int[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    SELECT count(*) INTO n FROM item WHERE id = ANY (list) AND kind IN (1, 2, 3, 4);
    RETURN n;
END $$;
SELECT count_in('{1,2,3}');
SELECT * FROM sights();
SELECT calls FROM advisor.statements WHERE query ~ 'ANY \(list\)' AND query !~ 'advisor|CREATE';
SELECT advisor.reset() IS NOT NULL AS reset \g /dev/null

-- The same text under another search_path is another statement, unless schemas are tenants.
CREATE SCHEMA tenant_a;
CREATE SCHEMA "Tenant ""B";
CREATE TABLE tenant_a.account AS SELECT g AS id, g AS owner FROM generate_series(1, 1000) AS g;
CREATE TABLE "Tenant ""B".account AS SELECT g AS id, g AS owner FROM generate_series(1, 1000) AS g;
CREATE INDEX account_id ON tenant_a.account (id);
CREATE INDEX account_id ON "Tenant ""B".account (id);
SELECT advisor.reset() IS NOT NULL AS reset \g /dev/null
SET search_path = tenant_a, public;
SELECT owner FROM account WHERE id = 1;
SET search_path = "Tenant ""B", public;
SELECT owner FROM account WHERE id = 2;
RESET search_path;
SELECT * FROM sights();
SELECT count(DISTINCT p.planid) AS plans FROM advisor.plans AS p JOIN advisor.statements AS s USING (queryid) WHERE s.query ~ 'FROM account' AND s.query !~ 'advisor';
SELECT advisor.reset() IS NOT NULL AS reset \g /dev/null
SET db_advisor.merge_schemas = on;
SET search_path = tenant_a, public;
SELECT owner FROM account WHERE id = 3;
SET search_path = "Tenant ""B", public;
SELECT owner FROM account WHERE id = 4;
RESET search_path;
SELECT owner FROM tenant_a.account WHERE id = 5;
SELECT owner FROM Tenant_A . account WHERE tenant_a.account.id = 6;
SELECT owner FROM "Tenant ""B".account WHERE "Tenant ""B".account.id = 7;
SELECT owner FROM "Tenant ""B".account WHERE id = 8;
SELECT owner FROM pg_catalog.pg_class, LATERAL (SELECT relowner AS owner) AS o WHERE oid = 0;
SELECT * FROM sights();
-- What is prepared keeps the id that it has.
SET plan_cache_mode = force_generic_plan;
PREPARE merged AS SELECT 'merged' FROM tenant_a.account WHERE id = 1;
EXECUTE merged \g /dev/null
RESET db_advisor.merge_schemas;
EXECUTE merged \g /dev/null
SELECT 'in between' \g /dev/null
EXECUTE merged \g /dev/null
RESET plan_cache_mode;
SELECT query, calls FROM sights() WHERE query ~ 'merged';
SELECT owner FROM tenant_a.account WHERE id = 5;
SELECT query, calls FROM sights() WHERE query ~ 'tenant_a';
SELECT advisor.reset() IS NOT NULL AS reset \g /dev/null

-- Without ids of the server, the text alone counts.
SET compute_query_id = off;
SET search_path = tenant_a, public;
SELECT owner FROM account WHERE id IN (1, 2);
SET search_path = "Tenant ""B", public;
SELECT owner FROM account WHERE id IN (1, 2, 3);
RESET search_path;
RESET compute_query_id;
SELECT query, calls FROM sights();

-- A statement that is prepared while nobody records has an id all the same.
SET db_advisor.enabled = off;
PREPARE early AS SELECT 'early' FROM item WHERE id = 1;
RESET db_advisor.enabled;
EXECUTE early;
EXECUTE early;
SELECT query, calls FROM sights() WHERE query ~ 'early';
SELECT value AS observer_failures FROM advisor.status WHERE name = 'observer_failures';
DROP SCHEMA tenant_a, "Tenant ""B" CASCADE;
DROP TABLE item, kept, made CASCADE;
