-- server: none
-- The module is not preloaded: views work, the status says what is missing, a session can be recorded by itself.
CREATE EXTENSION db_advisor;
SELECT count(*) FROM advisor.statements;
SELECT count(*) FROM advisor.plans;
SELECT name, value, state, fix FROM advisor.status WHERE name IN ('preloaded', 'recording');
SELECT advisor.reset() IS NOT NULL AS reset;
SELECT advisor.record_session();
SELECT relname FROM pg_class WHERE oid = 1259;
SELECT relname FROM pg_class WHERE oid = 1247;
SELECT query, calls, plans FROM advisor.statements WHERE query ~ 'oid';
SELECT query FROM advisor.examples() WHERE query ~ 'oid =' AND NOT slowest;
SELECT name, value, state FROM advisor.status WHERE name IN ('preloaded', 'recording');
SELECT advisor.reset() IS NOT NULL AS reset;
SELECT count(*) FROM advisor.statements WHERE query ~ 'oid =' AND query !~ 'advisor';
-- Another session is not recorded.
\c -
SELECT count(*) FROM advisor.statements;
-- What size the memory has is decided at server start.
SET db_advisor.max_memory = '8MB';
SET db_advisor.unknown = 1;
