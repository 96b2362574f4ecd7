-- server: pg_stat_statements
-- What the advisor asks, plans and runs for itself is counted by nobody: of a question only the question is seen.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE EXTENSION pg_stat_statements;
CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL, day int NOT NULL REFERENCES orders);
CREATE INDEX orders_again ON orders (id);
INSERT INTO orders SELECT n, (n * 7919) % 5000, n FROM generate_series(1, 20000) AS n;
VACUUM ANALYZE orders;
SET pg_stat_statements.track = 'all';
SET pg_stat_statements.track_planning = on;
SELECT advisor.reset() IS NOT NULL AS reset;
SELECT count(*) FROM orders WHERE customer = 1;
SELECT count(*) FROM orders WHERE customer = 2;
SELECT count(*) FROM orders WHERE customer = 3;
SELECT count(*) FROM orders WHERE customer = 4;
SELECT count(*) FROM orders WHERE customer = 5;
SELECT pg_stat_statements_reset() IS NOT NULL AS reset;
SELECT count(*) > 0 AS advice FROM advisor.recommendations WHERE object ~ 'orders';
SELECT count(*) > 0 AS statements FROM advisor.recommendation_statements;
SELECT count(*) > 0 AS candidates FROM advisor.index_candidates;
SELECT count(*) > 0 AS coverage FROM advisor.coverage WHERE rule = 'duplicate-index' AND state = 'ran';
SELECT count(*) > 0 AS plans FROM advisor.plans;
SELECT length(advisor.report()) > 0 AS report;
SELECT count(*) AS answers FROM advisor.what_if('SELECT * FROM orders WHERE customer = 1', '{CREATE INDEX ON orders ((customer + 0))}');
SELECT count(*) > 0 AS indexes FROM advisor.recommend_indexes('{SELECT * FROM orders WHERE customer + 0 = 1}');
SELECT count(*) > 0 AS indexes FROM advisor.recommend_indexes();
SELECT query, calls, toplevel FROM pg_stat_statements WHERE query !~ 'pg_stat_statements' ORDER BY query COLLATE "C";
-- The same for our own recorder: no statement of ours inside of another.
SELECT count(*) AS inside FROM advisor.statements WHERE NOT toplevel;
SELECT count(*) AS "on our rules" FROM advisor.statements WHERE query ~ 'advisor\.rule|pg_constraint|hashtextextended';
SELECT calls FROM advisor.statements WHERE query ~ '^SELECT count\(\*\) FROM orders WHERE customer';
SELECT count(*) AS "planned for advice" FROM advisor.statements WHERE query ~ '^SELECT \* FROM orders';
-- Both do count what a function of the user's runs.
CREATE FUNCTION asks() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM orders WHERE day = 77); END $$;
SELECT asks();
SELECT count(*) AS inside FROM pg_stat_statements WHERE NOT toplevel AND query ~ 'day';
SELECT count(*) AS inside FROM advisor.statements WHERE NOT toplevel AND query ~ 'day';
