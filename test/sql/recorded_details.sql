-- What is recorded beyond calls and time: quantiles, time slices that begin anew at a change of an index, tags,
-- integrity triggers, failures, samples, examples and rows written per table.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE TABLE customer (id int PRIMARY KEY, name text);
CREATE TABLE purchase (id int PRIMARY KEY, customer int REFERENCES customer, paid boolean);
INSERT INTO customer SELECT g, 'customer ' || g FROM generate_series(1, 100) AS g;
INSERT INTO purchase SELECT g, g % 100 + 1, false FROM generate_series(1, 2000) AS g;
ANALYZE customer, purchase;
SELECT advisor.reset() IS NOT NULL AS reset;
CREATE FUNCTION repeat_statement(statement text, times int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. times LOOP EXECUTE statement; END LOOP;
END $$;

-- Quantiles lie in order and within what was seen: nine short ones and a long one.
PREPARE nap(float8) AS SELECT pg_sleep($1);
DO $$ BEGIN FOR i IN 1 .. 9 LOOP EXECUTE 'EXECUTE nap(0)'; END LOOP; EXECUTE 'EXECUTE nap(0.1)'; END $$;
SELECT calls, p50_ms < 50 AS half_are_short, p95_ms >= 50 AS one_is_long, p50_ms <= p95_ms AND p95_ms <= p99_ms AS in_order,
       p50_ms >= min_ms AND p99_ms <= max_ms AS within
FROM advisor.statements WHERE query ~ 'pg_sleep\(\$1\)' AND query !~ 'advisor';

-- Before and after an index, by statement.
SELECT repeat_statement('SELECT count(*) FROM purchase WHERE customer = 7', 20);
CREATE INDEX purchase_customer ON purchase (customer);
SELECT repeat_statement('SELECT count(*) FROM purchase WHERE customer = 7', 30);
SELECT repeat_statement('SELECT count(*) FROM customer WHERE name = ''customer 7''', 5);
SELECT h.span, h.after_change, h.calls, h.rows FROM advisor.statement_history AS h JOIN advisor.statements AS s USING (queryid)
WHERE s.query ~ 'FROM purchase WHERE customer' AND s.query !~ 'repeat_statement' ORDER BY h.slice_start, h.planid;
SELECT DISTINCT h.after_change FROM advisor.statement_history AS h JOIN advisor.statements AS s USING (queryid)
WHERE s.query ~ 'FROM customer WHERE name' AND s.query !~ 'repeat_statement';

-- Tags, from the second execution on: the program's name, and comments of the sqlcommenter kind before or behind
-- the statement.
SET application_name = 'shop';
SELECT count(*) AS tagged FROM purchase WHERE paid;
SELECT count(*) AS tagged FROM purchase WHERE paid /*action='show',framework='rails',route='%2Forders%2F%3Aid',traceparent='00-aa-01'*/;
SELECT count(*) AS tagged FROM purchase WHERE paid /*action='list',framework='rails',route='%2Forders',traceparent='00-bb-01'*/;
/*controller='it\'s'*/ SELECT count(*) AS led FROM purchase WHERE NOT paid; -- not a tag
/*controller='it\'s'*/ SELECT count(*) AS led FROM purchase WHERE NOT paid; -- not a tag
BEGIN;
/*controller='cursor'*/ DECLARE one CURSOR FOR SELECT count(*) AS borne FROM purchase WHERE id > 0;
FETCH one;
CLOSE one;
/*controller='cursor'*/ DECLARE one CURSOR FOR SELECT count(*) AS borne FROM purchase WHERE id > 0;
FETCH one;
COMMIT;
SELECT count(*) AS plain FROM purchase /* an ordinary comment, a = 'b' */;
SELECT count(*) AS plain FROM purchase /* an ordinary comment, a = 'b' */;
-- Each statement of a string has its own.
/*step='1'*/ SELECT count(*) AS first FROM purchase WHERE id < 0\; /*step='2'*/ SELECT count(*) AS last FROM purchase WHERE id <> 0;
/*step='1'*/ SELECT count(*) AS first FROM purchase WHERE id < 0\; /*step='2'*/ SELECT count(*) AS last FROM purchase WHERE id <> 0;
SELECT btrim(regexp_replace(query, '/\*.*\*/', '')) AS query, tags FROM advisor.statements
WHERE query ~ '(tagged|led|borne|plain|first|last) FROM' AND query !~ 'advisor' ORDER BY btrim(regexp_replace(query, '/\*.*\*/', '')) COLLATE "C";
RESET application_name;

-- Statements of referential integrity triggers are told apart from those of the user.
INSERT INTO purchase VALUES (3001, 1, false), (3002, 2, false);
DELETE FROM customer WHERE id = 1 AND NOT EXISTS (SELECT FROM purchase WHERE customer = 1);
SELECT integrity, toplevel, calls > 0 AS called, query ~ '^SELECT 1 FROM ONLY' AS of_the_trigger FROM advisor.statements
WHERE query ~ '(INSERT INTO purchase VALUES|FOR KEY SHARE OF x)' AND query !~ 'advisor' ORDER BY 1;

-- A failure has a time of its own, which is in no mean.
SELECT 1 / (SELECT count(*) FROM purchase, pg_sleep(0.01) WHERE customer = -1);
SET statement_timeout = '20ms';
SELECT pg_sleep(10) AS too_long;
RESET statement_timeout;
SELECT calls, failed, cancelled, failed_ms > 0 AS took_time, mean_ms IS NULL AS no_mean FROM advisor.statements
WHERE query ~ '(too_long|1 / )' AND query !~ 'advisor' ORDER BY cancelled;

-- The first executions of a plan are sampled, then those that sample_rate wants.
SET db_advisor.sample_first = 3;
SET db_advisor.sample_rate = 0;
SELECT repeat_statement('SELECT sum(id) FROM purchase WHERE id < 100', 10);
SELECT n.samples, n.actual_rows FROM advisor.plan_nodes AS n JOIN advisor.statements AS s USING (queryid)
WHERE s.query ~ 'sum\(id\)' AND s.query !~ 'repeat_statement' AND n.relation IS NOT NULL;
SET db_advisor.sample_rate = 1;
SELECT repeat_statement('SELECT max(paid::int) FROM purchase WHERE id < 100', 10);
SELECT n.samples FROM advisor.plan_nodes AS n JOIN advisor.statements AS s USING (queryid)
WHERE s.query ~ 'max\(paid' AND s.query !~ 'repeat_statement' AND n.parent IS NULL;
RESET db_advisor.sample_first;
RESET db_advisor.sample_rate;

-- Rows per table since the first recorded write on it.
SELECT repeat_statement('UPDATE purchase SET paid = NOT paid WHERE id <= 10', 4);
SELECT pg_stat_force_next_flush();
SELECT relation, updated_rows >= 30 AND updated_rows <= 40 AS updated, hot_updated_rows <= updated_rows AS hot, since <= now() AS since
FROM advisor.relation_writes WHERE relation = 'purchase'::regclass;

-- Plans at one address with equal cost: executions of sister partitions go to their own plan.
CREATE TABLE event (kind int, at int) PARTITION BY LIST (kind);
CREATE TABLE event_1 PARTITION OF event FOR VALUES IN (1);
CREATE TABLE event_2 PARTITION OF event FOR VALUES IN (2);
INSERT INTO event SELECT g % 2 + 1, g FROM generate_series(1, 1000) AS g;
ANALYZE event;
SET plan_cache_mode = force_custom_plan;
PREPARE by_kind(int) AS SELECT count(*) FROM event WHERE kind = $1;
DO $$ BEGIN FOR i IN 1 .. 100000 LOOP EXECUTE 'EXECUTE by_kind(' || (i % 4 = 0)::int + 1 || ')'; END LOOP; END $$;
SELECT p.calls, substring(p.plan FROM 'event_[12]') AS partition FROM advisor.plans AS p JOIN advisor.statements AS s USING (queryid)
WHERE s.query ~ 'FROM event WHERE kind = \$1' AND s.query !~ 'advisor' ORDER BY 2;
DROP TABLE event, purchase, customer;
DROP FUNCTION repeat_statement;
