-- What advisor.apply_script refuses, and what it makes of fixes that cannot be repeated. test/fault/apply_script.sh runs scripts.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE TABLE parts (id int PRIMARY KEY, code int);
INSERT INTO parts SELECT n, n FROM generate_series(1, 2000) AS n;
CREATE INDEX parts_id_again ON parts (id);
CREATE TABLE keyless (id int);
INSERT INTO keyless SELECT n FROM generate_series(1, 2000) AS n;
VACUUM ANALYZE parts, keyless;
SELECT advisor.apply_script(NULL);
SELECT advisor.apply_script('{}');
SELECT advisor.apply_script('{NULL}');
SELECT advisor.apply_script(ARRAY['no such', 'nor this']);
SELECT id FROM advisor.recommendations WHERE object = 'public.parts_id_again' \gset
SELECT id AS other_id FROM advisor.recommendations WHERE object = 'public.keyless' AND rule = 'no-primary-key' \gset
SELECT (SELECT count(*) FROM regexp_matches(script, 'DROP INDEX CONCURRENTLY public\.parts_id_again', 'g')) AS drops, script ~ :'id' AS named,
       script ~ E'\n-- ALTER TABLE public\\.keyless' AS by_hand, script ~ E'\nALTER TABLE' AS executed
FROM advisor.apply_script(ARRAY[:'id', :'id', :'other_id']) AS script;
SELECT advisor.dismiss(:'id', 'it stays');
\set VERBOSITY sqlstate
SELECT advisor.apply_script(ARRAY[:'id']);
