-- Installation: refused into a schema of somebody else, possible in two databases of a cluster.
SET client_min_messages = warning;
-- Where an error comes from is told in another way by each version.
\set SHOW_CONTEXT never
CREATE ROLE regress_squatter;
CREATE SCHEMA advisor AUTHORIZATION regress_squatter;
CREATE EXTENSION db_advisor;
SELECT count(*) FROM pg_extension WHERE extname = 'db_advisor';
DROP SCHEMA advisor;
DROP ROLE regress_squatter;
CREATE EXTENSION db_advisor;
ALTER EXTENSION db_advisor SET SCHEMA public;
DROP EXTENSION db_advisor;
-- The server leaves the schema behind; one of the installing role's own is taken.
SELECT count(*) FROM pg_class WHERE relnamespace = 'advisor'::regnamespace;
CREATE EXTENSION db_advisor;
SELECT count(*) > 5 AS rows_of_status FROM advisor.status;
-- In a second database the same statements are seen, by those who may.
SELECT advisor.reset() IS NOT NULL AS reset;
SELECT current_database() AS first_database \gset
CREATE DATABASE regress_second_database TEMPLATE template0;
SELECT 'first database' AS seen_from_both;
\c regress_second_database
SET client_min_messages = warning;
CREATE EXTENSION db_advisor;
-- What the script makes is the extension's, not the workload.
SELECT query FROM advisor.statements WHERE database = current_database() AND query ~ '^(CREATE|GRANT|REVOKE|COMMENT)' ORDER BY query COLLATE "C";
SELECT 'second database' AS also_seen;
SELECT database = current_database() AS here, query FROM advisor.statements
WHERE query ~ 'seen_from_both$|also_seen$' ORDER BY query COLLATE "C";
\c :first_database
DROP DATABASE regress_second_database;
SELECT database, query FROM advisor.statements WHERE query ~ 'also_seen$';
DROP EXTENSION db_advisor;
DROP SCHEMA advisor;
