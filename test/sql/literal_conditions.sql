-- A literal that never varies is part of the question: an index for its rows alone. One that varies, one of many values
-- and one that was hardly seen are not, and a partial index serves generic plans as well.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE TABLE tasks (id int PRIMARY KEY, state text, owner int, due date, note text);
INSERT INTO tasks SELECT i, CASE WHEN i % 40 = 0 THEN 'open' WHEN i % 40 = 1 THEN 'late' ELSE 'done' END, i % 97, date '2026-01-01' + i % 400,
    repeat('x', 80) FROM generate_series(1, 60000) AS i;
ANALYZE tasks;
CREATE FUNCTION advised() RETURNS SETOF text LANGUAGE sql AS
    $$ SELECT definition FROM advisor.recommend_indexes(time_budget => '1 min') WHERE definition ~ 'tasks' ORDER BY 1 $$;
SELECT advisor.reset() IS NOT NULL AS reset;
\o /dev/null
SELECT format('SELECT id, note FROM tasks WHERE state = ''open'' AND owner = %s', n) FROM generate_series(1, 12) AS n \gexec
\o
SELECT kind, type, stable FROM advisor.statement_parameters WHERE queryid IN (SELECT queryid FROM advisor.statements WHERE query ~ 'FROM tasks WHERE state') ORDER BY position;
SELECT advised();

-- The same with executions that ask for another state.
SELECT advisor.reset() IS NOT NULL AS reset;
\o /dev/null
SELECT format('SELECT id, note FROM tasks WHERE state = %L AND owner = %s', s, n) FROM generate_series(1, 6) AS n, unnest('{open,late}'::text[]) AS s
ORDER BY n, s \gexec
\o
SELECT advised();

-- Always the same owner: one of 97, who happened to ask.
SELECT advisor.reset() IS NOT NULL AS reset;
\o /dev/null
SELECT 'SELECT id, note FROM tasks WHERE owner = 7' FROM generate_series(1, 12) \gexec
\o
SELECT advised();

-- Given texts: a literal beside a parameter is meant, three texts alike do as well, one text tells nothing.
SELECT definition FROM advisor.recommend_indexes('{SELECT id FROM tasks WHERE state = ''open'' AND owner = $1}');
SELECT definition FROM advisor.recommend_indexes(
    (SELECT array_agg(format('SELECT id FROM tasks WHERE state = ''open'' AND owner = %s', n)) FROM generate_series(1, 3) AS n));
SELECT definition FROM advisor.recommend_indexes(ARRAY['SELECT id FROM tasks WHERE state = ''open'' AND owner = 5']);
SELECT definition FROM advisor.recommend_indexes(
    (SELECT array_agg(format('SELECT id FROM tasks WHERE state = %L AND owner = 5', s)) FROM unnest('{open,late,done}'::text[]) AS s));

-- Built, a generic plan uses it, and nothing is left to advise.
CREATE INDEX tasks_open ON tasks (owner) WHERE state = 'open';
SET plan_cache_mode = force_generic_plan;
PREPARE open_tasks(int) AS SELECT id FROM tasks WHERE state = 'open' AND owner = $1;
EXPLAIN (COSTS off) EXECUTE open_tasks(7);
RESET plan_cache_mode;
SELECT count(*) AS left_to_do FROM advisor.recommend_indexes('{SELECT id FROM tasks WHERE state = ''open'' AND owner = $1}');

-- What is no condition on a stored value is no key: the sum that a query sorts by.
SELECT definition FROM advisor.recommend_indexes(ARRAY['SELECT owner, sum(id) FROM tasks WHERE due = $1 GROUP BY owner ORDER BY sum(id) DESC LIMIT 5']);
DROP FUNCTION advised();
DROP TABLE tasks;
