-- What advisor.status and the finding advisor-not-ready say in every state of a preloaded server; the states without
-- preload are in advice_without_preload and advice_from_server_statements.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE FUNCTION states() RETURNS TABLE (name text, value text, state text, note text, fix text) LANGUAGE sql AS $$
    SELECT name, CASE name WHEN 'version' THEN '…' ELSE value END, state,
           regexp_replace(note, '(version ).*', '\1…'), regexp_replace(fix, '(version )[0-9.]+', '\1…')
    FROM advisor.status WHERE name IN ('version', 'preloaded', 'recording', 'workload') AND state <> 'ok' $$;
CREATE FUNCTION not_ready() RETURNS TABLE (title text, fix text) LANGUAGE sql AS $$
    SELECT regexp_replace(title, '(version ).*', '\1…'), regexp_replace(fix, '(version )[0-9.]+', '\1…')
    FROM advisor.recommendations WHERE rule = 'advisor-not-ready' $$;

-- Not recording, nothing recorded, something.
SET db_advisor.enabled = off;
SELECT * FROM states();
SELECT * FROM not_ready();
RESET db_advisor.enabled;
SET db_advisor.track = none;
SELECT * FROM states();
SELECT * FROM not_ready();
RESET db_advisor.track;
CREATE TABLE something (id int);
SET db_advisor.track_utility = off;
SET db_advisor.track = none;
SELECT advisor.reset() IS NOT NULL AS reset;
RESET db_advisor.track;
SELECT * FROM not_ready();
SELECT count(*) FROM something;
SELECT * FROM states();
SELECT * FROM not_ready();

-- A library that is older than the SQL objects, and a newer one.
UPDATE pg_extension SET extversion = '99.1' WHERE extname = 'db_advisor';
SELECT * FROM states();
SELECT * FROM not_ready();
SELECT state FROM advisor.coverage WHERE rule = 'duplicate-index';
UPDATE pg_extension SET extversion = '0.1' WHERE extname = 'db_advisor';
SELECT * FROM states();
SELECT * FROM not_ready();
SELECT state, reason ~ 'older version 0.1' AS says_why FROM advisor.coverage WHERE rule = 'duplicate-index';
SELECT state FROM advisor.coverage WHERE rule = 'missing-index-filter';
SELECT extversion <> '0.1' AS restored FROM (SELECT default_version AS extversion FROM pg_available_extensions WHERE name = 'db_advisor') AS v;
UPDATE pg_extension SET extversion = (SELECT default_version FROM pg_available_extensions WHERE name = 'db_advisor')
WHERE extname = 'db_advisor';
SELECT * FROM not_ready();

-- Databases in which nobody asks.
CREATE DATABASE "regress Silent" TEMPLATE template0;
SELECT note ~ 'in ("?\w+"?, )*"regress Silent"' AS named, fix FROM advisor.status WHERE name = 'other_databases';
\set this :DBNAME
\c "regress Silent"
SET client_min_messages = warning;
CREATE EXTENSION db_advisor;
SELECT count(*) AS failed FROM advisor.coverage WHERE state = 'failed';
\c :this
SELECT coalesce(note ~ 'regress Silent', false) AS named FROM advisor.status WHERE name = 'other_databases';
DROP DATABASE "regress Silent";
DROP FUNCTION states;
DROP FUNCTION not_ready;
DROP TABLE something;
