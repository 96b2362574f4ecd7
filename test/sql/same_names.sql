-- Statements that differ in what their names mean are different ones: the same text in another schema, another table
-- under the same alias, with views, rules, policies, functions and prepared statements in between.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE ROLE regress_tenant;
CREATE TABLE shared (id int PRIMARY KEY, owner int);
CREATE SCHEMA one;
CREATE SCHEMA two;
CREATE FUNCTION fill(tenant text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('search_path', tenant || ', public', true);
    CREATE TABLE account (id int PRIMARY KEY, owner int);
    CREATE TABLE granted (owner int);
    CREATE VIEW owned AS SELECT a.id, a.owner FROM account AS a JOIN shared USING (owner);
    CREATE VIEW plain AS SELECT id, owner FROM account;
    CREATE RULE kept AS ON DELETE TO account DO INSTEAD UPDATE shared SET owner = 0 WHERE shared.id = OLD.id;
    CREATE FUNCTION listed() RETURNS SETOF shared LANGUAGE sql STABLE AS 'SELECT id, owner FROM shared';
    CREATE TABLE guarded (id int, owner int);
    ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON guarded USING (owner IN (SELECT owner FROM granted));
    EXECUTE format('GRANT ALL ON ALL TABLES IN SCHEMA %I TO regress_tenant', tenant);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO regress_tenant', tenant);
END $$;
SELECT fill('one'), fill('two') \g /dev/null
CREATE FUNCTION in_function(wanted int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE found int;
BEGIN
    SELECT max(x.owner) INTO found FROM account AS x WHERE x.id = wanted;
    RETURN found;
END $$;
CREATE FUNCTION told() RETURNS TABLE (query text, ids bigint, calls numeric) LANGUAGE sql SET db_advisor.track = none AS $$
    SELECT s.query, count(*), sum(s.calls) FROM advisor.statements AS s
    WHERE s.query ~ '\m(account|owned|plain|listed|guarded|shared)\M' AND s.query !~ 'CREATE|told|RESET|search_path'
    GROUP BY s.query ORDER BY s.query COLLATE "C"
$$;
SELECT advisor.reset() IS NOT NULL AS reset \g /dev/null

-- One session, two schemas, everything twice.
\o /dev/null
SET search_path = one, public;
SELECT x.owner FROM account AS x WHERE x.id = 1;
SELECT owner FROM owned WHERE id = 1;
SELECT count(*) FROM account GROUP BY (SELECT max(s.id) FROM plain AS s);
SELECT n FROM (VALUES (1), ((SELECT max(id) FROM plain))) AS v (n);
SELECT * FROM listed() AS l WHERE l.id = 1;
WITH unused AS (SELECT * FROM plain) SELECT id FROM shared WHERE id = 1;
SELECT max(id), min(id) FROM account;
UPDATE plain SET owner = 2 WHERE id = 1;
INSERT INTO account VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET owner = EXCLUDED.owner;
SELECT in_function(1);
DELETE FROM account WHERE id = 5;
PREPARE kept AS SELECT count(*) FROM owned WHERE id = $1;
EXECUTE kept (1);
SET search_path = two, public;
SELECT x.owner FROM account AS x WHERE x.id = 1;
SELECT owner FROM owned WHERE id = 1;
SELECT count(*) FROM account GROUP BY (SELECT max(s.id) FROM plain AS s);
SELECT n FROM (VALUES (1), ((SELECT max(id) FROM plain))) AS v (n);
SELECT * FROM listed() AS l WHERE l.id = 1;
WITH unused AS (SELECT * FROM plain) SELECT id FROM shared WHERE id = 1;
SELECT max(id), min(id) FROM account;
UPDATE plain SET owner = 2 WHERE id = 1;
INSERT INTO account VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET owner = EXCLUDED.owner;
SELECT in_function(1);
DELETE FROM account WHERE id = 5;
EXECUTE kept (2);
DEALLOCATE kept;
\o
SELECT * FROM told();
SELECT advisor.reset() IS NOT NULL AS reset \g /dev/null

-- Row security with a subquery, as somebody it counts for.
\o /dev/null
SET ROLE regress_tenant;
SET search_path = one, public;
SELECT count(*) FROM guarded WHERE id > 0;
SELECT count(*) FROM guarded WHERE id > 1;
SET search_path = two, public;
SELECT count(*) FROM guarded WHERE id > 0;
SELECT count(*) FROM guarded WHERE id > 1;
RESET ROLE;
\o
SELECT * FROM told();
SELECT advisor.reset() IS NOT NULL AS reset \g /dev/null

-- Tables under one alias, within statements that carry them, too.
\o /dev/null
RESET search_path;
SELECT x.owner FROM one.account AS x WHERE x.id = 1;
SELECT x.owner FROM shared AS x WHERE x.id = 1;
\o
SELECT * FROM told();
\o /dev/null
EXPLAIN SELECT x.owner FROM one.account AS x WHERE x.id = 1;
EXPLAIN SELECT x.owner FROM shared AS x WHERE x.id = 1;
BEGIN;
DECLARE a CURSOR FOR SELECT x.owner FROM one.account AS x WHERE x.id = 1;
DECLARE b CURSOR FOR SELECT x.owner FROM shared AS x WHERE x.id = 1;
COMMIT;
\o
SELECT * FROM told() WHERE query ~ '^(EXPLAIN|DECLARE)';
SELECT value AS observer_failures FROM advisor.status WHERE name = 'observer_failures';
DROP SCHEMA one, two CASCADE;
DROP TABLE shared;
DROP FUNCTION fill, in_function, told;
DROP ROLE regress_tenant;
