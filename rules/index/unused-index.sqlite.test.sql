-- Waits for the observation window; then fires on an index that no recorded statement uses, and stays silent where use
-- is seen or can't be excluded.
CREATE TABLE p(id INTEGER PRIMARY KEY);
CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, b INT, c INT REFERENCES p(id), d INT, e INT, f INT, g INT, h INT);
CREATE INDEX t_never ON t(h);
CREATE INDEX "t never (again)" ON t(h + 1);
-- near misses: filter, order, view, partial with the value that was bound, covering, foreign key, unique, an update's search
CREATE INDEX t_a ON t(a);
CREATE INDEX t_b ON t(b);
CREATE INDEX "t_d (view)" ON t(d);
CREATE INDEX t_part ON t(e) WHERE f = 7;
CREATE INDEX t_cover ON t(f, g);
CREATE INDEX t_c ON t(c);
CREATE UNIQUE INDEX t_unique ON t(id, h);
CREATE INDEX t_update ON t(g);
CREATE VIEW v AS SELECT * FROM t WHERE d = 5;
-- near misses of other kinds: few executions, few rows, a trigger on the table
CREATE TABLE seldom(id INTEGER PRIMARY KEY, a INT);
CREATE INDEX seldom_a ON seldom(a);
CREATE TABLE small(id INTEGER PRIMARY KEY, a INT);
CREATE INDEX small_a ON small(a);
CREATE TABLE triggered(id INTEGER PRIMARY KEY, a INT);
CREATE INDEX triggered_a ON triggered(a);
CREATE TRIGGER p_deleted AFTER DELETE ON p BEGIN DELETE FROM triggered WHERE a = old.id; END;
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 3000)
INSERT INTO t SELECT i, i, i, NULL, i, i, i % 10, i, i FROM s;
INSERT INTO seldom SELECT id, a FROM t;
INSERT INTO triggered SELECT id, a FROM t;
INSERT INTO small SELECT id, a FROM t WHERE id < 100;
SELECT 'a fresh recorder', advisor_reset() <> '';
SELECT 'filter', advisor_add('SELECT * FROM t WHERE a = 5', 10) <> 0;
SELECT 'order', advisor_add('SELECT id FROM T ORDER BY b LIMIT 3', 10) <> 0;
SELECT 'view', advisor_add('SELECT count(*) FROM v', 10) <> 0;
SELECT 'partial', advisor_add('SELECT * FROM t WHERE e = 5 AND f = 7', 10) <> 0;
SELECT 'covering', advisor_add('SELECT max(g) FROM t WHERE f = 3', 10) <> 0;
SELECT 'update', advisor_add('UPDATE t SET h = 1 WHERE g = 7', 10) <> 0;
SELECT 'key', advisor_add('SELECT h FROM t WHERE id = 9', 100) <> 0;
SELECT 'small', advisor_add('SELECT * FROM small WHERE id = 9', 1000) <> 0;
SELECT 'triggered', advisor_add('SELECT * FROM triggered WHERE id = 9', 1000) <> 0;
SELECT 'seldom', advisor_add('SELECT * FROM seldom WHERE id = 9', 99) <> 0;

SELECT 'waits for the window', state = 'waiting' AND reason LIKE '%observation window%' FROM advisor_coverage
WHERE rule = 'unused-index';
SELECT 'nothing is said while it waits', count(*) = 0 FROM advisor_recommendations WHERE rule = 'unused-index';
SELECT 'no longer', advisor_config('observation_window', '0s') = '0s';
SELECT 'fires on what no plan uses', group_concat(object) = 'main."t never (again)",main.t_never'
FROM (SELECT object FROM advisor_recommendations WHERE rule = 'unused-index' ORDER BY object);
SELECT 'the evidence has figures and the window', json_extract(evidence, '$.table_calls') = 160 AND
       json_extract(evidence, '$.rows') = 3000 AND json_extract(evidence, '$.window_from') LIKE '20%Z'
FROM advisor_recommendations WHERE object = 'main.t_never';
SELECT 'coverage tells what was left out', examined = 13 AND skipped = 1 AND reason LIKE 'too few%'
FROM advisor_coverage WHERE rule = 'unused-index';
CREATE TEMP TABLE before AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'unused-index';
.once fix.sql
SELECT fix FROM advisor_recommendations WHERE rule = 'unused-index';
.read fix.sql
SELECT 'the fix makes the findings go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'unused-index';
.once rollback.sql
SELECT rollback FROM before;
.read rollback.sql
SELECT 'the rollback brings them back with the same ids', count(*) = 2
FROM advisor_recommendations WHERE id IN (SELECT id FROM before);
SELECT 'one execution more', advisor_add('SELECT * FROM t WHERE h = 5', 1) <> 0;
SELECT 'one execution is use', count(*) = 0 FROM advisor_recommendations WHERE object = 'main.t_never';
SELECT 'reset', advisor_reset() <> '';
SELECT 'nothing recorded is no sign of anything', state = 'waiting' FROM advisor_coverage WHERE rule = 'unused-index';
