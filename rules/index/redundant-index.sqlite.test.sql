-- Fires on an index that holds the first columns of another; near misses differ in one property.
CREATE TABLE t(a INT, b TEXT, c INT, d TEXT, e INT, UNIQUE(d, e));
CREATE INDEX t_a ON t(a);
CREATE INDEX t_ab ON t(a, b);
CREATE INDEX t_abc ON t(a, b, c);
CREATE INDEX t_d ON t(d);
CREATE INDEX t_part ON t(c) WHERE e = 1;
CREATE INDEX t_part_wide ON t(c, a) WHERE e = 1;
CREATE INDEX t_expr ON t(lower(b));
CREATE INDEX t_expr_wide ON t(lower(b), c);
-- near misses: not the first column, another direction, collation or condition, unique, said by duplicate-index
CREATE INDEX t_b ON t(b);
CREATE INDEX t_c_desc ON t(c DESC);
CREATE INDEX t_b_nocase ON t(b COLLATE NOCASE);
CREATE INDEX t_ba ON t(b COLLATE RTRIM, a);
CREATE INDEX t_c_whole ON t(c);
CREATE UNIQUE INDEX t_e ON t(e);
CREATE INDEX t_ea ON t(e, a);
CREATE TABLE twice(a INT, b INT);
CREATE INDEX twice_a ON twice(a);
CREATE INDEX twice_a_again ON twice(a);
CREATE INDEX twice_ab ON twice(a, b);
-- the name of one column begins like that of another
CREATE TABLE names(ab INT, abc INT);
CREATE INDEX names_ab ON names(ab);
CREATE INDEX names_abc ON names(abc, ab);

SELECT 'fires on beginnings', group_concat(object, ' ') = 'main.t_a main.t_ab main.t_d main.t_expr main.t_part'
FROM (SELECT object FROM advisor_recommendations WHERE rule = 'redundant-index' ORDER BY object);
SELECT 'of several wider ones that stays which is no beginning itself', json_extract(evidence, '$.kept') = 't_abc'
FROM advisor_recommendations WHERE object = 'main.t_a';
SELECT 'what has to stay anyway is taken first', title LIKE '%first columns of a unique constraint'
FROM advisor_recommendations WHERE object = 'main.t_d';
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 1500) INSERT INTO t SELECT i, i, i, i, i FROM s;
SELECT 'low on a table of some size', severity = 'low' AND confidence = 0.6 FROM advisor_recommendations WHERE object = 'main.t_a';
SELECT 'thresholds are heeded', advisor_set_rule('redundant-index', 1, NULL, '{"extra_columns": 1}') <> '';
SELECT 'a much wider one is no reason to drop', severity = 'info' AND confidence = 0.3
FROM advisor_recommendations WHERE object = 'main.t_a';

CREATE TABLE before AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'redundant-index';
.once fix.sql
SELECT fix FROM advisor_recommendations WHERE rule = 'redundant-index';
.read fix.sql
SELECT 'the fix makes the findings go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'redundant-index';
SELECT 'the wider ones stay', count(*) = 3 FROM sqlite_schema WHERE name IN ('t_abc', 't_part_wide', 't_expr_wide');
.once rollback.sql
SELECT rollback FROM before;
.read rollback.sql
SELECT 'the rollback brings them back with the same ids', count(*) = (SELECT count(*) FROM before) AND count(*) > 0
FROM advisor_recommendations WHERE id IN (SELECT id FROM before);
